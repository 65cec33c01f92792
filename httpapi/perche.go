package httpapi

import (
	"net/http"
	"slices"

	"nucleo/domain"
)

// SulCaso are the rights of a role on a case that it can see, as
// docs/authz.csv names them; vede reports whether it may look at one at all.
func SulCaso(r domain.Ruolo) (diritti []string, vede bool) {
	for _, rotta := range routes {
		if !rotta.suUnCaso() || !puo(r, rotta.right) {
			continue
		}
		vede = vede || rotta.method == http.MethodGet
		diritti = append(diritti, string(rotta.right))
	}
	slices.Sort(diritti)
	return slices.Compact(diritti), vede
}
