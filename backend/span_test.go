package backend

import (
	"testing"
	"time"
)

func TestASpanIsReadWithDaysInFront(t *testing.T) {
	for s, want := range map[string]time.Duration{
		"250ms": 250 * time.Millisecond, "0s": 0, "0": 0, "1h30m": 90 * time.Minute, "4d": 96 * time.Hour, "1d12h": 36 * time.Hour,
		"1.5s": 1500 * time.Millisecond, "3650d": MaxSpan, "0d5m": 5 * time.Minute,
	} {
		if d, ok := ParseSpan(s); !ok || d != want {
			t.Errorf("%s is %v, %v, want %v", s, d, ok, want)
		}
	}
	for _, s := range []string{
		"", "30", "-1s", "+1s", "d", "1d1d", "1.5d", "-1d", "+1d", "1d-1h", "1d+1h", "1d0x", "3650d1ns", "3651d", "99999d", "9999999h", "1w", "NaNs", "1 d", "1d ",
	} {
		if d, ok := ParseSpan(s); ok {
			t.Errorf("%q passes as %v", s, d)
		}
	}
}
