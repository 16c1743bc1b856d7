package backend

import (
	"strconv"
	"strings"
	"time"
)

// MaxSpan is the longest time that [ParseSpan] reads: ten years.
const MaxSpan = 10 * 365 * 24 * time.Hour

// ParseSpan reads a length of time as people write it: numbers with units, as Go
// has them, and days in front: 250ms, 1h30m, 4d, 1d12h. Without a unit only 0 is
// one, since people mean different ones. It is from 0 to [MaxSpan].
func ParseSpan(s string) (time.Duration, bool) {
	const day, most = 24 * time.Hour, uint64(MaxSpan / (24 * time.Hour))
	var days uint64
	number, rest, ok := strings.Cut(s, "d")
	if ok {
		var err error
		if days, err = strconv.ParseUint(number, 10, 16); err != nil || days > most {
			return 0, false
		}
		if s = rest; s == "" {
			return time.Duration(days) * day, true
		}
	}
	d, err := time.ParseDuration(s)
	if err != nil || d < 0 || d > MaxSpan || strings.ContainsAny(s[:1], "+-") {
		return 0, false
	}
	d += time.Duration(days) * day
	return d, d <= MaxSpan
}
