package redrive

import (
	"cmp"
	"context"
	"strings"
	"sync"

	tea "charm.land/bubbletea/v2"

	"sqscope/backend"
	"sqscope/backend/redrive"
	"sqscope/themes"
	"sqscope/ui/dialog"
	"sqscope/ui/format"
	"sqscope/ui/screen"
	"sqscope/ui/text"
)

// run is a redrive under way, or one that has ended. The goroutine that moves
// writes it, the screen reads.
type run struct {
	work   *screen.Work
	choice choice
	from   string
	to     []string // names of the destinations
	total  int      // messages, fixed at the start; -1: not known
	seen   bool     // the screen has shown how it ended

	mu      sync.Mutex
	state   redrive.State
	entered map[redrive.Phase]bool
	result  *redrive.Result // nil: it has not ended
	err     error
}

func (r *run) tell(s redrive.State) {
	r.mu.Lock()
	r.state, r.entered[s.Phase] = s, true
	r.mu.Unlock()
	r.note()
}

// note notes for other screens how far it is.
func (r *run) note() {
	s, _, _ := r.look()
	r.work.Tell(r.words(), screen.Step{Doing: doing(s), Moved: r.moved(s), Total: r.total, To: r.to})
}

// doing is the phase in a word; before the first it is looked once more what stands
// against it.
func doing(s redrive.State) string { return cmp.Or(string(s.Phase), "preflight") }

func (r *run) end(res redrive.Result, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.result, r.err = &res, err
}

// look is how it stands. A result is there once it has ended.
func (r *run) look() (redrive.State, *redrive.Result, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.state, r.result, r.err
}

// words say in a few words how far it is.
func (r *run) words() text.Safe {
	s, res, err := r.look()
	switch {
	case err != nil:
		return text.Const("ended before its time")
	case res != nil:
		return text.Sprintf("ended: %s of %s", format.Count(res.Moved()), ofTotal(r.total))
	}
	return text.Sprintf("%s: %s of %s", doing(s), format.Count(r.moved(s)), ofTotal(r.total))
}

// moved is how many messages were moved so far, SQS's own task's among them.
func (r *run) moved(s redrive.State) int {
	if r.choice.native {
		return s.Moved + s.Task.Moved()
	}
	return s.Moved
}

func ofTotal(n int) string {
	if n < 0 {
		return "an unknown number"
	}
	return format.Count(n)
}

type (
	ticked struct{ of *run }
	ended  struct{ of *run }
)

// Late says how it ended after the screen had gone.
func (e ended) Late() (themes.Role, text.Safe) {
	_, res, err := e.of.look()
	what := text.Sprintf("redrive of %s", e.of.from)
	switch {
	case err != nil:
		return themes.Bad, text.Join(what, text.Sprintf(": %s", err.Error()))
	case res.Stopped != "":
		return themes.Warn, text.Join(what, text.Sprintf(" stopped after %s: %s", format.Plural(res.Moved(), "message"), res.Stopped))
	}
	role, line := themes.Good, text.Join(what, text.Sprintf(" ended: %s", res.Picture.Line()))
	if n := len(e.of.failed()); n > 0 {
		line = text.Join(line, text.Sprintf(", %s not moved", format.Count(n)))
		role = themes.Warn
	}
	if res.Picture.Returned() > 0 {
		role = themes.Warn
	}
	return role, line
}

// noStart is why the plan cannot be carried out, or "".
func (m *Model) noStart() string {
	switch {
	case m.examining:
		return "it is still being looked what stands against it"
	case m.err != nil:
		return "there is no preflight: " + m.err.Error()
	case m.card.Card == nil:
		return "there is no preflight yet"
	case m.card.Blocked():
		f := m.card.Of(redrive.Blocker)[0]
		return strings.TrimSpace(f.Queue.Name + " " + f.Text)
	}
	return ""
}

// needs is the action whose level a redrive takes.
func (m *Model) needs() string {
	if m.choice.native {
		return "StartMessageMoveTask"
	}
	return "DeleteMessageBatch"
}

