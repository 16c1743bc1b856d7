package deadletters

import (
	"slices"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"sqscope/backend/triage"
	"sqscope/backend/triage/arrange"
	"sqscope/ui/dialog"
	"sqscope/ui/format"
	"sqscope/ui/text"
)

// askLabel asks for a name of the group.
func (m *Model) askLabel() tea.Cmd {
	g := m.here()
	if g == nil {
		return nil // it went while the key was on its way
	}
	id := g.ID
	m.Env.Host.Ask(dialog.NewForm(m.Env, dialog.Form{
		Title: text.Const("A name for this group"), Confirm: "name it",
		Notes:  []text.Safe{text.Clean(g.Title), text.Const("It is kept for this queue and stands in reports.")},
		Fields: []dialog.Field{{Label: "label", Value: g.Label, Hint: "empty: none"}},
		Run: func(v []string) tea.Cmd {
			label := strings.TrimSpace(v[0])
			said := text.Sprintf("the group is called %s", label)
			if label == "" {
				said = text.Const("the group has no name of yours any more")
			}
			return m.change(said, func(r *arrange.Rules) error { r.SetLabel(id, label); return nil })
		},
	}))
	return nil
}

// change arranges something, keeps it and groups by it.
func (m *Model) change(said text.Safe, f func(r *arrange.Rules) error) tea.Cmd {
	if err := m.arrange(f); err != nil {
		return m.Env.Host.Fail(err)
	}
	return m.save(said)
}

// askSplit asks how the group is to be taken apart.
func (m *Model) askSplit() tea.Cmd {
	g := m.here()
	if g == nil {
		return nil
	}
	id, title := g.ID, name(g)
	split := func(s arrange.Split) tea.Cmd {
		s.Group = id
		m.inside = ""
		return m.change(text.Sprintf("took %s apart; U takes that back", title), func(r *arrange.Rules) error { return r.AddSplit(s) })
	}
	var marked []string
	if m.inside != "" {
		marked = m.present(m.list.Marked())
	}
	choices := []dialog.Choice{
		{Label: "by a field", Note: "a group for each value that it has"},
		{Label: "by a time", Note: "those sent before it, and those from then on"},
		{Label: "the marked messages", Note: "and the others", Off: map[bool]string{true: "open the group and mark some first"}[len(marked) == 0]},
	}
	m.Env.Host.Ask(dialog.NewChoose(m.Env, text.Sprintf("Take %s apart", title), choices, func(i int) tea.Cmd {
		switch i {
		case 0:
			return m.askField(split)
		case 1:
			return m.askTime(split)
		}
		return split(arrange.Split{Messages: marked})
	}))
	return nil
}

func (m *Model) askField(split func(arrange.Split) tea.Cmd) tea.Cmd {
	m.Env.Host.Ask(dialog.NewForm(m.Env, dialog.Form{
		Title: text.Const("Take the group apart by which field?"), Confirm: "split",
		Notes: []text.Safe{text.Const("A path into the body, as the reader's . copies it, or attribute:NAME.")},
		Fields: []dialog.Field{{Label: "field", Value: m.place(), Hint: ".order.channel", Check: func(v string) string {
			return placesWrong(v, false)
		}}},
		Run: func(v []string) tea.Cmd { return split(arrange.Split{By: strings.TrimSpace(v[0])}) },
	}))
	return nil
}

// place is the field under the reader's cursor, as rules name it.
func (m *Model) place() string {
	path := strings.TrimPrefix(m.reader.Path(), ".json")
	if strings.HasPrefix(path, ".") && path != "." && placesWrong(path, false) == "" {
		return path
	}
	return ""
}

func (m *Model) askTime(split func(arrange.Split) tea.Cmd) tea.Cmd {
	now := m.localNow()
	m.Env.Host.Ask(dialog.NewForm(m.Env, dialog.Form{
		Title: text.Const("Take the group apart at which time?"), Confirm: "split",
		Fields: []dialog.Field{{Label: "time", Hint: "14:05, 2026-03-14 14:05, 20m ago", Check: func(v string) string {
			if _, err := arrange.ParseMarker(v, now); err != nil {
				return "write a time as 14:05 or 20m ago"
			}
			return ""
		}}},
		Run: func(v []string) tea.Cmd {
			marker, err := arrange.ParseMarker(v[0], now)
			if err != nil {
				return m.Env.Host.Fail(err)
			}
			return split(arrange.Split{At: marker.At})
		},
	}))
	return nil
}

// localNow is the queues' time in the zone that times are shown in.
func (m *Model) localNow() time.Time {
	if m.Env.UTC {
		return m.Conn.Now().UTC()
	}
	return m.Conn.Now().Local()
}

// merge makes one group of the marked ones.
func (m *Model) merge() tea.Cmd {
	var ids []string
	for _, g := range m.markedGroups() {
		ids = append(ids, g.ID)
	}
	m.groups.UnmarkAll()
	m.goTo = arrange.Merge{Groups: ids}.ID()
	return m.change(text.Sprintf("made one group of %d; U takes that back", len(ids)), func(r *arrange.Rules) error { return r.AddMerge(ids...) })
}

// merged tells whether a merge made a group.
func (m *Model) merged(g *triage.Group) bool {
	return slices.ContainsFunc(m.rules.Merges, func(merge arrange.Merge) bool { return merge.ID() == g.ID })
}

func (m *Model) noUndo() string {
	if len(m.rules.Merges)+len(m.rules.Splits) == 0 {
		return "nothing was split or merged"
	}
	return ""
}

