package postgres

import (
	"runtime"
	"testing"
)

func TestSharedBuffersAreAQuarterOfTheMemoryWithinBounds(t *testing.T) {
	for gib, want := range map[uint64]string{0: "128MB", 1: "256MB", 2: "512MB", 4: "1024MB", 64: "1024MB"} {
		if got := sharedBuffers(gib << 30); got != want {
			t.Errorf("of %d GiB: %s, want %s", gib, got, want)
		}
	}
	if got := sharedBuffers(300 << 20); got != "128MB" {
		t.Errorf("of 300 MiB: %s", got)
	}
}

func TestTheMemoryIsKnownOnLinux(t *testing.T) {
	if n := memory(); runtime.GOOS == "linux" && n < 64<<20 {
		t.Errorf("this machine has %d bytes", n)
	}
}
