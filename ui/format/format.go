// Package format puts numbers, spans of time and sizes into the few characters
// that a row has. It knows nothing of queues.
package format

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Unknown is shown where a value is not known. A zero is never shown for it.
const Unknown = "—"

// Count is a number with its thousands set apart: 1,204.
func Count(n int) string {
	s := strconv.Itoa(n)
	neg := strings.HasPrefix(s, "-")
	s = strings.TrimPrefix(s, "-")
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	if neg {
		return "-" + s
	}
	return s
}

// Plural is a count with its noun: "1 message", "2 messages", "3 entries".
func Plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	stem, y := strings.CutSuffix(noun, "y")
	if y && !strings.HasSuffix(stem, "a") && !strings.HasSuffix(stem, "e") && !strings.HasSuffix(stem, "o") {
		return Count(n) + " " + stem + "ies"
	}
	return Count(n) + " " + noun + "s"
}

// Are is a count with its noun as the subject of a sentence: "1 message is",
// "2 messages are".
func Are(n int, noun string) string {
	if n == 1 {
		return Plural(n, noun) + " is"
	}
	return Plural(n, noun) + " are"
}

// Span is a length of time in its two largest units: 4m 12s, 3d 21h. Under a
// second it is "0s"; a negative one is "0s" too, for clocks that disagree.
func Span(d time.Duration) string {
	s := int64(d / time.Second)
	switch {
	case s <= 0:
		return "0s"
	case s < 60:
		return fmt.Sprintf("%ds", s)
	case s < 3600:
		return fmt.Sprintf("%dm %02ds", s/60, s%60)
	case s < 86400:
		return fmt.Sprintf("%dh %02dm", s/3600, s%3600/60)
	}
	return fmt.Sprintf("%dd %02dh", s/86400, s%86400/3600)
}

// Until is an instant as it is seen from now: "in 12m 04s", and once it is over
// "3m 10s ago".
func Until(at, now time.Time) string {
	if d := at.Sub(now); d > 0 {
		return "in " + Span(d)
	}
	return Span(now.Sub(at)) + " ago"
}

// Setting is a number of seconds as people say it: 30 s, 5 min, 4 d. What does
// not come out even is shown in two units.
func Setting(seconds int) string {
	switch {
	case seconds == 0:
		return "0 s"
	case seconds%86400 == 0:
		return fmt.Sprintf("%d d", seconds/86400)
	case seconds%3600 == 0:
		return fmt.Sprintf("%d h", seconds/3600)
	case seconds%60 == 0:
		return fmt.Sprintf("%d min", seconds/60)
	case seconds < 60:
		return fmt.Sprintf("%d s", seconds)
	}
	return Span(time.Duration(seconds) * time.Second)
}

// Size is a number of bytes: 312 B, 4.2 KiB, 1.0 MiB.
func Size(n int) string {
	switch {
	case n < 1024:
		return fmt.Sprintf("%d B", n)
	case n < 1<<20:
		return fmt.Sprintf("%.1f KiB", float64(n)/1024)
	}
	return fmt.Sprintf("%.1f MiB", float64(n)/(1<<20))
}

// Rate is a number per second: 12.1, 0.3, 140.
func Rate(r float64) string {
	if r < 0 {
		return "-" + Rate(-r)
	}
	if r >= 99.95 {
		return strconv.Itoa(int(r + 0.5))
	}
	return strconv.FormatFloat(r, 'f', 1, 64)
}

// Clock is a time of day, in UTC or local, with the zone said.
func Clock(t time.Time, utc bool) string {
	if utc {
		return t.UTC().Format("15:04:05Z")
	}
	return t.Local().Format("15:04:05")
}

// Minute is the time of day to the minute.
func Minute(t time.Time, utc bool) string {
	if utc {
		return t.UTC().Format("15:04Z")
	}
	return t.Local().Format("15:04")
}

// Stamp is a date and a time with the zone said; "" for no time at all.
func Stamp(t time.Time, utc bool) string {
	if t.IsZero() {
		return ""
	}
	if utc {
		return t.UTC().Format("2006-01-02 15:04:05 UTC")
	}
	return t.Local().Format("2006-01-02 15:04:05 MST")
}
