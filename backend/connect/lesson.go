package connect

import (
	"context"
	"errors"
	"io"
	"slices"
	"strconv"

	"sqscope/backend"
	"sqscope/backend/endpoint"
	"sqscope/backend/guard"
	"sqscope/backend/lab"
	"sqscope/backend/memory"
	"sqscope/backend/meter"
	"sqscope/backend/owner"
	"sqscope/backend/scenario"
)

// Lesson is a lesson that is open: an engine of its own that has the lesson's
// scenario, as a context, and the session that judges what is done to it.
type Lesson struct {
	*Connection
	Session *lab.Session

	programs backend.SQS // as the learner's own programs have it
	group    *owner.Group
	panicked onPanic
}

// LabScenarios reads a scenario for the lessons.
func LabScenarios(name, file string, text []byte) ([]string, error) {
	s, err := play(name, file, text)
	if err != nil {
		return nil, err
	}
	return s.Queues(), nil
}

func play(name, file string, text []byte) (*scenario.Scenario, error) {
	if name != "" {
		return scenario.Load(name)
	}
	return scenario.Parse(file, text)
}

// LessonContext is the name of a lesson's context.
func LessonContext(l *lab.Lesson) string {
	if l.Number > 0 {
		return "lab " + strconv.Itoa(l.Number)
	}
	return "lab " + l.ID
}

// OpenLesson opens a lesson at its beginning. Each time it is the same, whatever
// the time of day. Whether its clock stands is the lesson's matter. Like
// [Open] it owns what it starts until Close.
func OpenLesson(ctx context.Context, l *lab.Lesson, group *owner.Group, panicked func(name string, value any)) (*Lesson, error) {
	o := &Lesson{
		Connection: &Connection{Meter: meter.New(meter.Options{Prices: meter.Prices{Label: "embedded engine: free"}}), Level: guard.Change},
		group:      group, panicked: panicked,
	}
	stack, err := o.openClass(ctx, l)
	if err != nil {
		return nil, errors.Join(err, o.Close(context.WithoutCancel(ctx)))
	}
	o.Guard = guard.New(o.Level)
	o.Stack = o.Guard.Wrap(o.Meter.Wrap(stack))
	return o, nil
}

func (o *Lesson) openClass(ctx context.Context, l *lab.Lesson) (backend.Stack, error) {
	s, err := play(l.Setup.Scenario, l.Setup.File, l.Setup.Text)
	if err != nil {
		return backend.Stack{}, err
	}
	clock := memory.NewClock(memory.ClockOptions{
		Start: l.Setup.Start.Add(-s.History()), Paused: true, OnPanic: func(v any) { o.panicked("the engine's clock", v) },
	})
	o.onClose(func() { clock.Close() })
	engine := memory.New(memory.Options{Account: defaultAccount, Region: defaultRegion, Clock: clock, Seed: l.Setup.Seed})
	o.onClose(engine.Close)
	run, err := s.Start(ctx, engine, l.Setup.Seed)
	if err != nil {
		return backend.Stack{}, err
	}
	o.onClose(run.Stop)
	stack := engine.Stack()
	if err := stack.Clock.SetClock(ctx, true, l.Setup.Speed); err != nil {
		return backend.Stack{}, err
	}
	requests := lab.NewRequests(clock.Now)
	learner := requests.Wrap(stack.SQS)
	you := run.Outside(You, learner)
	o.programs = run.Outside(Programs, learner)
	judge := stack
	judge.SQS = engine // past the faults
	o.Session, err = lab.Begin(ctx, l, lab.World{Stack: judge, Learner: you, Requests: requests, Stage: run.Stage()})
	if err != nil {
		return backend.Stack{}, err
	}
	o.onClose(o.Session.Close)
	if err := stack.Clock.SetClock(ctx, l.Setup.Paused, l.Setup.Speed); err != nil {
		return backend.Stack{}, err
	}
	o.Place = backend.Place{Context: LessonContext(l), Embedded: true, Scenario: l.Title, Region: defaultRegion, Account: defaultAccount}
	// Turned back, or with other troubles, it would not be the same lesson.
	stack.SQS, stack.Stage, stack.Snapshots, stack.Faults = you, taught{run.Stage(), o.Session}, kept{stack.Snapshots}, nil
	if l.Setup.Leases {
		stack.Browse = nil
	}
	return stack, nil
}

// Serve answers the learner's own programs on a free port of this machine, from
// then on until Close. A second time it changes nothing.
func (o *Lesson) Serve(ctx context.Context) (url string, err error) {
	if o.Place.Listen == "" {
		err = o.serve(ctx, "127.0.0.1:0", o.programs, endpoint.Options{}, o.group, o.panicked)
	}
	return o.Place.Listen, err
}

// taught is the stage of a lesson: what the lesson does not let be turned is not
// there.
type taught struct {
	backend.Stage
	session *lab.Session
}

// Knobs are those of the lesson.
func (t taught) Knobs(ctx context.Context) ([]backend.Knob, error) {
	all, err := t.Stage.Knobs(ctx)
	return slices.DeleteFunc(all, func(k backend.Knob) bool {
		return !slices.ContainsFunc(t.session.Lesson().Knobs, func(r lab.KnobRef) bool { return r.Subject == k.Subject && r.Name == k.Name })
	}), err
}

// SetKnob turns one of the lesson's.
func (t taught) SetKnob(ctx context.Context, subject, name, value string) error {
	return t.session.Turn(ctx, subject, name, value)
}

// kept can be saved and not turned back.
type kept struct{ backend.Snapshots }

// Restore is refused.
func (kept) Restore(context.Context, io.Reader) error {
	return &backend.Error{Kind: backend.KindDenied, Message: "a lesson cannot be turned back to a moment", Next: "begin the lesson anew"}
}
