package deadletters

import (
	tea "charm.land/bubbletea/v2"

	"sqscope/backend"
	"sqscope/backend/triage"
	"sqscope/backend/triage/harm"
	"sqscope/themes"
	"sqscope/ui/dialog"
	"sqscope/ui/export"
	"sqscope/ui/format"
	"sqscope/ui/screen"
	"sqscope/ui/text"
)

// target is what something could be done with: messages by their ids.
type target struct {
	label string
	ids   []string
}

// targets are the marked messages or groups, else what is under the cursor, and
// the group whose messages are shown.
func (m *Model) targets() []target {
	if m.inside != "" {
		var out []target
		if ids := m.present(m.list.Marked()); len(ids) > 0 {
			out = append(out, target{"the marked", ids})
		} else if msg := m.message(); msg != nil {
			out = append(out, target{"the one under the cursor", []string{msg.MessageId}})
		}
		if g := m.here(); g != nil {
			out = append(out, m.whole(g))
		}
		return out
	}
	if marked := m.markedGroups(); len(marked) > 0 {
		t := target{label: format.Plural(len(marked), "marked group")}
		for _, g := range marked {
			t.ids = append(t.ids, m.whole(g).ids...)
		}
		return []target{t}
	}
	if g := m.here(); g != nil {
		return []target{m.whole(g)}
	}
	return nil
}

// whole is a group, as far as its messages are still there.
func (m *Model) whole(g *triage.Group) target {
	ids := make([]string, 0, len(g.Members))
	for _, n := range g.Members {
		ids = append(ids, m.letters[n].MessageId)
	}
	return target{name(g), m.present(ids)}
}

func (m *Model) present(ids []string) (there []string) {
	for _, id := range ids {
		if m.byID(id) != nil {
			there = append(there, id)
		}
	}
	return there
}

// markedGroups are those that are marked and still there.
func (m *Model) markedGroups() (out []*triage.Group) {
	for _, id := range m.groups.Marked() {
		if g := m.groupOf(id); g != nil {
			out = append(out, g)
		}
	}
	return out
}

// choose has something done with one of the targets: with the only one at once.
func (m *Model) choose(title text.Safe, all []target, run func(t target) tea.Cmd) tea.Cmd {
	if len(all) == 1 {
		return run(all[0])
	}
	choices := make([]dialog.Choice, len(all))
	for i, t := range all {
		choices[i] = dialog.Choice{Label: t.label, Note: format.Plural(len(t.ids), "message")}
		if t.ids == nil {
			choices[i].Note = "every message of " + m.queue.Name + ", also what was not read"
		}
	}
	m.Env.Host.Ask(dialog.NewChoose(m.Env, title, choices, func(i int) tea.Cmd { return run(all[i]) }))
	return nil
}

// redrive opens the redrive of a group, or of what is marked. It says there where
// to, and what is changed on the way.
func (m *Model) redrive() tea.Cmd {
	all := []target{{label: "all"}}
	if m.inside != "" || len(m.found.Groups) > 1 || len(m.markedGroups()) > 0 {
		all = append(m.targets(), all...)
	}
	known := make([]backend.Message, len(m.all))
	for i := range m.all {
		known[i] = m.all[i].Message
	}
	groups := make(map[string]string, len(m.letters))
	for i := range m.found.Groups {
		g := &m.found.Groups[i]
		for _, n := range g.Members {
			groups[m.letters[n].MessageId] = name(g)
		}
	}
	return m.choose(text.Sprintf("Redrive which messages of %s?", m.queue.Name), all, func(t target) tea.Cmd {
		s := screen.Selection{IDs: t.ids, Known: known, Group: groups}
		if t.ids != nil {
			s.Label = t.label
		}
		m.Select(m.queue, s)
		return m.Open(screen.Redrive, m.queue)
	})
}

// askDelete drains a group, or what is marked, into an evidence file.
func (m *Model) askDelete() tea.Cmd {
	return m.choose(text.Sprintf("Delete which messages of %s?", m.queue.Name), m.targets(), func(t target) tea.Cmd {
		if len(t.ids) == 0 {
			return m.Env.Host.Say(themes.Warn, text.Const("these messages are gone already"))
		}
		var notes []text.Safe
		if len(t.ids) > 1 {
			notes = append(notes, text.Sprintf("They are: %s.", t.label))
		}
		m.deletion.Ask(t.ids, notes...)
		return nil
	})
}

// askExport writes a group, what is marked, or all to a file.
func (m *Model) askExport() tea.Cmd {
	all := m.targets()
	every := target{label: "all that were read"}
	for i := range m.all {
		every.ids = append(every.ids, m.all[i].MessageId)
	}
	var shares []export.Share
	for _, t := range append(all, every) {
		s := export.Share{Label: t.label + ": " + format.Plural(len(t.ids), "message"), IDs: make(map[string]bool, len(t.ids))}
		for _, id := range t.ids {
			s.IDs[id] = true
		}
		shares = append(shares, s)
	}
	return m.export.Ask(shares)
}

// originals are those with these ids, in the order in which they were read.
func (m *Model) originals(ids map[string]bool) (out []export.Original) {
	q := m.Conn.Queue(m.queue)
	for i := range m.all {
		msg := m.all[i]
		if !ids[msg.MessageId] {
			continue
		}
		o := export.Original{Message: msg, Queue: m.queue}
		if q != nil {
			o.URL = q.URL
		}
		if !m.reader.Revealed(m.queue, msg.MessageId) {
			o.Masks = m.Env.MasksFor(m.queue, msg.Message)
		}
		out = append(out, o)
	}
	return out
}

// loss is that of the group that is shown or under the cursor, else the queue's.
func (m *Model) loss() harm.Loss {
	if g := m.here(); g != nil && g.Loss.Bound != harm.Unknown {
		return g.Loss
	}
	if q := m.Conn.Queue(m.queue); q != nil {
		return harm.OfQueue(q, m.readOf)
	}
	return harm.Loss{}
}

func (m *Model) noLoss() string {
	if m.loss().Bound == harm.Unknown {
		return "nobody has read when a message is lost"
	}
	return ""
}

// askKeep offers what keeps messages from being lost, and leads there.
func (m *Model) askKeep() tea.Cmd {
	now := m.Conn.Now()
	l := m.loss()
	remedies := harm.Remedies(m.facts(), l, now)
	choices := make([]dialog.Choice, len(remedies))
	for i, r := range remedies {
		switch r.Act {
		case harm.Retain:
			choices[i] = dialog.Choice{Label: "longer here", Note: "its settings; the first then has " + format.Span(r.Until.Sub(now))}
			if i > 0 {
				choices[i].Note = "may come too late for the first: export it before"
			}
		case harm.Move:
			choices[i] = dialog.Choice{Label: "in another queue", Note: "a redrive there, as into quarantine: counts anew"}
		default:
			choices[i] = dialog.Choice{Label: "in a file", Note: "from which they can be sent again"}
		}
	}
	title := text.Sprintf("Lost in %s%s: keep them how?", l.Sign(), format.Span(l.Left(now)))
	m.Env.Host.Ask(dialog.NewChoose(m.Env, title, choices, func(i int) tea.Cmd {
		switch remedies[i].Act {
		case harm.Retain:
			return m.Open(screen.Attributes, m.queue)
		case harm.Move:
			return m.redrive()
		}
		return m.askExport()
	}))
	return nil
}
