package fleet

import (
	"fmt"
	"math"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"sqscope/backend"
	"sqscope/backend/memory"
	"sqscope/backend/owner"
)

const poll = 250 * time.Millisecond

// engine is the embedded engine and a fleet that polls it, in a bubble.
type engine struct {
	t *testing.T
	m *memory.Engine
	f *Fleet
}

func withEngine(t *testing.T, test func(e *engine)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		m := memory.New(memory.Options{Seed: 1, NoCooldown: true})
		defer m.Close()
		g := owner.New(t.Context(), nil)
		defer g.Close()
		test(&engine{t, m, New(Options{Stack: m.Stack(), Region: "us-east-1", Group: g, Poll: poll})})
	})
}

func (e *engine) create(name string, attributes map[string]string) backend.ARN {
	e.t.Helper()
	out, err := e.m.CreateQueue(e.t.Context(), backend.CreateQueueInput{QueueName: name, Attributes: attributes})
	if err != nil {
		e.t.Fatal(err)
	}
	return backend.ARNOf(out.QueueUrl, "us-east-1")
}

func (e *engine) send(name string) {
	e.t.Helper()
	if _, err := e.m.SendMessage(e.t.Context(), backend.SendMessageInput{QueueUrl: name, MessageBody: "hello"}); err != nil {
		e.t.Fatal(err)
	}
}

func (e *engine) consume(name string) {
	e.t.Helper()
	out, err := e.m.ReceiveMessage(e.t.Context(), backend.ReceiveMessageInput{QueueUrl: name})
	if err != nil {
		e.t.Fatal(err)
	}
	for _, m := range out.Messages {
		if err := e.m.DeleteMessage(e.t.Context(), backend.DeleteMessageInput{QueueUrl: name, ReceiptHandle: m.ReceiptHandle}); err != nil {
			e.t.Fatal(err)
		}
	}
}

func TestTheEngineIsShownLive(t *testing.T) {
	withEngine(t, func(e *engine) {
		pass(time.Second)
		orders := e.create("orders", nil)
		other := e.create("other", nil)
		pass(1100 * time.Millisecond)
		if e.f.Queue(orders) == nil || e.f.Queue(other) == nil {
			t.Fatal("queues made by another program are not shown after a second")
		}
		if q := e.f.Queue(other); q.AsOf.IsZero() {
			t.Error("a new queue waits for its first reading")
		}
		e.f.Look([]backend.ARN{orders}, 5*time.Second)
		e.send("orders")
		e.send("other")
		pass(poll + publishGap)
		if q := e.f.Queue(orders); q.Visible != 1 {
			t.Errorf("on screen, a quarter of a second after a send: %d", q.Visible)
		}
		pass(offScreenAge)
		if q := e.f.Queue(other); q.Visible != 1 {
			t.Errorf("off screen, three seconds after a send: %d", q.Visible)
		}
		e.send("other")
		e.f.Refresh(other)
		pass(publishGap)
		if q := e.f.Queue(other); q.Visible != 2 {
			t.Errorf("after an act: %d", q.Visible)
		}
		if err := e.m.DeleteQueue(t.Context(), backend.DeleteQueueInput{QueueUrl: "other"}); err != nil {
			t.Fatal(err)
		}
		pass(1100 * time.Millisecond)
		if e.f.Queue(other) != nil {
			t.Error("a deleted queue is shown after a second")
		}
		e.create("other", nil)
		pass(1100 * time.Millisecond)
		if q := e.f.Queue(other); q == nil || q.Visible != 0 {
			t.Errorf("made anew it is shown as %+v", q)
		}
	})
}

func TestRatesOfTheEngineAreInAndOut(t *testing.T) {
	withEngine(t, func(e *engine) {
		orders := e.create("orders", nil)
		start := time.Now()
		e.f.Look([]backend.ARN{orders}, 5*time.Second)
		pass(1100 * time.Millisecond)
		if r := e.f.Queue(orders).Rates; r.InKnown || r.NetKnown {
			t.Errorf("rates are known after a second: %+v", r)
		}
		for range 300 { // 10 in and 5 out a second
			e.send("orders")
			e.send("orders")
			e.consume("orders")
			pass(200 * time.Millisecond)
		}
		q := e.f.Queue(orders)
		want := Rates{In: 10, Out: 5, Net: 5, InKnown: true, OutKnown: true, NetKnown: true, Source: SourceEngine, AsOf: q.OldestAsOf}
		near := cmp.Comparer(func(a, b float64) bool { return math.Abs(a-b) < 0.5 })
		if diff := cmp.Diff(want, q.Rates, near); diff != "" {
			t.Error(diff)
		}
		if q.Visible < 297 || !q.Measured || q.Oldest.Before(start) || q.Oldest.After(start.Add(time.Minute)) {
			t.Errorf("%d visible, measured %v, oldest %v after the start", q.Visible, q.Measured, q.Oldest.Sub(start))
		}
		if n := len(q.Trend); n < 12 || n > 14 || q.Trend[n-1] != q.Visible || q.Trend[0] > 50 {
			t.Errorf("trend %v", q.Trend)
		}
		pass(10 * time.Minute)
		q = e.f.Queue(orders)
		if r := q.Rates; r.In != 0 || r.Out != 0 || r.Net != 0 || len(q.Trend) != points {
			t.Errorf("long after: %+v, a trend of %d", r, len(q.Trend))
		}
	})
}

