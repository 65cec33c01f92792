package postgres

import (
	"bytes"
	"fmt"
	"math"
	"os"
	"strconv"
)

// sharedBuffers is a quarter of the memory, as PostgreSQL's manual advises, but
// not more than a gigabyte, for others live on the machine too; what
// PostgreSQL takes by itself where the memory is not known.
func sharedBuffers(memory uint64) string {
	const least, most = 128, 1024
	return fmt.Sprintf("%dMB", min(max(memory>>22, least), most))
}

// memory is how many bytes this machine, or the container, has; 0 if unknown.
func memory() uint64 {
	total := uint64(math.MaxUint64)
	if limit, err := os.ReadFile("/sys/fs/cgroup/memory.max"); err == nil {
		if n, err := strconv.ParseUint(string(bytes.TrimSpace(limit)), 10, 64); err == nil { // it may be "max"
			total = n
		}
	}
	info, _ := os.ReadFile("/proc/meminfo")
	for line := range bytes.Lines(info) {
		var kib uint64
		if n, _ := fmt.Sscanf(string(line), "MemTotal: %d kB", &kib); n == 1 {
			return min(total, kib<<10)
		}
	}
	return 0
}