// askStart asks for the queue's name.
func (m *Model) askStart() tea.Cmd {
	c := m.card
	notes := []text.Safe{text.Sprintf("About %s, to %s.", count(c.Count), strings.Join(m.destinations(), ", "))}
	note := func(when bool, s text.Safe) {
		if when {
			notes = append(notes, s)
		}
	}
	note(c.Canary > 0, text.Sprintf("The first %d are moved and watched for up to %s; more follow only if none of them, or as few as you allow, come back.", c.Canary, format.Span(c.Window)))
	note(c.Canary == 0, text.Const("There is no canary: all are moved, and watched afterwards."))
	for _, f := range c.Of(redrive.Warning) {
		notes = append(notes, text.Sprintf("! %s %s", f.Queue.Name, f.Text))
	}
	note(c.Reads, text.Sprintf("%s is received from to see what comes back.", m.queue.Name))
	notes = append(notes, text.Const("They become new messages: new ids, new times, receive counts from zero. Moving is not undone by cancelling."))
	m.Env.Host.Ask(dialog.NewForm(m.Env, dialog.Form{
		Title: text.Sprintf("Redrive %s of %s?", count(c.Count), m.queue.Name), Notes: notes, Danger: true,
		Fields: []dialog.Field{dialog.TypeName(m.queue.Name)}, Confirm: "redrive",
		Run: func([]string) tea.Cmd { return m.start() },
	}))
	return nil
}

// start carries the plan out. It goes on when the screen is left.
func (m *Model) start() tea.Cmd {
	for _, w := range m.Env.Works.Of(m.spec) {
		if w.Going() {
			return m.Env.Host.Say(themes.Warn, text.Sprintf("%s is under way", w.Name))
		}
	}
	r := &run{choice: m.choice, from: m.queue.Name, to: m.destinations(), total: m.card.Count, entered: map[redrive.Phase]bool{}}
	r.work = &screen.Work{Spec: m.spec, Name: text.Sprintf("the redrive of %s", m.queue.Name), State: r}
	r.note()
	plan := m.planWith(m.known)
	m.run, m.top = r, 0
	return tea.Batch(m.Begin(r.work, func(ctx context.Context) tea.Msg {
		r.end(redrive.Run(ctx, plan(ctx), r.tell))
		return ended{r}
	}), m.After(every, ticked{r}))
}

// ticked draws anew while it goes on.
func (m *Model) ticked(t ticked) tea.Cmd {
	if m.run != t.of {
		return nil
	}
	if _, res, _ := t.of.look(); res != nil {
		t.of.seen = true
		return nil
	}
	return m.After(every, t)
}

func (m *Model) ended(e ended) tea.Cmd {
	e.of.seen = true
	m.top = 0
	refresh := []backend.ARN{m.queue}
	_, res, err := e.of.look()
	for _, mv := range res.Moves {
		if mv.Open {
			m.NoteUnfinished(m.Env.Unfinished + 1)
		}
	}
	if res.Card != nil {
		for _, d := range res.Card.To {
			refresh = append(refresh, d.ARN)
		}
	}
	for _, arn := range refresh {
		m.Conn.Fleet.Refresh(arn)
	}
	if err != nil {
		return m.Env.Host.Fail(err)
	}
	return m.Env.Host.Say(e.Late())
}

// askCancel asks before a redrive is stopped.
func (m *Model) askCancel() tea.Cmd {
	r := m.run
	s, _, _ := r.look()
	m.Env.Host.Ask(dialog.NewForm(m.Env, dialog.Form{
		Title:   text.Sprintf("Stop the redrive of %s?", r.from),
		Notes:   []text.Safe{text.Sprintf("%s of %s are moved and stay where they are. What is on its way is finished, the rest stays here.", format.Count(r.moved(s)), ofTotal(r.total))},
		Confirm: "stop it", Danger: true,
		Run: func([]string) tea.Cmd {
			r.work.Cancel()
			return m.Env.Host.Say(themes.Dim, text.Const("stopping: what is on its way is finished"))
		},
	}))
	return nil
}
