package triage

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sqscope/backend"
	"sqscope/backend/triage/arrange"
)

// What is told does not need SQS's own attributes: neither times nor sources.
func TestTheNightsFromBodiesAlone(t *testing.T) {
	for _, name := range []string{"night", "fanout-night", "xml-night", "saga-night"} {
		t.Run(name, func(t *testing.T) {
			testNight(t, name, func(m *Message) {
				m.Attributes = nil
				if name != "fanout-night" { // there EventBridge says in attributes what went wrong
					m.MessageAttributes = nil
				}
			})
		})
	}
}

// The order of the messages makes no difference, not even to the IDs.
func TestTheOrderMakesNoDifference(t *testing.T) {
	for _, name := range []string{"night", "fanout-night", "xml-night", "saga-night"} {
		messages := dead(t, name, truthOf(t, name).Queue, 3)
		want := view(grouped(t, messages, arrange.Rules{}), messages)
		for seed := range uint64(5) {
			mixed := slices.Clone(messages)
			rand.New(rand.NewPCG(seed, 1)).Shuffle(len(mixed), func(i, j int) { mixed[i], mixed[j] = mixed[j], mixed[i] })
			if diff := cmp.Diff(want, view(grouped(t, mixed, arrange.Rules{}), mixed)); diff != "" {
				t.Fatalf("%s in another order (-before +after):\n%s", name, diff)
			}
		}
	}
}

// view is all of a grouping that a person sees.
func view(g Grouping, messages []Message) any {
	type seen struct {
		Group
		IDs      []string
		Smallest string
	}
	var out []seen
	for _, x := range g.Groups {
		s := seen{Group: x}
		for _, i := range x.Members {
			s.IDs = append(s.IDs, messages[i].MessageId)
		}
		s.Smallest = messages[x.Smallest].MessageId
		s.Members, s.Group.Smallest = nil, 0
		out = append(out, s)
	}
	return out
}

// Names of members have no part in it where values tell: the night with every
// member renamed has the same groups.
func TestRenamedMembers(t *testing.T) {
	tr := truthOf(t, "night")
	for seed := range uint64(5) {
		messages := dead(t, "night", tr.Queue, 2)
		var cause, want []string
		names := map[string]string{}
		r := rand.New(rand.NewPCG(seed, 7))
		for i := range messages {
			cause = append(cause, tr.of(t, messages[i]))
			var body any
			if err := json.Unmarshal([]byte(messages[i].Message.Body), &body); err != nil {
				t.Fatal(err)
			}
			out, err := json.Marshal(renamed(body, names, r))
			if err != nil {
				t.Fatal(err)
			}
			messages[i].Message.Body = string(out)
		}
		for _, c := range tr.Causes {
			want = append(want, fmt.Sprintf("%d %s", c.Count, c.Name))
		}
		slices.Sort(want)
		g := grouped(t, messages, arrange.Rules{})
		if diff := cmp.Diff(want, causes(g, func(i int) string { return cause[i] })); diff != "" {
			t.Errorf("renaming %d (-truth +found):\n%s", seed, diff)
			dump(t, g)
		}
	}
}

func renamed(v any, names map[string]string, r *rand.Rand) any {
	switch v := v.(type) {
	case map[string]any:
		out := map[string]any{}
		for _, name := range slices.Sorted(maps.Keys(v)) {
			if names[name] == "" {
				b := make([]byte, 6)
				for i := range b {
					b[i] = "bcdfghjklmnpqrstvwxz"[r.IntN(20)]
				}
				names[name] = string(b)
			}
			out[names[name]] = renamed(v[name], names, r)
		}
		return out
	case []any:
		for i := range v {
			v[i] = renamed(v[i], names, r)
		}
	}
	return v
}

// plant is a queue of one made-up business with planted causes, which shares no
// words with the scenarios. Each cause is planted in one of the ways in which the
// package says that causes are told.
type plant struct {
	r      *rand.Rand
	words  []string
	fields []string
}

func newPlant(seed uint64, words []string) *plant {
	p := &plant{r: rand.New(rand.NewPCG(seed, 99)), words: words}
	for range 6 {
		p.fields = append(p.fields, p.word()+p.word())
	}
	return p
}

