package auth

// level is the place of an acr in the order of levels: 1 is a password, 2 a
// second factor, 3 a key in hardware. CIE speaks in the levels of SPID.
func (v *Verifier) level(acr string) (int, bool) {
	switch acr {
	case "":
		return 0, false
	case "https://www.spid.gov.it/SpidL1", "http://eidas.europa.eu/LoA/low":
		return 1, true
	case SpidL2, "http://eidas.europa.eu/LoA/substantial":
		return 2, true
	case "https://www.spid.gov.it/SpidL3", "http://eidas.europa.eu/LoA/high":
		return 3, true
	}
	level, known := v.config.Livelli[acr]
	return level, known
}
