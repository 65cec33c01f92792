package auth

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rsa"

	"github.com/go-jose/go-jose/v4"
)

const shortestRSA = 2048 // bits

// usable leaves out of an issuer's keys those that may verify no token: secret
// and private ones, short ones, those made for encryption, and those that share
// their name with another.
func usable(all []jose.JSONWebKey) []jose.JSONWebKey {
	names := map[string]int{}
	for _, key := range all {
		names[key.KeyID]++
	}
	var good []jose.JSONWebKey
	for _, key := range all {
		if (key.Use == "" || key.Use == "sig") && names[key.KeyID] == 1 && strong(key) {
			good = append(good, key)
		}
	}
	return good
}

func strong(key jose.JSONWebKey) bool {
	switch public := key.Key.(type) {
	case *rsa.PublicKey:
		return public.N.BitLen() >= shortestRSA
	case *ecdsa.PublicKey:
		return public.Curve == elliptic.P256()
	}
	return false
}

// choose finds the key with this name that fits the algorithm. A token that
// names no key has one only when the issuer has no more than that one.
func (s *keySet) choose(name, algorithm string) (jose.JSONWebKey, bool) {
	var fitting []jose.JSONWebKey
	for _, key := range s.keys {
		if fits(key, algorithm) && (name == "" || key.KeyID == name) {
			fitting = append(fitting, key)
		}
	}
	if len(fitting) != 1 {
		return jose.JSONWebKey{}, false
	}
	return fitting[0], true
}

func fits(key jose.JSONWebKey, algorithm string) bool {
	if key.Algorithm != "" && key.Algorithm != algorithm {
		return false
	}
	_, isRSA := key.Key.(*rsa.PublicKey)
	return isRSA == (algorithm != string(jose.ES256))
}
