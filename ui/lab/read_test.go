package lab

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestTimeIsReadAsPeopleSayIt(t *testing.T) {
	for said, want := range map[string]time.Duration{
		"10": 10 * time.Second, "10s": 10 * time.Second, "2m 30s": 150 * time.Second, "4d": 96 * time.Hour, "3d12h": 84 * time.Hour,
		"x": -1, "": -1, "4d4d": -1, "-": -1, "1e9d": -1,
	} {
		got, ok := span(said)
		if ok != (want >= 0) || ok && got != want {
			t.Errorf("%q is %v, %v", said, got, ok)
		}
	}
}

func TestEntriesOfABatchAreNumbersAndRanges(t *testing.T) {
	for said, want := range map[string][]int{
		"": nil, "3 7": {3, 7}, "1-3": {1, 2, 3}, "1-2, 9": {1, 2, 9}, "1-10": {1, 2, 3, 4, 5, 6, 7, 8, 9, 10},
	} {
		if got, ok := entriesOf(said); !ok || cmp.Diff(want, got) != "" {
			t.Errorf("%q is %v, %v", said, got, ok)
		}
	}
	for _, said := range []string{"1-11", "3-1", "x", "1-", "1-6 1-6", "-1", "0-99999999999"} {
		if got, ok := entriesOf(said); ok {
			t.Errorf("%q is %v", said, got)
		}
	}
}
