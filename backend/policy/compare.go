package policy

import (
	"cmp"
	"encoding/base64"
	"net/netip"
	"strconv"
	"strings"
	"time"
)

// matches compares one value of a policy with one of a request. What either
// side cannot be read as matches nothing.
func (o operator) matches(want, have string, f facts) bool {
	switch o.family {
	case ofText:
		p, ok := f.pattern(want, o.comparison == resembles)
		if o.comparison == equalFold {
			return ok && strings.EqualFold(string(p), have)
		}
		return ok && p.matches(have)
	case ofNumbers:
		w, ok := parseNumber(want)
		h, also := parseNumber(have)
		return ok && also && o.ordered(cmp.Compare(h, w))
	case ofDates:
		w, ok := parseDate(want)
		h, also := parseDate(have)
		return ok && also && o.ordered(h.Compare(w))
	case ofBooleans:
		return isBool(want) && strings.EqualFold(want, have)
	case ofBytes:
		w, err := base64.StdEncoding.DecodeString(want)
		return err == nil && string(w) == have
	case ofAddresses:
		w, ok := parseRange(want)
		h, err := netip.ParseAddr(have)
		return ok && err == nil && w.Contains(h.Unmap())
	case ofARNs:
		return f.matchesARN(want, have, false)
	}
	return false
}

// readable tells whether an operator can read a value of a policy at all.
func (o operator) readable(want string) bool {
	ok := true
	switch o.family {
	case ofNumbers:
		_, ok = parseNumber(want)
	case ofDates:
		_, ok = parseDate(want)
	case ofBooleans, ofPresence:
		ok = isBool(want)
	case ofBytes:
		_, err := base64.StdEncoding.DecodeString(want)
		ok = err == nil
	case ofAddresses:
		_, ok = parseRange(want)
	case ofARNs:
		ok = len(facts{variables: true}.splitARN(want)) == arnParts
	}
	return ok
}

// ordered tells whether the order of two values, that of the request first, is
// the one that the operator asks for.
func (o operator) ordered(c int) bool {
	switch o.comparison {
	case less:
		return c < 0
	case lessEqual:
		return c <= 0
	case greater:
		return c > 0
	case greaterEqual:
		return c >= 0
	}
	return c == 0
}

func isBool(s string) bool { return strings.EqualFold(s, "true") || strings.EqualFold(s, "false") }

// parseNumber reads an integer or a decimal, not the other things that Go
// calls numbers.
func parseNumber(s string) (float64, bool) {
	if strings.Trim(s, "+-.0123456789eE") != "" {
		return 0, false
	}
	n, err := strconv.ParseFloat(s, 64)
	return n, err == nil
}

// parseDate reads the forms of ISO 8601 that W3C allows, or seconds since 1970.
func parseDate(s string) (time.Time, bool) {
	if seconds, err := strconv.ParseInt(s, 10, 64); err == nil {
		return time.Unix(seconds, 0), true
	}
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04Z07:00", time.DateOnly, "2006-01"} {
		if t, err := time.Parse(layout, s); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}

// parseRange reads a range of addresses, or one address.
func parseRange(s string) (netip.Prefix, bool) {
	if p, err := netip.ParsePrefix(s); err == nil {
		return p, true
	}
	a, err := netip.ParseAddr(s)
	if err != nil || a.Zone() != "" {
		return netip.Prefix{}, false
	}
	return netip.PrefixFrom(a, a.BitLen()), true
}