// askUndo takes a merge or a split back.
func (m *Model) askUndo() tea.Cmd {
	var choices []dialog.Choice
	var ids []string
	for _, merge := range slices.Backward(m.rules.Merges) {
		c := dialog.Choice{Label: "the merge of " + format.Plural(len(merge.Groups), "group")}
		if g := m.groupOf(merge.ID()); g != nil {
			c.Note = name(g)
		}
		choices, ids = append(choices, c), append(ids, merge.ID())
	}
	for _, s := range slices.Backward(m.rules.Splits) {
		choices, ids = append(choices, dialog.Choice{Label: "the split " + m.splitWords(s)}), append(ids, s.Group)
	}
	m.Env.Host.Ask(dialog.NewChoose(m.Env, text.Const("Take back"), choices, func(i int) tea.Cmd {
		m.inside = ""
		return m.change(text.Sprintf("took back %s", choices[i].Label), func(r *arrange.Rules) error { r.Undo(ids[i]); return nil })
	}))
	return nil
}

func (m *Model) splitWords(s arrange.Split) string {
	switch {
	case s.By != "":
		return "by " + s.By
	case len(s.Messages) > 0:
		return "into " + format.Plural(len(s.Messages), "message") + " and the others"
	}
	return "at " + format.Stamp(s.At, m.Env.UTC)
}

// askRules asks what makes the groups.
func (m *Model) askRules() tea.Cmd {
	conf := m.configured()
	field := func(label string, value, configured []string, hint string) dialog.Field {
		if len(configured) > 0 {
			hint = "empty: as configured, " + strings.Join(configured, ", ")
		}
		return dialog.Field{Label: label, Value: strings.Join(value, ", "), Hint: hint, Check: func(v string) string { return placesWrong(v, true) }}
	}
	m.Env.Host.Ask(dialog.NewForm(m.Env, dialog.Form{
		Title: text.Sprintf("What makes the groups of %s", m.queue.Name), Confirm: "group",
		Notes: []text.Safe{text.Const("Fields are paths into the body, as .order.channel, or attribute:NAME; several with commas between them.")},
		Fields: []dialog.Field{
			field("group by", m.rules.By, conf.By, "empty: they are found"),
			field("ignore", m.rules.Ignore, conf.Ignore, "fields that tell nothing"),
			field("titles", m.rules.Titles, conf.Titles, "fields whose values make the titles"),
		},
		Run: func(v []string) tea.Cmd {
			m.inside = ""
			return m.change(text.Const("grouped by that, also in the next runs"), func(r *arrange.Rules) error {
				r.By, r.Ignore, r.Titles = places(v[0]), places(v[1]), places(v[2])
				return nil
			})
		},
	}))
	return nil
}

// places are the fields of a list with commas.
func places(v string) (out []string) {
	for _, p := range strings.Split(v, ",") {
		if p = strings.TrimSpace(p); p != "" {
			out = append(out, p)
		}
	}
	return out
}

// placesWrong says what is wrong with the fields of a list, or with one field.
func placesWrong(v string, several bool) string {
	all := places(v)
	if !several && len(all) != 1 {
		return "one field is needed"
	}
	for _, p := range all {
		if attribute, is := strings.CutPrefix(p, arrange.AttributePlace); is && attribute != "" {
			continue
		}
		if !strings.HasPrefix(p, ".") || len(p) < 2 {
			return p + ": a field begins with a dot, or with attribute:"
		}
	}
	return ""
}

// askMarker adds a marker, or takes one away.
func (m *Model) askMarker() tea.Cmd {
	if len(m.markers) == 0 {
		return m.addMarker()
	}
	choices := []dialog.Choice{{Label: "add one", Note: "a deploy, an alarm, a config change"}}
	for _, marker := range m.markers {
		choices = append(choices, dialog.Choice{Label: "take away: " + marker.Text, Note: format.Stamp(marker.At, m.Env.UTC)})
	}
	m.Env.Host.Ask(dialog.NewChoose(m.Env, text.Const("Markers in the histograms"), choices, func(i int) tea.Cmd {
		if i == 0 {
			return m.addMarker()
		}
		gone := m.markers[i-1]
		m.markers = slices.Delete(slices.Clone(m.markers), i-1, i)
		return m.save(text.Sprintf("took the marker %s away", gone.Text))
	}))
	return nil
}

func (m *Model) addMarker() tea.Cmd {
	now := m.localNow()
	m.Env.Host.Ask(dialog.NewForm(m.Env, dialog.Form{
		Title: text.Const("What happened when?"), Confirm: "mark it",
		Notes: []text.Safe{text.Const("It stands in the histograms of this queue, so that one sees what came after it.")},
		Fields: []dialog.Field{{Label: "marker", Hint: "deploy 14:05, deploy 20m ago", Check: func(v string) string {
			if _, err := arrange.ParseMarker(v, now); err != nil {
				return "say what and when: deploy 14:05, deploy 20m ago"
			}
			return ""
		}}},
		Preview: func(v []string) []dialog.Line {
			marker, err := arrange.ParseMarker(v[0], now)
			if err != nil {
				return nil
			}
			return []dialog.Line{{Text: text.Sprintf("%s at %s", marker.Text, format.Stamp(marker.At, m.Env.UTC))}}
		},
		Run: func(v []string) tea.Cmd {
			marker, err := arrange.ParseMarker(v[0], now)
			if err != nil {
				return m.Env.Host.Fail(err)
			}
			m.markers = append(slices.Clone(m.markers), marker)
			slices.SortStableFunc(m.markers, func(a, b arrange.Marker) int { return a.At.Compare(b.At) })
			return m.save(text.Sprintf("marked %s at %s", marker.Text, format.Stamp(marker.At, m.Env.UTC)))
		},
	}))
	return nil
}
