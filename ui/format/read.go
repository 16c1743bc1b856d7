package format

import (
	"math"
	"strconv"
	"strings"
)

// WholeSeconds reads a length of time as people write it and as [Setting] does,
// 90, 5m, 1h 30m, 4 days, as seconds in digits. What it cannot read, and what does
// not come out whole, comes back as it is, for whoever checks it to refuse.
func WholeSeconds(s string) string {
	return measure(s, map[string]float64{
		"": 1, "s": 1, "sec": 1, "secs": 1, "second": 1, "seconds": 1,
		"m": 60, "min": 60, "mins": 60, "minute": 60, "minutes": 60,
		"h": 3600, "hr": 3600, "hour": 3600, "hours": 3600,
		"d": 86400, "day": 86400, "days": 86400, "w": 604800, "week": 604800, "weeks": 604800,
	})
}

// WholeBytes reads a size likewise: 1024, 256k, 1 MiB. All units are powers of
// 1024.
func WholeBytes(s string) string {
	return measure(s, map[string]float64{
		"": 1, "b": 1, "byte": 1, "bytes": 1, "k": 1 << 10, "kb": 1 << 10, "kib": 1 << 10, "m": 1 << 20, "mb": 1 << 20, "mib": 1 << 20,
	})
}

// measure adds up numbers with their units. A number without one stands alone.
func measure(s string, units map[string]float64) string {
	rest, sum, n := strings.ToLower(s), 0.0, 0
	for ; strings.TrimSpace(rest) != ""; n++ {
		rest = strings.TrimSpace(rest)
		digits := len(rest) - len(strings.TrimLeft(rest, "0123456789."))
		number, err := strconv.ParseFloat(rest[:digits], 64)
		rest = strings.TrimLeft(rest[digits:], " ")
		letters := len(rest) - len(strings.TrimLeft(rest, "abcdefghijklmnopqrstuvwxyz"))
		unit, known := units[rest[:letters]]
		if err != nil || !known || letters == 0 && (n > 0 || rest != "") {
			return s
		}
		sum += number * unit
		rest = rest[letters:]
	}
	if n == 0 || sum != math.Trunc(sum) || sum > math.MaxInt32 {
		return s
	}
	return strconv.Itoa(int(sum))
}