func (p *plant) word() string { return p.words[p.r.IntN(len(p.words))] }

func (p *plant) id() string { return fmt.Sprintf("%016x", p.r.Uint64()) }

// sound is a message with nothing wrong: an id, a number, a choice of few, a text
// of many, a list, and a member that is there half of the time.
func (p *plant) sound() map[string]any {
	inner := map[string]any{
		p.fields[0] + "Nr": p.r.IntN(1e9), p.fields[1]: p.words[p.r.IntN(3)],
		p.fields[2]: p.word() + " " + p.id() + " " + p.word(), p.fields[3] + "s": []any{p.word(), p.word()},
	}
	if p.r.IntN(2) == 0 {
		inner[p.fields[4]] = p.word()
	}
	return map[string]any{"uid": p.id(), "build": fmt.Sprintf("7.%d.%d", p.r.IntN(3), p.r.IntN(4)), "box": inner}
}

var plants = []struct {
	name string
	make func(p *plant) map[string]any
}{
	{"error at the root", func(p *plant) map[string]any {
		m := p.sound()
		m["exception"] = "org.acme.LedgerClosedException: ledger " + p.id() + " closed"
		return m
	}},
	{"error in an object", func(p *plant) map[string]any {
		m := p.sound()
		m["trouble"] = map[string]any{"errorCode": "E1207", "when": p.id(), "says": "gave up on host " + p.id() + " after 3 tries"}
		return m
	}},
	{"wrong type", func(p *plant) map[string]any {
		m := p.sound()
		m["box"].(map[string]any)[p.fields[0]+"Nr"] = "n/a " + p.id()
		return m
	}},
	{"missing member", func(p *plant) map[string]any {
		m := p.sound()
		delete(m["box"].(map[string]any), p.fields[2])
		return m
	}},
	{"empty member", func(p *plant) map[string]any {
		m := p.sound()
		m["box"].(map[string]any)[p.fields[1]] = ""
		return m
	}},
	{"another kind", func(p *plant) map[string]any {
		return map[string]any{"uid": p.id(), "build": "7.0.1", "what": "audit", "lines": []any{p.id()}, "actor": p.word() + p.id()}
	}},
	{"refused", func(p *plant) map[string]any {
		m := p.sound()
		m["box"].(map[string]any)["outcome"] = "DENIED"
		return m
	}},
	{"sound", func(p *plant) map[string]any { return p.sound() }},
}

func TestPlantedCauses(t *testing.T) {
	languages := map[string][]string{
		"nautical": strings.Fields("keel mast boom jib helm stern bow rudder anchor chart tide buoy hull deck cleat winch"),
		"Finnish":  strings.Fields("meri laiva köysi purje ankkuri ranta aalto tuuli masto kansi satama saari kartta myrsky väylä poiju"),
		"Japanese": strings.Fields("海 船 帆 錨 波 風 港 島 地図 嵐 甲板 舵 灯台 水夫 航路 浮標"),
	}
	for name, words := range languages {
		for seed := range uint64(12) {
			p := newPlant(seed, words)
			var messages []Message
			var cause []string
			counts := map[string]int{}
			for k, c := range plants {
				n := 4 + p.r.IntN(20)
				switch c.name {
				case "sound":
					n = 160
				case "another kind":
					n = 12
				}
				if c.name != "sound" && (seed>>(k%4))&1 == 1 {
					continue
				}
				for range n {
					body, err := json.Marshal(c.make(p))
					if err != nil {
						t.Fatal(err)
					}
					var m Message
					m.MessageId, m.Message.Body = p.id(), string(body)
					m.Attributes = map[string]string{backend.SysSentTimestamp: fmt.Sprint(1_790_000_000_000 + p.r.IntN(1e8))}
					messages, cause = append(messages, m), append(cause, c.name)
					counts[c.name]++
				}
			}
			var want []string
			for c, n := range counts {
				want = append(want, fmt.Sprintf("%d %s", n, c))
			}
			slices.Sort(want)
			g := grouped(t, messages, arrange.Rules{})
			if diff := cmp.Diff(want, causes(g, func(i int) string { return cause[i] })); diff != "" {
				t.Errorf("%s %d (-planted +found):\n%s", name, seed, diff)
				dump(t, g)
				return
			}
		}
	}
}
