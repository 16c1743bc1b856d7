package look

import (
	"context"
	"sync/atomic"
	"time"

	tea "charm.land/bubbletea/v2"

	"sqscope/backend"
	"sqscope/backend/peek"
	"sqscope/themes"
	"sqscope/ui/format"
	"sqscope/ui/text"
)

// Update takes the answers to the commands of the look, and tells whether msg was
// one: then there may be more to take.
func (l *Look) Update(msg tea.Msg) (cmd tea.Cmd, done bool) {
	switch msg := msg.(type) {
	case consumers:
		l.consumers = msg.names
		return nil, true
	case recalled:
		return l.recalledAs(msg), true
	case progressed:
		return l.progressedTo(msg), true
	case looked:
		return l.lookedAt(msg), true
	case kept:
		return l.keptUntil(msg), true
	}
	return nil, false
}

// Tick repeats a look where that is free. What a long reading has found stays
// until somebody reads again, and where much is stored it is read less often.
func (l *Look) Tick() tea.Cmd {
	every := browseEvery
	if len(l.all) > quickLook {
		every *= 10
	}
	if !l.Free || l.asked.Match != nil || l.looking || time.Since(l.looked) < every || l.Denied() != "" {
		return nil
	}
	return l.Look(l.asked)
}

// Ask looks at the usual number, and asks before it where that could harm.
func (l *Look) Ask() tea.Cmd {
	if !l.Open() {
		return l.notOpen()
	}
	if !l.recalled {
		l.wanted = true
		return nil
	}
	r := Request{Want: l.usual()}
	if l.Free {
		l.asked = Request{}
		return l.Look(l.asked)
	}
	p := l.session.Preflight(l.around(), r.Want)
	if !harmful(p) && (len(p.Consumers) == 0 || p.Receives > 0) {
		return l.Look(r)
	}
	l.base.Env.Host.Ask(l.card(r, p, nil))
	return nil
}

// AskMore asks how many messages are to be looked at.
func (l *Look) AskMore() tea.Cmd {
	return l.AskNumber(Request{Want: l.usual()}, "Look at how many messages of "+l.queue.Name+"?", "messages", "look")
}

// Forget goes back to what the queue holds, where something was sought, and tells
// whether it was.
func (l *Look) Forget() (tea.Cmd, bool) {
	if !l.Free || l.asked.Match == nil {
		return nil, false
	}
	l.asked = Request{}
	return l.Look(l.asked), true
}

// looked is the end of a look.
type looked struct {
	Request
	peek.Found
	before int // messages that were seen before it
	err    error
}

type progressed struct{ n int }

// Look reads messages: again what is stored where that is free, else so many
// more.
func (l *Look) Look(r Request) tea.Cmd {
	if l.looking || !l.Open() {
		return nil
	}
	l.looking, l.doing, l.progress = true, r, &atomic.Pointer[peek.Found]{}
	l.looks++
	l.keptLong = false
	session, progress, before := l.session, l.progress, len(l.all)
	want := r.Want
	if l.Free {
		want = max(want, l.browse)
	}
	look, stop := l.base.Stoppable(lookLimit, func(ctx context.Context) tea.Msg {
		if r.Match != nil {
			match := func(msg peek.Message) bool { return r.Match(ctx, msg) }
			found, err := session.LookFor(ctx, r.Want, match, func(f peek.Found) { progress.Store(&f) })
			return looked{r, found, before, err}
		}
		state, err := session.Look(ctx, want, func(st peek.State) { progress.Store(&peek.Found{State: st}) })
		return looked{r, peek.Found{State: state}, before, err}
	})
	l.stop = stop
	if l.quiet() {
		return look
	}
	return tea.Batch(look, l.base.After(progressFrom, progressed{l.looks}))
}

// progressedTo shows how far a look has come.
func (l *Look) progressedTo(p progressed) tea.Cmd {
	if !l.looking || p.n != l.looks {
		return nil
	}
	if f := l.progress.Load(); f != nil {
		l.state, l.found = f.State, *f
	}
	return l.base.After(progressFrom, p)
}

// lookedAt takes the end of a look. Where it stopped for something that a person
// has to decide, it is asked.
func (l *Look) lookedAt(end looked) tea.Cmd {
	l.stop()
	l.looking, l.looked, l.state, l.found, l.err = false, time.Now(), end.State, end.Found, end.err
	if backend.KindOf(end.err) == backend.KindCancelled {
		l.err = nil // by whoever reads this
	}
	l.base.Conn.Fleet.Refresh(l.queue)
	cmd := l.note()
	if l.err == nil {
		l.askAgain(end)
	}
	return cmd
}

// askAgain asks for the rest of a look that stopped so that a person can decide.
func (l *Look) askAgain(end looked) {
	all := len(l.Take())
	rest := end.Request
	if rest.Match == nil {
		rest.Want -= all - end.before
	} else {
		rest.Want -= end.Matched
	}
	if rest.Want <= 0 {
		return
	}
	p := l.session.Preflight(l.around(), rest.Want)
	var happened string
	switch end.Stop {
	case peek.StopGrew:
		happened = "The look stopped after " + format.Plural(all, "message") + " because the dead-letter queue grew; by whom cannot be told: it may have been a consumer."
	case peek.StopAsk, peek.StopDeadLetter:
		happened = "Nothing was received: " + end.Stop.Words() + "."
	default:
		return
	}
	l.base.Env.Host.Ask(l.card(rest, p, []text.Safe{text.Clean(happened)}))
}

// Stop ends the look that is under way. What it has read stays.
func (l *Look) Stop() tea.Cmd {
	l.stop()
	return l.base.Env.Host.Say(themes.Warn, text.Const("stopped looking; what was read stays"))
}

// Refresh reads counts and, where that is free, messages; it never receives.
func (l *Look) Refresh() tea.Cmd {
	l.base.Conn.Fleet.Refresh(l.queue)
	if l.Free {
		return l.Look(l.asked)
	}
	return l.base.Env.Host.Say(themes.Dim, text.Const("read the counts again; l looks at messages, which is a receive"))
}
