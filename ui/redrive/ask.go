package redrive

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"sqscope/backend"
	"sqscope/backend/decode/query"
	"sqscope/backend/move"
	"sqscope/ui/dialog"
	"sqscope/ui/format"
	"sqscope/ui/text"
)

// askWhat lets all be taken instead of what was chosen, and back.
func (m *Model) askWhat() tea.Cmd {
	given := m.selection
	all := given
	all.Label, all.IDs, all.Match = "", nil, nil
	choices, take := []dialog.Choice{{Label: "all", Note: "every message of " + m.queue.Name}}, []func(){func() { m.selection = all }}
	if !given.All() {
		choices, take = append(choices, dialog.Choice{Label: given.Label, Note: "as it is"}), append(take, func() {})
	} else {
		choices = append(choices, dialog.Choice{Label: "some", Off: "mark or find them in the list of messages, then press m there"})
		take = append(take, func() {})
	}
	m.Env.Host.Ask(dialog.NewChoose(m.Env, text.Const("Redrive which messages?"), choices, func(i int) tea.Cmd {
		take[i]()
		return m.chose()
	}))
	return nil
}

func (m *Model) toggleNative() tea.Cmd {
	m.choice.native = !m.choice.native
	return m.chose()
}

func (m *Model) toggleWatch() tea.Cmd {
	m.choice.read = !m.choice.read
	return m.chose()
}

// form asks for values of one row.
func (m *Model) form(title text.Safe, notes []text.Safe, fields []dialog.Field, take func(v []string)) tea.Cmd {
	m.Env.Host.Ask(dialog.NewForm(m.Env, dialog.Form{
		Title: title, Notes: notes, Fields: fields, Confirm: "take it",
		Run: func(v []string) tea.Cmd { take(v); return m.chose() },
	}))
	return nil
}

func (m *Model) askGroup() tea.Cmd {
	return m.form(text.Const("The message group"), []text.Safe{text.Const("Messages without a group are in this one and go out in order, one batch after another.")},
		[]dialog.Field{{Label: "group", Value: m.choice.group, Hint: "1 to 128 letters, digits, punctuation"}},
		func(v []string) { m.choice.group = v[0] })
}

func (m *Model) askDedup() tea.Cmd {
	ways := []struct {
		dedup move.Dedup
		trust bool
		c     dialog.Choice
	}{
		{move.DedupNew, false, dialog.Choice{Label: "new ids", Note: "nothing can be swallowed as a duplicate"}},
		{move.DedupKeep, false, dialog.Choice{Label: "as they were", Note: "swallowed within 5 min of the first; such a message stays here and is named"}},
		{move.DedupKeep, true, dialog.Choice{Label: "as they were, trusting them", Note: "what SQS swallows is taken for delivered, and deleted here"}},
		{move.DedupContent, false, dialog.Choice{Label: "of the body", Note: "equal bodies within 5 min are one; the others stay here and are named"}},
	}
	choices, at := make([]dialog.Choice, len(ways)), 0
	for i, w := range ways {
		choices[i] = w.c
		if w.dedup == m.choice.dedup && w.trust == m.choice.trust {
			at = i
		}
	}
	m.Env.Host.Ask(dialog.NewChoose(m.Env, text.Const("Deduplication ids"), choices, func(i int) tea.Cmd {
		m.choice.dedup, m.choice.trust = ways[i].dedup, ways[i].trust
		return m.chose()
	}).At(at))
	return nil
}

func (m *Model) askCanary() tea.Cmd {
	g := m.choice.guards
	return m.form(text.Const("The canary"), []text.Safe{text.Const("These messages are moved first. More follow only if no more than so many of them come back while they are watched.")},
		[]dialog.Field{
			{Label: "messages", Value: strconv.Itoa(max(0, g.Canary)), Hint: "0: none", Check: whole(0, 10_000)},
			{Label: "watched", Value: span(g.Window), Hint: "90s, 5m; empty: until a failure would have come back", Check: spanField(false)},
			{Label: "may come back", Value: strconv.Itoa(g.Tolerate), Check: whole(0, 10_000)},
		}, func(v []string) {
			n := atoi(v[0])
			if n == 0 {
				n = -1
			}
			m.choice.guards.Canary, m.choice.guards.Window, m.choice.guards.Tolerate = n, duration(v[1]), atoi(v[2])
		})
}

func (m *Model) askRate() tea.Cmd {
	if m.choice.native {
		value := ""
		if m.choice.rate.Set {
			value = strconv.Itoa(m.choice.rate.Value)
		}
		return m.form(text.Const("The rate of SQS's own task"), nil,
			[]dialog.Field{{Label: "per second", Value: value, Hint: "1 to 500; empty: SQS decides", Check: optional(whole(1, 500))}},
			func(v []string) {
				if m.choice.rate = (backend.Opt[int]{}); v[0] != "" {
					m.choice.rate = backend.Some(atoi(v[0]))
				}
			})
	}
	g := m.choice.guards
	show := func(r float64) string {
		if r <= 0 {
			return ""
		}
		return rateOf(r)
	}
	return m.form(text.Const("The rate"), []text.Safe{text.Const("Messages a second after the canary: slow at first, so that there is time to see what they do.")},
		[]dialog.Field{
			{Label: "at first", Value: show(g.Slow), Hint: "empty: the same as in the end", Check: number},
			{Label: "in the end", Value: show(g.Fast), Hint: "empty: as fast as it goes", Check: number},
			{Label: "after", Value: span(g.Over), Hint: "90s, 5m", Check: spanField(false)},
		}, func(v []string) {
			g := &m.choice.guards
			g.Slow, g.Fast, g.Over = atof(v[0]), atof(v[1]), cmp.Or(duration(v[2]), 2*time.Minute)
		})
}

