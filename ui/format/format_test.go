package format

import (
	"testing"
	"time"
)

func TestNumbersAreReadable(t *testing.T) {
	for _, c := range []struct{ got, want string }{
		{Count(0), "0"},
		{Count(999), "999"},
		{Count(1204), "1,204"},
		{Count(1234567), "1,234,567"},
		{Count(-1204), "-1,204"},
		{Plural(1, "message"), "1 message"},
		{Plural(0, "message"), "0 messages"},
		{Plural(1500, "queue"), "1,500 queues"},
		{Are(1, "message"), "1 message is"},
		{Are(0, "message"), "0 messages are"},
		{Rate(12.14), "12.1"},
		{Rate(0), "0.0"},
		{Rate(140.4), "140"},
		{Rate(-2.5), "-2.5"},
		{Rate(99.96), "100"},
		{Size(312), "312 B"},
		{Size(4301), "4.2 KiB"},
		{Size(1 << 20), "1.0 MiB"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}

func TestSpansShowTheirTwoLargestUnits(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0: "0s", -time.Second: "0s", 900 * time.Millisecond: "0s", 51 * time.Second: "51s",
		4*time.Minute + 12*time.Second: "4m 12s", 2*time.Hour + 3*time.Minute + 59*time.Second: "2h 03m",
		93*time.Hour + 59*time.Minute: "3d 21h",
	} {
		if got := Span(d); got != want {
			t.Errorf("Span(%v) = %q, want %q", d, got, want)
		}
	}
}

func TestSettingsAreSaidAsPeopleSayThem(t *testing.T) {
	for s, want := range map[int]string{0: "0 s", 30: "30 s", 300: "5 min", 345600: "4 d", 43200: "12 h", 90: "1m 30s"} {
		if got := Setting(s); got != want {
			t.Errorf("Setting(%d) = %q, want %q", s, got, want)
		}
	}
}

func TestTheZoneIsAlwaysSaid(t *testing.T) {
	at := time.Date(2026, 11, 22, 12, 4, 11, 0, time.UTC)
	if got := Stamp(at, true); got != "2026-11-22 12:04:11 UTC" {
		t.Errorf("got %q", got)
	}
	if got := Stamp(time.Time{}, true); got != "" {
		t.Errorf("no time is shown as %q", got)
	}
}
