package rules

import (
	"strconv"
	"strings"
)

// isNumber tells whether s is a decimal number that SQS takes as the value of a
// Number attribute: up to 38 digits that count, of magnitude 10^-128 to 10^126
// (docs/SQS.md 3.4). It may have a sign, a fraction and an exponent.
func isNumber(s string) bool {
	if s != "" && len(s) <= MaxNumberDigits && isDigits(s) {
		return true
	}
	mantissa, exponent, scientific := s, "", false
	if i := strings.IndexAny(s, "eE"); i >= 0 {
		mantissa, exponent, scientific = s[:i], s[i+1:], true
	}
	if mantissa != "" && (mantissa[0] == '+' || mantissa[0] == '-') {
		mantissa = mantissa[1:]
	}
	whole, fraction, _ := strings.Cut(mantissa, ".")
	if whole == "" && fraction == "" || !isDigits(whole) || !isDigits(fraction) {
		return false
	}
	power := 0
	if scientific {
		n, err := strconv.Atoi(exponent)
		if err != nil {
			return false
		}
		power = n
	}
	return inNumberRange(whole, fraction, power)
}

func inNumberRange(whole, fraction string, power int) bool {
	// The first digit that counts says how big the number is: the k-th of the
	// whole part stands for 10^(len-1-k), the k-th of the fraction for 10^(-1-k).
	magnitude := 0
	switch w, f := firstNonZero(whole), firstNonZero(fraction); {
	case w >= 0:
		magnitude = len(whole) - 1 - w
	case f >= 0:
		magnitude = -1 - f
	default:
		return true // zero, however written
	}
	digits := strings.Trim(whole+fraction, "0")
	magnitude += power
	return len(digits) <= MaxNumberDigits && magnitude >= -128 && magnitude <= 126
}

func firstNonZero(s string) int {
	return strings.IndexFunc(s, func(r rune) bool { return r != '0' })
}

// isDigits tells whether s holds nothing but decimal digits of ASCII; it may be
// empty.
func isDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}