func (m *Model) askStop() tea.Cmd {
	g := m.choice.guards
	refill := strconv.Itoa(g.Refill)
	if g.Refill < 0 {
		refill = ""
	}
	depth := ""
	if g.Depth > 0 {
		depth = strconv.Itoa(g.Depth)
	}
	return m.form(text.Const("What stops it"), []text.Safe{text.Const("It stops by itself when one of these is passed. What was moved stays moved, the rest stays here.")},
		[]dialog.Field{
			{Label: "dead letters", Value: refill, Hint: "that arrive meanwhile; empty: any number", Check: optional(whole(1, 1_000_000))},
			{Label: "waiting there", Value: depth, Hint: "messages in a destination; empty: any", Check: optional(whole(1, 100_000_000))},
			{Label: "getting older", Value: span(g.Climb), Hint: "by which its oldest message ages, as 5m; empty: any", Check: spanField(false)},
		}, func(v []string) {
			g := &m.choice.guards
			g.Refill = -1
			if v[0] != "" {
				g.Refill = atoi(v[0])
			}
			g.Depth, g.Climb = atoi(v[1]), duration(v[2])
		})
}

func (m *Model) askProve() tea.Cmd {
	value := span(max(0, m.choice.prove))
	if m.choice.prove < 0 {
		value = "0"
	}
	return m.form(text.Const("The proof"), []text.Safe{text.Const("After the last message it is watched what becomes of them, for the report.")},
		[]dialog.Field{{Label: "watched", Value: value, Hint: "5m; 0: not at all; empty: as long as the canary", Check: spanField(true)}},
		func(v []string) {
			if m.choice.prove = duration(v[0]); v[0] == "0" {
				m.choice.prove = -1
			}
		})
}

// askJq asks for the transformation.
func (m *Model) askJq() tea.Cmd {
	value := ""
	if m.choice.jq != nil {
		value = m.choice.jq.String()
	}
	return m.form(text.Const("Change each message with jq"), []text.Safe{
		text.Const("It gets the message object and yields it: .json is the body as JSON, .body as it is, .messageAttributes what the sender gave."),
		text.Const("Only the body, message attributes, group and deduplication id may differ; a message of which anything else does is left."),
	}, []dialog.Field{{Label: "jq", Value: value, Hint: `.json.currency = "EUR"`, Check: func(v string) string {
		if v == "" {
			return "write an expression, or esc"
		}
		if _, err := query.Compile(v); err != nil {
			return err.Error()
		}
		return ""
	}}}, func(v []string) {
		q, err := query.Compile(v[0])
		if err != nil {
			return // the field has checked it
		}
		m.choice.jq, m.choice.hand, m.choice.native, m.pane = q, nil, false, changes
	})
}

// whole checks a whole number.
func whole(from, to int) func(string) string {
	return func(v string) string {
		if n, err := strconv.Atoi(v); err != nil || n < from || n > to {
			return fmt.Sprintf("a number from %d to %s", from, format.Count(to))
		}
		return ""
	}
}

// optional lets a field be empty.
func optional(check func(string) string) func(string) string {
	return func(v string) string {
		if v == "" {
			return ""
		}
		return check(v)
	}
}

func number(v string) string {
	if v == "" {
		return ""
	}
	if f, err := strconv.ParseFloat(v, 64); err != nil || !(f >= 0.01 && f <= 100_000) {
		return "a number from 0.01 to 100,000"
	}
	return ""
}

// spanField checks a length of time in whole seconds.
func spanField(zero bool) func(string) string {
	return func(v string) string {
		n, err := strconv.Atoi(format.WholeSeconds(v))
		if v == "" || err == nil && n > 0 && n <= 12*60*60 || zero && v == "0" {
			return ""
		}
		return "a length of time up to 12 h, as 90s or 5m"
	}
}

// span is a length of time as it is typed.
func span(d time.Duration) string {
	if d == 0 {
		return ""
	}
	return strings.ReplaceAll(format.Setting(int(d.Seconds())), " ", "")
}

// duration reads what spanField has checked.
func duration(v string) time.Duration {
	return time.Duration(atoi(format.WholeSeconds(v))) * time.Second
}

// atoi and atof read what a field has checked; an empty one is 0.
func atoi(v string) int { n, _ := strconv.Atoi(v); return n }

func atof(v string) float64 { f, _ := strconv.ParseFloat(v, 64); return f }
