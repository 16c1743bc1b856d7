package arrange

import (
	"strings"
	"time"

	"sqscope/backend"
)

// Marker is something that the user knows of: "deploy" at 14:05.
type Marker struct {
	At   time.Time
	Text string
}

// ParseMarker reads a time and what happened then, in either order: "deploy 14:05",
// "14:05:30 deploy", "2026-03-14 14:05 deploy", an RFC 3339 time, or how long ago:
// "-20m", "20m ago". A time of day is the last one, in the zone of now. The error
// is of KindInvalid.
func ParseMarker(s string, now time.Time) (Marker, error) {
	words := strings.Fields(s)
	for size := min(2, len(words)); size > 0; size-- {
		for i := range len(words) - size + 1 {
			if i > 0 && i+size < len(words) {
				continue // a number in the middle of a text is no time
			}
			at, ok := readTime(strings.Join(words[i:i+size], " "), now)
			if !ok {
				continue
			}
			text := strings.Join(append(append([]string{}, words[:i]...), words[i+size:]...), " ")
			if text == "" {
				text = "marker"
			}
			return Marker{at, text}, nil
		}
	}
	return Marker{}, &backend.Error{
		Kind: backend.KindInvalid, Subject: "marker", Message: "there is no time in it",
		Next: "write one as in: deploy 14:05, 2026-03-14 14:05 deploy, or deploy 20m ago",
	}
}

func readTime(s string, now time.Time) (time.Time, bool) {
	if d, ok := readAgo(s); ok {
		return now.Add(-d), true
	}
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04", "2006-01-02 15:04:05", "2006-01-02 15:04"} {
		if t, err := time.ParseInLocation(layout, s, now.Location()); err == nil {
			return t, true
		}
	}
	for _, layout := range []string{"15:04:05", "15:04"} {
		t, err := time.Parse(layout, s)
		if err != nil {
			continue
		}
		at := time.Date(now.Year(), now.Month(), now.Day(), t.Hour(), t.Minute(), t.Second(), 0, now.Location())
		if at.After(now) {
			at = at.AddDate(0, 0, -1)
		}
		return at, true
	}
	return time.Time{}, false
}

// readAgo reads -20m and "20m ago", with days in front too.
func readAgo(s string) (time.Duration, bool) {
	v, ago := strings.CutSuffix(s, " ago")
	if !ago {
		v, ago = strings.CutPrefix(s, "-")
	}
	d, ok := backend.ParseSpan(v)
	return d, ago && ok
}
