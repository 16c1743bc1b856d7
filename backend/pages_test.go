package backend

import (
	"context"
	"slices"
	"testing"
)

// shelf holds messages with the sequence numbers from 1, and fails behind one of
// them.
type shelf struct {
	Browser
	n, fails int
	asked    []BrowseInput
}

func (s *shelf) Browse(_ context.Context, in BrowseInput) (BrowseOutput, error) {
	s.asked = append(s.asked, in)
	if s.fails > 0 && int(in.After) >= s.fails {
		return BrowseOutput{}, Errorf(KindNetwork, "nobody answers")
	}
	last := min(int(in.After)+in.Limit, s.n)
	out := BrowseOutput{Messages: make([]StoredMessage, last-int(in.After))}
	if last < s.n {
		out.Next = uint64(last)
	}
	return out, nil
}

func TestAQueueIsBrowsedPageByPageToItsEnd(t *testing.T) {
	for _, c := range []struct {
		name            string
		n, fails, until int // until: the caller has enough behind so many pages
		pages           []int
		failed          bool
	}{
		{"nothing", 0, 0, 9, []int{0}, false},
		{"a part of a page", 2, 0, 9, []int{2}, false},
		{"whole pages", 6, 0, 9, []int{3, 3}, false},
		{"and a rest", 7, 0, 9, []int{3, 3, 1}, false},
		{"an error", 7, 3, 9, []int{3, 0}, true},
		{"enough", 7, 0, 2, []int{3, 3}, false},
	} {
		s := &shelf{n: c.n, fails: c.fails}
		var pages []int
		failed := false
		for out, err := range Pages(t.Context(), s, "url", 3) {
			pages, failed = append(pages, len(out.Messages)), err != nil
			if len(pages) == c.until {
				break
			}
		}
		if !slices.Equal(pages, c.pages) || failed != c.failed || len(s.asked) != len(pages) || s.asked[0] != (BrowseInput{QueueUrl: "url", Limit: 3}) {
			t.Errorf("%s: pages of %v, failed %v, asked %v", c.name, pages, failed, s.asked)
		}
	}
}
