package find

import (
	"math"
	"strconv"
)

// parseNumber reads a plain decimal number, with a sign where that is allowed,
// with k for thousands or m for millions behind it.
func parseNumber(s string, signed bool) (float64, bool) {
	unit := 1.0
	if n := len(s); n > 0 {
		switch s[n-1] {
		case 'k', 'K':
			unit, s = 1e3, s[:n-1]
		case 'm', 'M':
			unit, s = 1e6, s[:n-1]
		}
	}
	sign := 1.0
	if signed && s != "" && s[0] == '-' {
		sign, s = -1, s[1:]
	}
	n, ok := decimal(s)
	return sign * n * unit, ok
}

// maxAge is the longest age that can be asked for, in seconds: what fits a
// time.Duration.
const maxAge = float64(math.MaxInt64) / 1e9

// parseAge reads a length of time as numbers with units, 90s or 1h30m, in
// seconds. A number without a unit is none, since people mean different ones.
func parseAge(s string) (seconds float64, ok bool) {
	for s != "" {
		i := 0
		for i < len(s) && (s[i] == '.' || s[i] >= '0' && s[i] <= '9') {
			i++
		}
		n, ok := decimal(s[:i])
		if !ok || i == len(s) {
			return 0, false
		}
		switch s[i] {
		case 's':
		case 'm':
			n *= 60
		case 'h':
			n *= 3600
		case 'd':
			n *= 86400
		default:
			return 0, false
		}
		seconds += n
		s = s[i+1:]
	}
	return seconds, seconds <= maxAge
}

// decimal reads digits with at most one point, and nothing else that Go takes
// for a number.
func decimal(s string) (float64, bool) {
	for i := range len(s) {
		if s[i] != '.' && (s[i] < '0' || s[i] > '9') {
			return 0, false
		}
	}
	n, err := strconv.ParseFloat(s, 64)
	return n, err == nil
}
