package lavori_test

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"testing"
	"time"

	"nucleo/cmd/nucleo/internal/lavori"
)

func TestJobsAreCarriedOnUntilTheyEnd(t *testing.T) {
	restano := []int{7, 8}
	fatti := make(chan int, 20)
	provati := map[int]int{}
	l := &lavori.Lavori[int]{Nome: "test", Riposo: time.Millisecond, Log: slog.New(slog.DiscardHandler)}
	l.Porta = func(_ context.Context, k int) error {
		if provati[k]++; k == 8 && provati[k] < 3 {
			return errors.New("not now")
		}
		restano = slices.DeleteFunc(restano, func(r int) bool { return r == k })
		fatti <- k
		return nil
	}
	l.Restano = func(context.Context) ([]int, error) { return slices.Clone(restano), errors.New("and perhaps others") }
	l.Accoda(1)
	l.Accoda(1)
	ctx, basta := context.WithTimeout(t.Context(), 20*time.Second)
	fine := make(chan error)
	go func() { fine <- l.Run(ctx) }()
	l.Accoda(2)
	var visti []int
	for len(visti) < 4 {
		select {
		case k := <-fatti:
			visti = append(visti, k)
		case <-ctx.Done():
			t.Fatalf("only %v were done", visti)
		}
	}
	basta()
	if err := <-fine; err != nil {
		t.Error(err)
	}
	if slices.Sort(visti); !slices.Equal(visti, []int{1, 2, 7, 8}) || provati[8] != 3 || provati[1] != 1 {
		t.Errorf("%v after %v", visti, provati)
	}
}
