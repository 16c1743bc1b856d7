package triage

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"sqscope/backend"
	"sqscope/backend/memory"
	"sqscope/backend/peek"
	"sqscope/backend/scenario"
	"sqscope/backend/triage/arrange"
)

// truth is what the dead letters of a scenario died of; see testdata/truth.
type truth struct {
	Scenario string `json:"scenario"`
	Queue    string `json:"queue"`
	Causes   []struct {
		Name  string `json:"name"`
		Count int    `json:"count"`
		Match []struct {
			Body       string            `json:"body"`
			Attributes map[string]string `json:"attributes"`
		} `json:"match"`
	} `json:"causes"`
}

func truthOf(t testing.TB, name string) truth {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", "truth", name+".json"))
	if err != nil {
		t.Fatal(err)
	}
	var tr truth
	if err := json.Unmarshal(data, &tr); err != nil {
		t.Fatal(err)
	}
	return tr
}

// of is the cause of a message.
func (tr truth) of(t testing.TB, m Message) string {
	t.Helper()
	for _, c := range tr.Causes {
		for _, rule := range c.Match {
			ok := regexp.MustCompile(rule.Body).MatchString(m.Message.Body)
			for name, pattern := range rule.Attributes {
				ok = ok && regexp.MustCompile(pattern).MatchString(m.MessageAttributes[name].StringValue.Value)
			}
			if ok {
				return c.Name
			}
		}
	}
	t.Fatalf("no cause for %s", m.Message.Body)
	return ""
}

// dead are the dead letters of a scenario, as the engine shows them.
func dead(t testing.TB, name, queue string, seed uint64) []Message {
	t.Helper()
	s, err := scenario.Load(name)
	if err != nil {
		t.Fatal(err)
	}
	clock := memory.NewClock(memory.ClockOptions{Start: time.Date(2026, 3, 14, 12, 0, 0, 0, time.UTC).Add(-s.History()), Paused: true})
	defer clock.Close()
	engine := memory.New(memory.Options{Clock: clock, Seed: 1, NoCooldown: true})
	defer engine.Close()
	run, err := s.Start(t.Context(), engine, seed)
	if err != nil {
		t.Fatal(err)
	}
	defer run.Stop()
	stack := engine.Stack()
	url, err := stack.SQS.GetQueueUrl(t.Context(), backend.GetQueueUrlInput{QueueName: queue})
	if err != nil {
		t.Fatal(err)
	}
	out, err := stack.Browse.Browse(t.Context(), backend.BrowseInput{QueueUrl: url.QueueUrl, Limit: 10_000})
	if err != nil {
		t.Fatal(err)
	}
	var all []Message
	for _, m := range out.Messages {
		all = append(all, Message{Message: peek.Message{Message: m.Message, State: m.State, Expires: m.Expires}})
	}
	return all
}

func grouped(t testing.TB, messages []Message, rules arrange.Rules) Grouping {
	t.Helper()
	g, err := Find(t.Context(), messages, Facts{}, rules)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// causes are the groups as lists of how many died of what.
func causes(g Grouping, of func(int) string) []string {
	var out []string
	for _, group := range g.Groups {
		counts := map[string]int{}
		for _, i := range group.Members {
			counts[of(i)]++
		}
		var parts []string
		for _, name := range slices.Sorted(maps.Keys(counts)) {
			parts = append(parts, fmt.Sprintf("%d %s", counts[name], name))
		}
		out = append(out, strings.Join(parts, " + "))
	}
	slices.Sort(out)
	return out
}

func dump(t testing.TB, g Grouping) {
	for _, x := range g.Groups {
		t.Logf("%s %3d %s | %s\n    %s\n    %s · %s: %s", x.ID, len(x.Members), x.Cause, x.Title, strings.Join(x.Evidence, "\n    "), x.Arrivals.Words, x.Advice.Act, x.Advice.Why)
	}
}

func testNight(t *testing.T, name string, strip func(*Message)) {
	for seed := range uint64(4) {
		tr := truthOf(t, name)
		messages := dead(t, name, tr.Queue, seed+1)
		var want, cause []string
		for _, c := range tr.Causes {
			want = append(want, fmt.Sprintf("%d %s", c.Count, c.Name))
		}
		for i := range messages {
			cause = append(cause, tr.of(t, messages[i]))
			if strip != nil {
				strip(&messages[i])
			}
		}
		slices.Sort(want)
		g := grouped(t, messages, arrange.Rules{})
		if got := causes(g, func(i int) string { return cause[i] }); !slices.Equal(got, want) {
			t.Errorf("seed %d: groups are\n%s\nthe truth is\n%s", seed+1, strings.Join(got, "\n"), strings.Join(want, "\n"))
			dump(t, g)
			return
		} else if seed == 0 {
			dump(t, g)
		}
	}
}

func TestNight(t *testing.T)       { testNight(t, "night", nil) }
func TestFanoutNight(t *testing.T) { testNight(t, "fanout-night", nil) }
func TestXMLNight(t *testing.T)    { testNight(t, "xml-night", nil) }
func TestSagaNight(t *testing.T)   { testNight(t, "saga-night", nil) }
