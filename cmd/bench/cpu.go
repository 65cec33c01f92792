package main

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// cpu is the time that processes have spent on the cores. It tells work from
// waiting, also where others keep the machine busy.
type cpu struct{ process, postgres time.Duration }

func (b *bench) cpu() (c cpu) {
	var self syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &self); err == nil {
		c.process = time.Duration(self.Utime.Nano() + self.Stime.Nano())
	}
	postmaster := b.cluster.Pid()
	files, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			continue // it has ended
		}
		_, after, _ := strings.Cut(string(data), ") ")
		f := strings.Fields(after) // from the third on: state, parent, …
		if len(f) < 15 {
			continue
		}
		if file == "/proc/"+strconv.Itoa(postmaster)+"/stat" {
			c.postgres += ticks(f[11], f[12], f[13], f[14]) // its own, and of its children that have ended
		} else if f[1] == strconv.Itoa(postmaster) {
			c.postgres += ticks(f[11], f[12])
		}
	}
	return c
}

// ticks adds up times in hundredths of a second.
func ticks(all ...string) (sum time.Duration) {
	for _, s := range all {
		n, _ := strconv.ParseInt(s, 10, 64)
		sum += time.Duration(n) * 10 * time.Millisecond
	}
	return sum
}
