package copia

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"filippo.io/age"
)

// NuovaChiave writes the key of a new recipient to a file that must not be
// there, and returns what backups are encrypted to. The file is to be kept away
// from the machine: it opens every backup made for it.
func NuovaChiave(path string, quando time.Time) (string, error) {
	chiave, err := age.GenerateX25519Identity()
	if err != nil {
		return "", err
	}
	a := chiave.Recipient().String()
	testo := fmt.Sprintf("# made: %s\n# recipient: %s\n%s\n", quando.Format(time.RFC3339), a, chiave)
	return a, durevole(path, []byte(testo))
}

// Destinatari reads recipients (age1…).
func Destinatari(scritti []string) (a []age.Recipient, err error) {
	for _, s := range scritti {
		r, err := age.ParseRecipients(strings.NewReader(s))
		if err != nil {
			return nil, fmt.Errorf("%q is no recipient of backups: make one with nucleo backup chiave FILE", s)
		}
		a = append(a, r...)
	}
	return a, nil
}

// Identita reads the keys in a file.
func Identita(path string) (chiavi []age.Identity, err error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	chiavi, err = age.ParseIdentities(f)
	if err != nil {
		return nil, fmt.Errorf("%s holds no key that opens backups", path) // what it holds is not to be printed
	}
	return chiavi, nil
}