// Messages that somebody has on lease are neither fewer nor, given back, more.
func TestALeaseMakesNoQueueGrow(t *testing.T) {
	withEngine(t, func(e *engine) {
		orders := e.create("orders", nil)
		for range 10 {
			e.send("orders")
		}
		e.f.Look([]backend.ARN{orders}, 5*time.Second)
		pass(12 * time.Second)
		if q := e.f.Queue(orders); q.Grew != 0 || q.Over < 5*time.Second {
			t.Fatalf("of %d it grew %d in %v", q.Visible, q.Grew, q.Over)
		}
		_, err := e.m.ReceiveMessage(t.Context(), backend.ReceiveMessageInput{QueueUrl: e.f.Queue(orders).URL, MaxNumberOfMessages: backend.Some(10)})
		if err != nil {
			t.Fatal(err)
		}
		pass(6 * time.Second)
		if q := e.f.Queue(orders); q.InFlight != 10 || q.Grew != 0 {
			t.Errorf("with %d on lease it grew %d in %v", q.InFlight, q.Grew, q.Over)
		}
		e.send("orders")
		pass(6 * time.Second)
		if q := e.f.Queue(orders); q.Grew != 1 {
			t.Errorf("with one more it grew %d in %v", q.Grew, q.Over)
		}
	})
}

func TestTimeIsTheQueuesOwn(t *testing.T) {
	t.Parallel()
	withEngine(t, func(e *engine) {
		orders := e.create("orders", nil)
		e.f.Look([]backend.ARN{orders}, 5*time.Second)
		e.send("orders")
		pass(30 * time.Second)
		clock := e.m.Stack().Clock
		if err := clock.SetClock(t.Context(), true, 1); err != nil {
			t.Fatal(err)
		}
		pass(time.Second)
		before := e.f.Queue(orders)
		pass(time.Hour)
		s := e.f.Snapshot()
		if !s.Clock.Paused || time.Since(s.ClockAt) > time.Second || !s.Now(time.Now()).Equal(s.Clock.Now) {
			t.Errorf("clock %+v read %v ago", s.Clock, time.Since(s.ClockAt))
		}
		after := e.f.Queue(orders)
		if diff := cmp.Diff(before.Trend, after.Trend); diff != "" || before.Rates != after.Rates || time.Since(after.AsOf) > time.Second {
			t.Errorf("an hour with the clock stopped changed the picture: %+v, %+v\n%s", before.Rates, after.Rates, diff)
		}
		if err := clock.SetClock(t.Context(), false, 60); err != nil {
			t.Fatal(err)
		}
		pass(10 * time.Second)
		s = e.f.Snapshot()
		if age := s.Now(time.Now()).Sub(s.Queue(orders).Oldest); age < 10*time.Minute || age > 12*time.Minute {
			t.Errorf("ten seconds at sixty times the speed: the oldest is %v old", age)
		}
	})
}

func TestThousandsOfQueuesInTheEngineAreAllReadInAFewSeconds(t *testing.T) {
	withEngine(t, func(e *engine) {
		for i := range 2000 {
			e.create(fmt.Sprintf("queue-%04d", i), nil)
		}
		pass(5 * time.Second)
		s := e.f.Snapshot()
		if s.Known != 2000 {
			t.Errorf("%d of 2000 known", s.Known)
		}
		for range 4 {
			pass(3100 * time.Millisecond)
			for _, q := range e.f.Snapshot().Queues {
				if age := time.Since(q.AsOf); age > offScreenAge+2*poll {
					t.Fatalf("%s is %v old", q.ARN.Name, age)
				}
			}
		}
	})
}
