package redrive

import (
	"context"
	"fmt"
	"slices"

	tea "charm.land/bubbletea/v2"

	"sqscope/backend"
	"sqscope/backend/redrive"
	"sqscope/backend/rules"
	"sqscope/themes"
	"sqscope/ui/dialog"
	"sqscope/ui/format"
	"sqscope/ui/screen"
	"sqscope/ui/text"
)

// placesRead are the names of the contexts that there are.
type placesRead struct {
	names []string
	err   error
}

// readPlaces asks which contexts there are: a destination may be in any that was
// opened in this run.
func (m *Model) readPlaces() tea.Cmd {
	contexts := m.Env.Host.Contexts
	return m.Do(screen.ReadLimit, func(ctx context.Context) tea.Msg {
		all, err := contexts(ctx)
		r := placesRead{err: err}
		for _, c := range all {
			r.names = append(r.names, c.Name)
		}
		return r
	})
}

// askDestination asks where to: back, to a quarantine queue, or to any queue of a
// place that is open. That the other contexts cannot be read leaves those of this.
func (m *Model) askDestination(r placesRead) tea.Cmd {
	conns := slices.Clone(m.Env.Conns)
	for _, name := range r.names {
		for _, c := range m.Env.Host.Opened(name) {
			if c.Fleet != nil && !slices.Contains(conns, c) {
				conns = append(conns, c)
			}
		}
	}
	choices := []dialog.Choice{
		{Label: "back to the sources", Note: "each message to the queue that dead-lettered it"},
		{Label: "a new quarantine queue", Note: "made here, keeps for 14 d, nobody receives from it"},
	}
	if q := m.Conn.Queue(m.queue); q != nil && len(q.Sources) == 0 && !q.AsOf.IsZero() {
		choices[0].Off = "no queue dead-letters into " + m.queue.Name
	}
	if err := m.Conn.Guard.CheckQueue("CreateQueue", ""); err != nil {
		choices[1].Off = backend.AsError(err).Next
	}
	run := []func() tea.Cmd{func() tea.Cmd { m.choice.to = nil; return m.chose() }, m.askQuarantine}
	for _, c := range conns {
		for _, q := range c.Fleet.Snapshot().Queues {
			to := end{c, q.ARN, q.URL}
			if c == m.Conn && q.ARN == m.queue {
				continue
			}
			note := "not read yet"
			if !q.AsOf.IsZero() {
				note = format.Count(q.Stored()) + " stored"
			}
			if c != m.Conn {
				note += " · " + c.Name
			}
			choice := dialog.Choice{Label: q.ARN.Name, Note: note}
			if err := c.Guard.CheckQueue("SendMessageBatch", q.ARN.Name); err != nil {
				choice.Off = fmt.Sprintf("access in %s is %s", c.Name, c.Guard.LevelOf(q.ARN.Name))
			}
			choices = append(choices, choice)
			run = append(run, func() tea.Cmd { m.choice.to = &to; return m.chose() })
		}
	}
	m.Env.Host.Ask(dialog.NewChoose(m.Env, text.Sprintf("Redrive %s to where?", m.queue.Name), choices, func(i int) tea.Cmd { return run[i]() }))
	return nil
}

// askQuarantine asks for the name of a quarantine queue, and makes it.
func (m *Model) askQuarantine() tea.Cmd {
	m.Env.Host.Ask(dialog.NewForm(m.Env, dialog.Form{
		Title: text.Const("A quarantine queue"),
		Notes: []text.Safe{text.Sprintf("It is made now, of the same kind as %s and encrypted in the same way, and keeps messages for 14 days. It has no policy: nobody receives from it by accident.", m.queue.Name)},
		Fields: []dialog.Field{{Label: "name", Value: redrive.QuarantineName(m.queue), Check: func(v string) string {
			if err := rules.QueueName(v, m.queue.FIFO()); err != nil {
				return backend.AsError(err).Message
			}
			return ""
		}}},
		Confirm: "make it",
		Run: func(v []string) tea.Cmd {
			q := m.Conn.Queue(m.queue)
			if q == nil {
				return m.Env.Host.Say(themes.Warn, text.Const("this queue is not in the list of queues"))
			}
			dlq := redrive.End{Stack: m.Conn.Stack, Context: m.Conn.Place.Context, URL: q.URL}
			return m.Act(func(ctx context.Context) tea.Msg {
				made, err := redrive.Quarantine(ctx, dlq, v[0])
				return madeQuarantine{v[0], made.URL, err}
			})
		},
	}))
	return nil
}

// madeQuarantine is a quarantine queue that was made, or found.
type madeQuarantine struct {
	name, url string
	err       error
}

// Late says so when the screen has gone.
func (q madeQuarantine) Late() (themes.Role, text.Safe) {
	if q.err != nil {
		return themes.Bad, text.Sprintf("the quarantine queue %s was not made: %s", q.name, q.err.Error())
	}
	return themes.Good, text.Sprintf("made the quarantine queue %s", q.name)
}

func (m *Model) quarantined(q madeQuarantine) tea.Cmd {
	if q.err != nil {
		return m.Env.Host.Fail(q.err)
	}
	m.Conn.Fleet.RefreshAll()
	arn := m.queue
	arn.Name = q.name
	m.choice.to = &end{m.Conn, arn, q.url}
	return tea.Batch(m.chose(), m.Env.Host.Say(q.Late()))
}

// destinations are the names of where messages go.
func (m *Model) destinations() []string {
	if m.choice.to != nil {
		return []string{m.choice.to.arn.Name}
	}
	names := make([]string, len(m.card.To))
	for i, d := range m.card.To {
		names[i] = d.ARN.Name
	}
	return names
}
