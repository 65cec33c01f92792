package analisi

import "testing"

func TestGiniIsNothingWhenLoadsAreEqualAndNearOneWhenOneHasAll(t *testing.T) {
	for name, tt := range map[string]struct {
		carichi []int
		want    float64
	}{
		"equal":            {[]int{7, 7, 7, 7}, 0},
		"one has all":      {[]int{0, 0, 0, 100}, 0.75},
		"in whole numbers": {[]int{1, 2, 3, 4, 5}, 0.2666},
		"in any order":     {[]int{5, 1, 4, 2, 3}, 0.2666},
		"one has the most": {[]int{1, 1, 1, 1, 96}, 0.76},
	} {
		if got := *gini(tt.carichi); got != tt.want {
			t.Errorf("%s: %v, want %v", name, got, tt.want)
		}
	}
	if gini(nil) != nil || medi(0, 0) != nil || mediano(nil) != nil {
		t.Error("of nobody there is no figure")
	}
	if *mediano([]int{9, 1, 4, 2}) != 3 || *medi(29, 3) != 9.6 {
		t.Error("the middle, or the mean")
	}
}
