// Package scene is the live picture of the embedded engine at work: who sends,
// what lies in which queue, who holds what and for how long, and what goes wrong.
// Time can be stopped, stepped, sped up and turned back, and knobs can be turned
// while everything runs.
//
// Promises: what is drawn is one picture of the engine's, whose counts and ledgers
// are of one moment. A command takes pictures up to thirty times a second, but
// only while time runs or something is on its way, and only while the screen is on
// top; it answers only if there is something new to draw. In low motion nothing
// travels, and pictures come with the ticks of the root. Events are delivered best
// effort: where some were missed, the log says so.
package scene

import (
	"context"
	"time"

	tea "charm.land/bubbletea/v2"

	"sqscope/backend"
	"sqscope/ui/screen"
	"sqscope/ui/text"
)

const (
	// frame is how long a picture stays at least while something moves.
	frame = time.Second / 30
	// still is after how many frames a picture is drawn in which nothing has moved:
	// countdowns go on.
	still = 8
	// eventRoom is how many events wait for the screen, which may be covered.
	eventRoom = 16_384
)

// Model is the screen.
type Model struct {
	screen.Base
	screen.Quiet

	picture backend.Picture
	clock   backend.ClockState
	seen    bool // there is a picture
	trouble error
	plan    plan
	at      id // what is under the cursor

	covered  bool
	watching bool // a command looks out for the next picture
	sparks   []spark

	events <-chan backend.Event
	hush   func() // ends the subscription
	log    log
	follow string // id of the message that is followed; "": none
	study  study  // what the details need beyond the picture

	moments moments
	whole   bool // the details alone
	top     int  // line of theirs
	lines   int  // of theirs, as drawn last
	w, h    int  // of the View, as drawn last
}

// New makes the screen.
func New(env *screen.Env, spec screen.Spec) *Model {
	m := &Model{Base: screen.NewBase(env, spec), hush: func() {}}
	for _, n := range m.Moments() {
		m.moments.add(n)
	}
	return m
}

// Init takes the first picture, keeps the moment, and listens to the events.
func (m *Model) Init() tea.Cmd { return tea.Batch(m.listen(), m.keep(automatic)) }

// Show goes on where the screen was covered.
func (m *Model) Show() tea.Cmd {
	m.covered = false
	return m.look()
}

// Cover has the picture stand still.
func (m *Model) Cover() { m.covered = true }

// Leave ends the screen.
func (m *Model) Leave() tea.Cmd {
	m.hush()
	m.KeepMoments(m.moments.all)
	m.End()
	return nil
}

// Crumb is "Scene".
func (m *Model) Crumb() text.Safe { return text.Const("Scene") }

// sight is a new picture.
type sight struct {
	picture backend.Picture
	clock   backend.ClockState
	err     error
	watched bool // by the command that looks out
}

// sighted takes a picture.
func (m *Model) sighted(ctx context.Context, after uint64) sight {
	var s sight
	if s.picture, s.err = m.Conn.Stack.Stage.Picture(ctx, after); s.err == nil {
		s.clock, s.err = m.Conn.Stack.Clock.Clock(ctx)
	}
	return s
}

// look takes a picture now.
func (m *Model) look() tea.Cmd {
	after := m.picture.Flown
	return m.Do(screen.ReadLimit, func(ctx context.Context) tea.Msg { return m.sighted(ctx, after) })
}

// glance takes a picture unless one comes by itself.
func (m *Model) glance() tea.Cmd {
	if m.watching {
		return nil
	}
	return m.look()
}

// watch looks out for the next picture worth drawing, while there can be one.
func (m *Model) watch() tea.Cmd {
	if m.watching || m.covered || !m.seen || m.Env.LowMotion || m.clock.Paused && len(m.sparks) == 0 {
		return nil
	}
	m.watching = true
	before, flying := m.picture, len(m.sparks) > 0
	return m.Do(screen.ReadLimit, func(ctx context.Context) tea.Msg {
		tick := time.NewTicker(frame)
		defer tick.Stop()
		for n := 1; ; n++ {
			select {
			case <-tick.C:
			case <-ctx.Done():
				return sight{err: backend.AsError(ctx.Err()), watched: true}
			}
			if s := m.sighted(ctx, before.Flown); s.err != nil || flying || n >= still || stirred(before, s.picture) {
				s.watched = true
				return s
			}
		}
	})
}

// stirred tells whether something has moved between two pictures.
func stirred(a, b backend.Picture) bool {
	if a.Flown != b.Flown || len(a.Queues) != len(b.Queues) {
		return true
	}
	for i := range a.Queues {
		x, y := &a.Queues[i], &b.Queues[i]
		if x.Visible != y.Visible || x.InFlight != y.InFlight || x.Delayed != y.Delayed {
			return true
		}
	}
	return false
}

// Update takes pictures, events, the mouse and the answers of acts.
func (m *Model) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case sight:
		return m.see(msg)
	case screen.FleetMsg:
		return tea.Batch(m.glance(), m.keepNow()) // in low motion few ticks come beside it
	case screen.TickMsg:
		return tea.Batch(m.glance(), m.learn(), m.keepNow())
	case listening:
		return m.listened(msg)
	case studied:
		m.studied(msg)
	case perused:
		m.perused(msg)
	case taken:
		return m.kept(msg)
	case rewound:
		return m.rewound(msg)
	case acted:
		return m.acted(msg)
	case notTaken:
		return m.askAgain(msg)
	case knobsRead:
		return m.askKnob(msg)
	case messagesRead:
		return m.askFollow(msg)
	case screen.Click:
		return m.clicked(msg)
	case screen.Wheel:
		return m.move(int(msg))
	}
	return nil
}

// see takes a new picture.
func (m *Model) see(s sight) tea.Cmd {
	if s.watched {
		m.watching = false
	}
	m.trouble = s.err
	if s.err != nil {
		return nil // the next tick tries again
	}
	now := time.Now()
	m.drain(now)
	if m.seen && !m.Env.LowMotion && !m.covered {
		m.sparks = launch(m.sparks, s.picture.Flights, now)
	}
	m.sparks = landed(m.sparks, now)
	m.picture, m.clock = s.picture, s.clock
	m.plan = newPlan(&m.picture)
	first := !m.seen
	m.seen = true
	if _, ok := m.plan.find(m.at); !ok {
		m.at = m.plan.first()
		return tea.Batch(m.watch(), m.learn())
	}
	if first {
		return tea.Batch(m.watch(), m.learn())
	}
	return tea.Batch(m.watch(), m.peruse(now))
}

// Trouble is why there is no new picture.
func (m *Model) Trouble() error { return m.trouble }
