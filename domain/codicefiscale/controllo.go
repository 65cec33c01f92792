package codicefiscale

// dispari are the values of A…Z, and of 0…9 as A…J, in the odd places.
var dispari = [26]int{
	1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23,
}

// controllo is the check character of the first 15 characters, which must be
// capitals and digits.
func controllo(b []byte) byte {
	somma := 0
	for i, x := range b[:15] {
		v := int(x - 'A')
		if x <= '9' {
			v = int(x - '0')
		}
		if v = v % 26; i%2 == 0 {
			v = dispari[v]
		}
		somma += v
	}
	return byte('A' + somma%26)
}

// controlloProvvisorio is the check digit of the first 10 digits. Article 10
// of the decree gives provisional codes the form of the numeric ones, whose
// check digit is that of the partita IVA.
func controlloProvvisorio(b []byte) byte {
	somma := 0
	for i, x := range b[:10] {
		v := int(x - '0')
		if i%2 == 1 {
			if v *= 2; v > 9 {
				v -= 9
			}
		}
		somma += v
	}
	return byte('0' + (10-somma%10)%10)
}
