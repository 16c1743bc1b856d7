package format

import "testing"

func TestLengthsOfTimeAreReadAsPeopleWriteThem(t *testing.T) {
	for in, want := range map[string]string{
		"90": "90", "5m": "300", "5 min": "300", "1h30m": "5400", "1h 30m": "5400", "4d": "345600", "4 days": "345600", "2w": "1209600",
		"1.5h": "5400", "0": "0", "0 s": "0", "12 H": "43200",
		// What is not understood comes back as it is.
		"": "", "5x": "5x", "m": "m", "1h30": "1h30", "-5": "-5", "1.5": "1.5", "0.5s": "0.5s", "99999999999d": "99999999999d", "5m,": "5m,", ".": ".",
	} {
		if got := WholeSeconds(in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

func TestASettingReadsBackAsItIsShown(t *testing.T) {
	for _, n := range []string{"0", "1", "30", "60", "90", "3600", "5400", "86400", "345600", "1209600", "43200"} {
		if got := WholeSeconds(Setting(atoi(t, n))); got != n {
			t.Errorf("%s is shown as %s and read as %s", n, Setting(atoi(t, n)), got)
		}
	}
}

func TestSizesAreReadAsPeopleWriteThem(t *testing.T) {
	for in, want := range map[string]string{"1024": "1024", "256k": "262144", "256.0 KiB": "262144", "1M": "1048576", "1 MiB": "1048576", "big": "big", "1g": "1g"} {
		if got := WholeBytes(in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

func atoi(t *testing.T, s string) int {
	t.Helper()
	n := 0
	for _, c := range s {
		n = 10*n + int(c-'0')
	}
	return n
}
