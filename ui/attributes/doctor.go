package attributes

import (
	"cmp"
	"time"

	tea "charm.land/bubbletea/v2"

	"sqscope/backend"
	"sqscope/backend/doctor"
	"sqscope/backend/fleet"
	"sqscope/keymap"
	"sqscope/themes"
	"sqscope/ui/dialog"
	"sqscope/ui/screen"
	"sqscope/ui/text"
)

// facts are what is known of the queue now. Of the picture only the queue and its
// dead-letter queue matter.
func (m *Model) facts() doctor.Facts {
	snap := m.Conn.Fleet.Snapshot()
	small := *snap
	small.Queues = nil
	small.ListComplete = snap.ListComplete && snap.Known == len(snap.Queues)
	q := snap.Queue(m.queue)
	if q == nil {
		return doctor.Facts{Queue: m.queue}
	}
	two := []*fleet.Queue{q}
	if q.DLQ != nil && *q.DLQ != m.queue {
		if dlq := snap.Queue(*q.DLQ); dlq != nil {
			two = append(two, dlq)
			if dlq.ARN.Name < q.ARN.Name {
				two[0], two[1] = dlq, q
			}
		}
	}
	small.Queues = two
	for _, f := range doctor.Observe(&small, time.Now(), m.Conn.Place.Embedded) {
		if f.Queue == m.queue {
			f.SourcesKnown = small.ListComplete
			f.Mappings, f.Subscriptions = m.wiring.facts()
			return f
		}
	}
	return doctor.Facts{Queue: m.queue}
}

func findingKey(f doctor.Finding) string { return string(f.ID) + " " + f.About }

// doctorView draws what is wrong, the worst first.
func (m *Model) doctorView(w, h int) string {
	if len(m.found) == 0 {
		return m.say(themes.Good, text.Const("✓ nothing is wrong with this queue, as far as is known"), w, h)
	}
	if w >= sideBySide {
		return m.withPanel(w, h, m.findingRows, m.findingPanel())
	}
	t := m.Env.Theme
	above := min(len(m.found)+1, h/2)
	return m.list().View(w, above, t, m.findingRows) + "\n" + m.panel(m.findingPanel(), w, h-above)
}

// harmRole and harmSign say how bad it is.
func harmRole(h doctor.Harm) (role themes.Role, sign string) {
	switch h {
	case doctor.Loses, doctor.Exposes:
		return themes.Bad, "✗"
	case doctor.Blocks, doctor.Costs:
		return themes.Warn, "!"
	}
	return themes.Dim, "·"
}

func (m *Model) findingRows(i, w int) []string {
	t, f := m.Env.Theme, m.found[i]
	role, sign := harmRole(f.Harm)
	const harm = 18
	return []string{t.Paint(role, text.Const(sign+" "+f.Harm.String()).Pad(harm).String()) + t.Paint(themes.Text, text.Clean(f.Title).Truncate(max(1, w-harm)).String())}
}

// findingPanel says why the finding under the cursor matters, and what mends it.
func (m *Model) findingPanel() []dialog.Line {
	at := m.lists[doctorPart].At()
	if at >= len(m.found) {
		return nil
	}
	f := m.found[at]
	role, sign := harmRole(f.Harm)
	lines := []dialog.Line{
		{Role: role, Text: text.Sprintf("%s %s", sign, f.Title)},
		{Role: themes.Text, Text: text.Clean(f.Why)},
		{},
	}
	key := m.Env.Keys.Action(keymap.AttributesEdit).Key()
	for _, c := range f.Fix.Changes {
		lines = append(lines, dialog.Line{Role: themes.Strong, Text: text.Sprintf("%s sets %s of %s: %s → %s", key, c.Name, f.Fix.Queue.Name, c.From, c.To)})
	}
	if f.Fix.Open != doctor.Nowhere {
		lines = append(lines, dialog.Line{Role: themes.Strong, Text: text.Sprintf("%s: %s", key, f.Fix.Open)})
	}
	if f.Fix.Note != "" {
		lines = append(lines, dialog.Line{Role: themes.Text, Text: text.Clean(f.Fix.Note)})
	}
	return append(lines, dialog.Line{Role: themes.Dim, Text: text.Sprintf("docs/SQS.md %s", f.Section)})
}

func (m *Model) noMend(f doctor.Finding) string {
	switch {
	case f.Fix.Attributes != nil:
		if err := m.Conn.Guard.CheckQueue("SetQueueAttributes", f.Fix.Queue.Name); err != nil {
			e := backend.AsError(err)
			return e.Message + ": " + e.Next
		}
	case f.Fix.Open == doctor.CreateDLQ:
		return m.denied("CreateQueue")
	case f.Fix.Open == doctor.Nowhere:
		return cmp.Or(f.Fix.Note, "nothing that could be set mends this")
	}
	return ""
}

// mend shows what a finding's fix changes, or opens the place where a person
// mends it.
func (m *Model) mend(f doctor.Finding) tea.Cmd {
	if f.Fix.Attributes != nil {
		first := []dialog.Line{{Role: themes.Text, Text: text.Clean(f.Why)}}
		for _, c := range f.Fix.Changes {
			first = append(first, dialog.Line{Role: themes.Strong, Text: text.Sprintf("%s of %s: %s → %s", c.Name, f.Fix.Queue.Name, c.From, c.To)})
		}
		if f.Fix.Note != "" {
			first = append(first, dialog.Line{Role: themes.Warn, Text: text.Sprintf("! %s", f.Fix.Note)})
		}
		return m.review(f.Fix.Queue, text.Sprintf("Mend it by changing %s?", f.Fix.Queue.Name), f.Fix.Attributes, append(first, dialog.Line{}))
	}
	switch f.Fix.Open {
	case doctor.CreateDLQ:
		return m.Open(screen.Create, m.queue)
	case doctor.RedriveForm:
		m.part = settingsPart
		m.list().Select(backend.AttrRedrivePolicy)
		return m.chooseDLQ()
	case doctor.PolicyEditor:
		return m.open(policyPart)
	case doctor.DeadLetters:
		return m.Open(screen.DeadLetters, m.queue)
	}
	return m.open(settingsPart)
}

// openQueue shows another queue in this way.
func (m *Model) openQueue(arn backend.ARN) tea.Cmd { return m.Open(screen.Attributes, arn) }
