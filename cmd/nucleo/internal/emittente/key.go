package emittente

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/go-jose/go-jose/v4"
)

const block = "PRIVATE KEY"

// loadKey reads the private key of a file that only its owner may read, or
// makes both. Two that make it at once end up with the same key.
func loadKey(file string) (*ecdsa.PrivateKey, error) {
	key, err := readKey(file)
	if !errors.Is(err, fs.ErrNotExist) {
		return key, err
	}
	if err := makeKey(file); err != nil {
		return nil, err
	}
	return readKey(file)
}

func readKey(file string) (*ecdsa.PrivateKey, error) {
	info, err := os.Stat(file)
	if err != nil {
		return nil, err
	}
	if info.Mode().Perm()&0o077 != 0 {
		return nil, fmt.Errorf("others may read it (mode %v): chmod 600, or remove it to have a new one", info.Mode().Perm())
	}
	content, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	text, _ := pem.Decode(content)
	if text == nil || text.Type != block {
		return nil, errors.New("it holds no private key in PEM: remove it to have a new one")
	}
	parsed, err := x509.ParsePKCS8PrivateKey(text.Bytes)
	if err != nil {
		return nil, err
	}
	key, ok := parsed.(*ecdsa.PrivateKey)
	if !ok || key.Curve != elliptic.P256() {
		return nil, errors.New("it holds no key for ES256: remove it to have a new one")
	}
	return key, nil
}

// makeKey writes a new key beside its place, whole and synced, and links it
// there unless somebody else was first.
func makeKey(file string) error {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return err
	}
	temp, err := os.CreateTemp(filepath.Dir(file), ".key-*") // mode 0600
	if err != nil {
		return err
	}
	defer os.Remove(temp.Name())
	_, errWrite := temp.Write(pem.EncodeToMemory(&pem.Block{Type: block, Bytes: der}))
	if err := errors.Join(errWrite, temp.Sync(), temp.Close()); err != nil {
		return err
	}
	if err := os.Link(temp.Name(), file); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return nil
}

// describe is the public part of a key, named by its thumbprint (RFC 7638).
func describe(key *ecdsa.PrivateKey) (jose.JSONWebKey, error) {
	public := jose.JSONWebKey{Key: key.Public(), Algorithm: string(jose.ES256), Use: "sig"}
	print, err := public.Thumbprint(crypto.SHA256)
	public.KeyID = base64.RawURLEncoding.EncodeToString(print)
	return public, err
}
