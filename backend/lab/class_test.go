package lab_test

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"sqscope/backend"
	"sqscope/backend/lab"
	"sqscope/backend/memory"
	"sqscope/backend/scenario"
)

// class is a lesson that was opened as the program does it, on an engine of its
// own.
type class struct {
	t      *testing.T
	s      *lab.Session
	engine *memory.Engine
	run    *scenario.Run
	sqs    backend.SQS // as the learner's programs have it
	last   lab.Standing

	closing lab.Answer // what is right at the end
}

func scenarios(name, file string, text []byte) ([]string, error) {
	if name != "" {
		s, err := scenario.Load(name)
		if err != nil {
			return nil, err
		}
		return s.Queues(), nil
	}
	s, err := scenario.Parse(file, text)
	if err != nil {
		return nil, err
	}
	return s.Queues(), nil
}

// attend opens an embedded lesson.
func attend(t *testing.T, name string) *class {
	t.Helper()
	l, err := lab.Load(name, scenarios)
	if err != nil {
		t.Fatal(err)
	}
	c, err := open(t, l)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func open(t *testing.T, l *lab.Lesson) (*class, error) {
	t.Helper()
	play, err := scenario.Parse(l.Setup.File, l.Setup.Text)
	if l.Setup.Scenario != "" {
		play, err = scenario.Load(l.Setup.Scenario)
	}
	if err != nil {
		return nil, err
	}
	clock := memory.NewClock(memory.ClockOptions{Start: l.Setup.Start.Add(-play.History()), Paused: true})
	t.Cleanup(clock.Close)
	engine := memory.New(memory.Options{Clock: clock, Seed: l.Setup.Seed})
	t.Cleanup(engine.Close)
	run, err := play.Start(t.Context(), engine, l.Setup.Seed)
	if err != nil {
		return nil, err
	}
	t.Cleanup(run.Stop)
	requests := lab.NewRequests(clock.Now)
	stack := engine.Stack()
	stack.SQS = engine
	sqs := requests.Wrap(engine.Stack().SQS)
	s, err := lab.Begin(t.Context(), l, lab.World{Stack: stack, Learner: sqs, Requests: requests, Stage: run.Stage()})
	if err != nil {
		return nil, err
	}
	t.Cleanup(s.Close)
	c := &class{t: t, s: s, engine: engine, run: run, sqs: sqs}
	c.closing.Choices = []string{rightAtTheEnd[l.Number]}
	return c, nil
}

// rightAtTheEnd are the answers to the closing questions.
var rightAtTheEnd = map[int]string{
	1:  "Nothing: it is visible again when the visibility timeout ends",
	2:  "A visibility timeout of half a minute, and a heartbeat while the work goes on",
	3:  "It may end while messages are left",
	4:  "Those in flight and delayed: they become visible when nobody is there any more",
	5:  "The visibility timeout: ChangeMessageVisibility to 120",
	6:  "In the same transaction as the charge, in a store that all workers share",
	7:  "5 or more, and looks that count what they cost",
	8:  "4 days: it is a new message",
	9:  "That the consumer writes why it gave up: a message of its own to a failure queue, with the error",
	10: "They stay where they are, and a few more may follow",
	11: "To the end of group B: what has overtaken it stays ahead",
	12: "Two messages: a retry after five minutes is a new one",
	13: "The third and all after it",
	14: "MaximumConcurrency 5 on the event source mapping",
}

// look is how the session stands now.
func (c *class) look() lab.Standing {
	c.t.Helper()
	st, err := c.s.Look(c.t.Context())
	c.must(err)
	if err := c.engine.Check(); err != nil {
		c.t.Fatal(err)
	}
	c.last = st
	return st
}

func (c *class) must(err error) {
	c.t.Helper()
	if err != nil {
		c.t.Fatal(err)
	}
}

// step moves the clock, and looks every while, as a screen does.
func (c *class) step(d time.Duration) {
	c.t.Helper()
	slice := max(d/10, time.Second)
	for left := d; left > 0; left -= slice {
		c.engine.Clock().Advance(min(slice, left))
		c.look()
	}
}

// answer answers with what is typed.
func (c *class) answer(id, text string) {
	c.t.Helper()
	c.must(c.tryAnswer(id, text))
}

func (c *class) tryAnswer(id, text string) error {
	c.t.Helper()
	q := c.question(id)
	if q == nil {
		c.t.Fatalf("there is no question %s", id)
	}
	a, err := q.ParseAnswer(text)
	if err != nil {
		return err
	}
	return c.s.Answer(c.t.Context(), id, a)
}

// choose answers with the choices that contain a text each.
func (c *class) choose(id string, parts ...string) {
	c.t.Helper()
	q, a := c.question(id), lab.Answer{}
	for _, part := range parts {
		i := slices.IndexFunc(q.Choices, func(s string) bool { return strings.Contains(s, part) })
		if i < 0 {
			c.t.Fatalf("%s: no choice contains %q", id, part)
		}
		a.Choices = append(a.Choices, q.Choices[i])
	}
	c.must(c.s.Answer(c.t.Context(), id, a))
	c.look()
}

func (c *class) question(id string) *lab.Question {
	l := c.s.Lesson()
	for i := range l.Steps {
		for k := range l.Steps[i].Questions {
			if q := &l.Steps[i].Questions[k]; q.ID == id {
				return q
			}
		}
	}
	if l.Closing != nil && l.Closing.ID == id {
		return l.Closing
	}
	return nil
}

// receive receives up to n messages, without waiting.
func (c *class) receive(queue string, n int) []lab.Receipt {
	c.t.Helper()
	got, err := c.s.Hand().Receive(c.t.Context(), queue, n, backend.Some(0), backend.Opt[int]{})
	c.must(err)
	c.look()
	return got
}

func (c *class) remove(receipts ...lab.Receipt) {
	c.t.Helper()
	for _, r := range receipts {
		c.must(c.s.Hand().Delete(c.t.Context(), r.Number))
	}
	c.look()
}

func (c *class) turn(subject, name, value string) {
	c.t.Helper()
	c.must(c.s.Turn(c.t.Context(), subject, name, value))
	c.look()
}

func (c *class) set(queue string, attributes map[string]string) {
	c.t.Helper()
	c.must(c.sqs.SetQueueAttributes(c.t.Context(), backend.SetQueueAttributesInput{QueueUrl: queue, Attributes: attributes}))
	c.look()
}

func (c *class) reset() {
	c.t.Helper()
	c.must(c.s.Reset(c.t.Context()))
	c.look()
}

func (c *class) passed() {
	c.t.Helper()
	st := c.look()
	if st.Passed {
		return
	}
	for i, step := range st.Steps {
		for _, q := range step.Questions {
			if q.Verdict != lab.Right {
				c.t.Errorf("step %d, question %s: %s, %+v, right is %v", i+1, q.ID, q.Verdict, q.Answer, q.Truth)
			}
		}
		for _, g := range step.Goals {
			if !g.Holds {
				c.t.Errorf("step %d, goal %s does not hold: %s", i+1, g.ID, g.Text)
			}
		}
	}
	c.t.Fatalf("not passed: spoiled %q, trouble %q, closing %+v", st.Spoiled, st.Trouble, st.Closing)
}

// stuck says that the lesson is not passed, and that these goals do not hold.
func (c *class) stuck(goals ...string) {
	c.t.Helper()
	st := c.look()
	if st.Passed {
		c.t.Fatal("the lesson is passed")
	}
	for _, step := range st.Steps {
		for _, g := range step.Goals {
			if slices.Contains(goals, g.ID) && g.Holds {
				c.t.Errorf("the goal %s holds", g.ID)
			}
		}
	}
}

// only says that the lesson is not passed for want of these goals alone: every
// question is answered rightly, and the lesson would be passed with them.
func (c *class) only(goals ...string) {
	c.t.Helper()
	c.stuck(goals...)
	for _, step := range c.last.Steps {
		for _, q := range step.Questions {
			if q.Verdict != lab.Right {
				c.t.Errorf("the question %s is %s", q.ID, q.Verdict)
			}
		}
		for _, g := range step.Goals {
			if !g.Holds && !slices.Contains(goals, g.ID) {
				c.t.Errorf("the goal %s does not hold either", g.ID)
			}
		}
	}
	if c.last.Closing == nil {
		c.must(c.s.Answer(c.t.Context(), c.s.Lesson().Closing.ID, c.closing))
	}
	if st := c.look(); st.Passed || st.Closing == nil || st.Closing.Verdict != lab.Right {
		c.t.Errorf("passed %v, closing %+v", st.Passed, st.Closing)
	}
}

// hinted says that what went wrong was told in these words, and that there is a
// hint now.
func (c *class) hinted(trouble string) {
	c.t.Helper()
	st := c.look()
	told := strings.Join(st.Trouble, "\n") + "\n" + st.Spoiled
	for _, step := range st.Steps {
		for _, q := range step.Questions {
			told += "\n" + q.Says
		}
	}
	if !strings.Contains(told, trouble) {
		c.t.Errorf("nothing says %q, but:\n%s", trouble, told)
	}
	if st.Misses < 2 || len(st.Hints) == 0 {
		c.t.Errorf("%d misses and %d hints", st.Misses, len(st.Hints))
	}
	if st.Passed {
		c.t.Error("the lesson is passed")
	}
}

// TestALessonIsTheSameEachTime begins every lesson twice and lets it run.
func TestALessonIsTheSameEachTime(t *testing.T) {
	for _, name := range lab.Names() {
		t.Run(name, func(t *testing.T) {
			var snaps [2]bytes.Buffer
			for i := range snaps {
				c := attend(t, name)
				if i == 1 { // also after a reset
					c.engine.Clock().Advance(7 * time.Second)
					c.reset()
				}
				c.engine.Clock().Advance(40 * time.Second)
				c.must(c.s.Snapshot(context.Background(), &snaps[i]))
			}
			if !bytes.Equal(snaps[0].Bytes(), snaps[1].Bytes()) {
				t.Error("two runs differ")
			}
		})
	}
}

func kindOf(err error) backend.Kind {
	if err == nil {
		return -1
	}
	var e *backend.Error
	errors.As(err, &e)
	return backend.KindOf(err)
}

// state is a value in the state that checks see, by its keys.
func (c *class) state(keys ...string) any {
	c.t.Helper()
	s, err := c.s.State(c.t.Context())
	c.must(err)
	var v any = s
	for _, k := range keys {
		v = v.(map[string]any)[k]
	}
	return v
}
