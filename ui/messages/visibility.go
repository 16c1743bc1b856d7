package messages

import (
	"context"
	"strconv"
	"time"

	tea "charm.land/bubbletea/v2"

	"sqscope/backend/peek"
	"sqscope/backend/rules"
	"sqscope/themes"
	"sqscope/ui/dialog"
	"sqscope/ui/format"
	"sqscope/ui/screen"
	"sqscope/ui/text"
)

// usualHold is what the dialog offers.
const usualHold = "10m"

type gaveBack struct{ err error }

// giveBack gives back all that is on lease.
func (m *Model) giveBack() tea.Cmd {
	session := m.look.Session()
	return m.Do(screen.ActLimit, func(ctx context.Context) tea.Msg { return gaveBack{session.Release(ctx)} })
}

func (m *Model) gaveBack(g gaveBack) tea.Cmd {
	if g.err != nil {
		return tea.Batch(m.take(), m.Env.Host.Fail(g.err))
	}
	return tea.Batch(m.take(), m.Env.Host.Say(themes.Good, text.Const("gave back what was leased")))
}

// noLease is why there is nothing to give back.
func (m *Model) noLease() string {
	if m.look.Free {
		return "browsing leases nothing: there is nothing to give back or to keep"
	}
	now := time.Now()
	for i := range m.all {
		if m.all[i].Leased(now) {
			return ""
		}
	}
	return "nothing is leased"
}

// noHold is why no visibility can be changed here.
func (m *Model) noHold() string {
	if why := m.noChoice(); why != "" {
		return why
	}
	if why := m.noLease(); why != "" {
		return why
	}
	if len(m.onLease(m.chosen())) == 0 {
		return "what is chosen is not on lease; look again to lease it"
	}
	return ""
}

// onLease are those of the messages that we have on lease.
func (m *Model) onLease(ids []string) (out []string) {
	now := time.Now()
	for _, id := range ids {
		if msg := m.byID(id); msg != nil && msg.Leased(now) {
			out = append(out, id)
		}
	}
	return out
}

// askHold asks how long the chosen messages are to stay hidden.
func (m *Model) askHold() tea.Cmd {
	chosen := m.chosen()
	ids := m.onLease(chosen)
	if len(ids) == 0 {
		return nil // the lease ran out while the key was on its way
	}
	form := dialog.Form{
		Title:   text.Sprintf("How long to hold %s of %s?", format.Plural(len(ids), "message"), m.queue.Name),
		Notes:   []text.Safe{text.Const("From now on nobody else receives it for that long, up to 12 h since it was received. Leaving the screen gives it back all the same.")},
		Confirm: "change",
		Fields:  []dialog.Field{{Label: "hold for", Value: usualHold, Hint: "0 gives back now · 30s · 10m · 2h", Check: checkHold}},
		Preview: func(v []string) []dialog.Line { return holdPreview(v[0], m.Env.UTC) },
		Run: func(v []string) tea.Cmd {
			s, err := strconv.Atoi(format.WholeSeconds(v[0]))
			if err != nil {
				return m.Env.Host.Fail(err) // the check lets nothing through that is none
			}
			return m.hold(ids, time.Duration(s)*time.Second)
		},
	}
	if n := len(chosen) - len(ids); n > 0 {
		form.Notes = append(form.Notes, text.Sprintf("%d more that are chosen are not on lease, and stay as they are.", n))
	}
	m.Env.Host.Ask(dialog.NewForm(m.Env, form))
	return nil
}

// checkHold is why a time cannot be taken (docs/SQS.md 1.15).
func checkHold(v string) string {
	s, err := strconv.Atoi(format.WholeSeconds(v))
	switch {
	case err != nil || s < 0:
		return "a length of time in whole seconds, such as 0, 90, 30s, 10m or 1h 30m"
	case s > rules.MaxVisibility:
		return "12 h are the most"
	}
	return ""
}

// holdPreview says what a time would do.
func holdPreview(v string, utc bool) []dialog.Line {
	if wrong := checkHold(v); wrong != "" {
		return []dialog.Line{{Role: themes.Bad, Text: text.Clean("✗ " + wrong)}}
	}
	s, _ := strconv.Atoi(format.WholeSeconds(v)) // checked
	if s == 0 {
		return []dialog.Line{{Role: themes.Text, Text: text.Const("Given back: consumers may receive it at once.")}}
	}
	until := time.Now().Add(time.Duration(s) * time.Second)
	return []dialog.Line{{Role: themes.Text, Text: text.Sprintf("Hidden from consumers until %s.", format.Stamp(until, utc))}}
}

// held is the answer to a change of visibility.
type held struct {
	ids     []string
	d       time.Duration
	changes peek.Changes
}

func (m *Model) hold(ids []string, d time.Duration) tea.Cmd {
	session := m.look.Session()
	return m.Act(func(ctx context.Context) tea.Msg { return held{ids, d, session.ChangeVisibility(ctx, ids, d)} })
}

// Late says what was changed after the screen had gone.
func (h held) Late() (themes.Role, text.Safe) {
	n := format.Plural(len(h.changes.Changed), "message")
	role, line := themes.Good, text.Sprintf("holding %s for %s", n, format.Span(h.d))
	if h.d == 0 {
		line = text.Sprintf("gave back %s", n)
	}
	if failed := len(h.changes.Failed); failed > 0 {
		role, line = themes.Warn, text.Join(line, text.Sprintf(" · %d not: %s", failed, h.changes.Failed[0].Err.Error()))
	}
	return role, line
}

// held says what was changed, and of each of the others why it was not.
func (m *Model) held(h held) tea.Cmd {
	if failed := h.changes.Failed; len(failed) > 0 {
		what := "held"
		if h.d == 0 {
			what = "given back"
		}
		m.Env.Host.Ask(dialog.NewResults(m.Env, dialog.Results{
			Title: text.Sprintf("%d of %s %s", len(h.changes.Changed), format.Plural(len(h.ids), "message"), what),
			Rows:  m.deletion.Failures(h.ids, failed, what),
			Word:  "try just these again",
			Again: func() tea.Cmd {
				var ids []string
				for _, f := range failed {
					ids = append(ids, f.MessageId)
				}
				return m.hold(ids, h.d)
			},
		}))
	}
	m.Conn.Fleet.Refresh(m.queue)
	return tea.Batch(m.take(), m.Env.Host.Say(h.Late()))
}
