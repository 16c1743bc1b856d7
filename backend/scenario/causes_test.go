package scenario

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sqscope/backend"
)

// truth is what the dead letters of a scenario died of. The README beside the
// files says what the keys are.
type truth struct {
	Scenario string  `json:"scenario"`
	Queue    string  `json:"queue"`
	Causes   []cause `json:"causes"`
}

type cause struct {
	Name   string `json:"name"`
	Why    string `json:"why"`
	Count  int    `json:"count"`
	Blocks []int  `json:"blocks"`
	Match  []rule `json:"match"`
}

type rule struct {
	Body       string            `json:"body"`
	Attributes map[string]string `json:"attributes"`
}

const truths = "../triage/testdata/truth"

func truthOf(t *testing.T, name string) truth {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(truths, name+".json"))
	if err != nil {
		t.Fatal(err)
	}
	var tr truth
	d := json.NewDecoder(strings.NewReader(string(data)))
	d.DisallowUnknownFields()
	if err := d.Decode(&tr); err != nil {
		t.Fatal(err)
	}
	return tr
}

// of are the names of the causes that a message matches, which should be one.
func (tr truth) of(t *testing.T, body string, attributes map[string]backend.MessageAttribute) []string {
	t.Helper()
	matches := func(pattern, s string) bool {
		ok, err := regexp.MatchString(pattern, s)
		if err != nil {
			t.Fatal(err)
		}
		return ok
	}
	var names []string
	for _, c := range tr.Causes {
		if slices.ContainsFunc(c.Match, func(r rule) bool {
			for name, pattern := range r.Attributes {
				if !matches(pattern, attributes[name].StringValue.Value) {
					return false
				}
			}
			return matches(r.Body, body)
		}) {
			names = append(names, c.Name)
		}
	}
	return names
}

func nights() []string { return []string{"night", "fanout-night", "xml-night", "saga-night"} }

// The first screen of a night shows exactly the dead letters that its truth
// lists, each with one cause, and the causes mixed in time.
func TestTheDeadLettersOfTheNights(t *testing.T) {
	for _, name := range nights() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tr := truthOf(t, name)
			s := load(t, name)
			g := newStage(t, s)
			g.start(s, 1)
			got, want := map[string]int{}, map[string]int{}
			for _, c := range tr.Causes {
				want[c.Name] = c.Count
			}
			dead := g.browse(tr.Queue)
			slices.SortStableFunc(dead, func(a, b backend.StoredMessage) int {
				return strings.Compare(a.Attributes[backend.SysSentTimestamp], b.Attributes[backend.SysSentTimestamp])
			})
			runs, last := 0, ""
			for _, m := range dead {
				names := tr.of(t, m.Body, m.MessageAttributes)
				if len(names) != 1 {
					t.Fatalf("a message died of %q: %s", names, m.Body)
				}
				got[names[0]]++
				if names[0] != last {
					runs, last = runs+1, names[0]
				}
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("causes (-truth +scenario):\n%s", diff)
			}
			if runs < 3*len(tr.Causes) {
				t.Errorf("%d causes take turns only %d times", len(tr.Causes), runs)
			}
		})
	}
}

// Whatever the seed, a block makes messages of the cause that the truth says,
// and of no other, and every block has a cause.
func TestEachBlockOfANightHasItsCause(t *testing.T) {
	for _, name := range nights() {
		tr, s := truthOf(t, name), load(t, name)
		var blocks []int
		for _, c := range tr.Causes {
			count := 0
			for _, b := range c.Blocks {
				count += s.messages[b].count
				for seed := range uint64(50) {
					p := newPen(seed, "history", make([]int64, len(s.counters)))
					in := s.messages[b].template.message(p)
					if names := tr.of(t, in.MessageBody, in.MessageAttributes); !slices.Equal(names, []string{c.Name}) {
						t.Fatalf("%s: block %d of %q gives one of %q: %s", name, b, c.Name, names, in.MessageBody)
					}
				}
			}
			if count != c.Count || c.Why == "" {
				t.Errorf("%s: the blocks of %q make %d messages, the truth says %d, for %q", name, c.Name, count, c.Count, c.Why)
			}
			blocks = append(blocks, c.Blocks...)
		}
		slices.Sort(blocks)
		for i := range s.messages {
			if i >= len(blocks) || blocks[i] != i {
				t.Fatalf("%s: the blocks with a cause are %v, want 0 to %d, each once", name, blocks, len(s.messages)-1)
			}
		}
	}
}

// The same seed gives the same dead letters, to the byte and the millisecond;
// another seed gives others of the same causes.
func TestANightIsTheSameForTheSameSeed(t *testing.T) {
	type letter struct {
		ID, Body   string
		System     map[string]string
		Attributes map[string]backend.MessageAttribute
	}
	for _, name := range nights() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			queue := truthOf(t, name).Queue
			letters := func(seed uint64) (all []letter) {
				s := load(t, name)
				g := newStage(t, s)
				g.start(s, seed)
				for _, m := range g.browse(queue) {
					all = append(all, letter{m.MessageId, m.Body, m.Attributes, m.MessageAttributes})
				}
				return all
			}
			one := letters(1)
			if diff := cmp.Diff(one, letters(1)); diff != "" {
				t.Errorf("twice the same seed:\n%s", diff)
			}
			if other := letters(2); len(other) != len(one) || other[0].Body == one[0].Body && other[1].Body == one[1].Body {
				t.Errorf("another seed gives %d letters, want %d others", len(other), len(one))
			}
		})
	}
}

// The night is to be told from the bodies alone: its attributes are alike, all
// bodies are JSON, and one of them carries an escape sequence.
func TestTheNightIsInItsBodies(t *testing.T) {
	s := load(t, "night")
	g := newStage(t, s)
	g.start(s, 1)
	escapes, seen := 0, map[string]bool{}
	for _, m := range g.browse("orders-dlq") {
		var order map[string]any
		if err := json.Unmarshal([]byte(m.Body), &order); err != nil {
			t.Fatalf("%v: %s", err, m.Body)
		}
		if strings.Contains(m.Body, `\u001b`) {
			escapes++
		}
		names := slices.Sorted(maps.Keys(m.MessageAttributes))
		seen[strings.Join(names, " ")+m.MessageAttributes["eventType"].StringValue.Value+m.MessageAttributes["schemaVersion"].StringValue.Value] = true
	}
	if escapes != 1 {
		t.Errorf("%d bodies with an escape sequence, want 1", escapes)
	}
	if len(seen) != 1 {
		t.Errorf("the attributes tell messages apart: %v", slices.Sorted(maps.Keys(seen)))
	}
}

// Nobody else dies while the night is looked at: what lives is in order, and the
// broken worker and the burst are for those who redrive.
func TestNobodyElseDiesAtNight(t *testing.T) {
	s := load(t, "night")
	g := newStage(t, s)
	r := g.start(s, 1)
	g.clock.Advance(time.Hour)
	if n, _, _ := g.depth("orders-dlq"); n != 200 {
		t.Errorf("%d dead letters after an hour, want 200", n)
	}
	for _, a := range r.Ledger().Actors {
		if a.Err != nil || a.Done == 0 || a.Failed > 0 {
			t.Errorf("%s did %d, failed %d, error %v", a.Name, a.Done, a.Failed, a.Err)
		}
	}
}
