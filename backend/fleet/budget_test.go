package fleet

import (
	"testing"
	"time"

	"sqscope/backend"
)

func TestTenThousandQueuesOnA20msLink(t *testing.T) {
	all := numbered(10000)
	s := newService(t, rtt, all...)
	watch(t, Options{}, s, func(f *Fleet) {
		pass(rtt + publishLag) // the first page
		if n := len(f.Snapshot().Queues); n != 1000 {
			t.Fatalf("%d names after one round trip", n)
		}
		rows := arnsOf(all[:32]...)
		f.Look(rows, 30*time.Second)
		pass(rtt + publishGap)
		for _, arn := range rows {
			if q := f.Queue(arn); q.AsOf.IsZero() {
				t.Fatalf("%s on screen has no depth one round trip after its page", arn.Name)
			}
		}
		pass(9 * rtt)
		if got := f.Snapshot(); !got.ListComplete || len(got.Queues) != 10000 || s.count("ListQueues") != 10 {
			t.Errorf("%d names after %d requests", len(got.Queues), s.count("ListQueues"))
		}

		// Scrolling: two more pages of rows are there at once.
		for _, rows := range [][]backend.ARN{arnsOf(all[5000:5030]...), arnsOf(all[9970:]...)} {
			f.Look(rows, 30*time.Second)
			pass(rtt + publishGap + time.Millisecond) // an answer and the picture may fall on one instant
			for _, arn := range rows {
				if q := f.Queue(arn); q.AsOf.IsZero() {
					t.Fatalf("%s scrolled to has no depth after a round trip", arn.Name)
				}
			}
		}

		pass(20 * time.Second) // the reserve is full again
		before, known := s.count("GetQueueAttributes")+s.count("ListQueues"), f.Snapshot().Known
		pass(time.Minute)
		if n := s.count("GetQueueAttributes") + s.count("ListQueues") - before; n > 601 {
			t.Errorf("%d requests in a minute of reading in the background, want at most 600", n)
		}
		if n := f.Snapshot().Known - known; n < 450 {
			t.Errorf("%d queues became known in a minute of 10 requests a second", n)
		}
		if s.most > 32+1 {
			t.Errorf("%d requests at the same time", s.most)
		}
	})
}

func TestTheBackgroundFillsTheRestInOrderAndThenKeepsItFresh(t *testing.T) {
	s := newService(t, rtt, numbered(300)...)
	watch(t, Options{}, s, func(f *Fleet) {
		pass(16 * time.Second)
		if n := f.Snapshot().Known; n < 140 || n > 165 {
			t.Errorf("%d of 300 known after 16 s at 10/s", n)
		}
		if f.Queue(arnOf("queue-00000")).AsOf.IsZero() || !f.Queue(arnOf("queue-00299")).AsOf.IsZero() {
			t.Error("the background does not go from the top down")
		}
		pass(16 * time.Second)
		if n := f.Snapshot().Known; n != 300 {
			t.Errorf("%d of 300 known after 32 s", n)
		}
		before := s.count("GetQueueAttributes")
		pass(5 * time.Minute)
		if n := s.count("GetQueueAttributes") - before; n < 1200 || n > 1600 {
			t.Errorf("%d readings in five minutes, want each of 300 queues about once a minute", n)
		}
	})
}

func TestRowsOnScreenAndTheRestTakeTurnsWhenTheBudgetIsShort(t *testing.T) {
	s := newService(t, rtt, numbered(1000)...)
	watch(t, Options{}, s, func(f *Fleet) {
		rows := arnsOf(numbered(50)...)
		f.Look(rows, time.Second) // 50 a second are wanted, 10 can be had
		pass(time.Minute)
		if n := f.Snapshot().Known; n < 200 {
			t.Errorf("the rest starves: %d of 1000 known after a minute", n)
		}
		for _, arn := range rows {
			if age := time.Since(f.Queue(arn).AsOf); age > 25*time.Second {
				t.Errorf("%s on screen is %v old", arn.Name, age)
			}
		}
	})
}

func TestAnIdleScreenCostsARequestASecond(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		what string
		idle func(f *Fleet)
	}{
		{"no key for ten minutes", func(*Fleet) { pass(idleAfter) }},
		{"the focus was lost", func(f *Fleet) { f.Idle(); pass(time.Second) }},
	} {
		s := newService(t, rtt, numbered(100)...)
		watch(t, Options{}, s, func(f *Fleet) {
			f.Look(arnsOf(numbered(40)...), 5*time.Second)
			pass(time.Minute)
			c.idle(f)
			before := s.count("GetQueueAttributes") + s.count("ListQueues")
			pass(5 * time.Minute)
			if n := s.count("GetQueueAttributes") + s.count("ListQueues") - before; n > 301 || n < 150 {
				t.Errorf("%s: %d requests in five minutes", c.what, n)
			}
			f.Active()
			pass(2*rtt + publishGap) // 32 at once, then the other 8
			for _, arn := range arnsOf(numbered(40)...) {
				if age := time.Since(f.Queue(arn).AsOf); age > 5*time.Second {
					t.Errorf("%s: %s on screen is %v old after a key", c.what, arn.Name, age)
				}
			}
			before = s.count("GetQueueAttributes")
			pass(10 * time.Second)
			if n := s.count("GetQueueAttributes") - before; n < 50 {
				t.Errorf("%s: only %d readings in the ten seconds after a key", c.what, n)
			}
		})
	}
}

func TestAThrottledConnectionBacksOff(t *testing.T) {
	s := newService(t, rtt, numbered(200)...)
	watch(t, Options{}, s, func(f *Fleet) {
		f.Look(arnsOf(numbered(40)...), 5*time.Second)
		pass(10 * time.Second)
		s.set(func() { s.all = backend.ErrorOf(backend.ErrRequestThrottled, "Request is throttled.") })
		pass(time.Second)
		before := s.count("GetQueueAttributes")
		pass(5 * time.Minute)
		if n := s.count("GetQueueAttributes") - before; n > 15 {
			t.Errorf("%d readings in five minutes while everything is throttled", n)
		}
		if got := f.Snapshot(); got.Err == nil || got.Err.Kind != backend.KindThrottled || len(got.Queues) != 200 {
			t.Errorf("shown: %v beside %d queues", got.Err, len(got.Queues))
		}
		s.set(func() { s.all = nil })
		pass(2 * time.Minute)
		if got := f.Snapshot(); got.Err != nil || got.Known != 200 {
			t.Errorf("when the throttle is over: %v, %d known", got.Err, got.Known)
		}
	})
}

func TestBackoffByKind(t *testing.T) {
	for _, c := range []struct {
		kind  backend.Kind
		fails int
		want  time.Duration
	}{
		{backend.KindNetwork, 1, time.Second},
		{backend.KindNetwork, 4, 8 * time.Second},
		{backend.KindNetwork, 400, 30 * time.Second},
		{backend.KindThrottled, 2, 4 * time.Second},
		{backend.KindThrottled, 99, time.Minute},
		{backend.KindCredentials, 9, 30 * time.Second},
		{backend.KindDenied, 1, 5 * time.Minute},
		{backend.KindInternal, 2, 10 * time.Second},
	} {
		if got := backoff(c.kind, c.fails); got != c.want {
			t.Errorf("after %d of kind %v: %v, want %v", c.fails, c.kind, got, c.want)
		}
	}
}

func TestTenThousandQueuesAreAllReadWithinTheBudgetAndKnownCountsHonestly(t *testing.T) {
	t.Parallel()
	s := newService(t, rtt, numbered(10000)...)
	watch(t, Options{}, s, func(f *Fleet) {
		f.Look(arnsOf(numbered(40)...), 30*time.Second)
		minutes := 0
		for f.Snapshot().Known < 10000 {
			if minutes++; minutes > 40 {
				t.Fatalf("%d of 10,000 known after 40 minutes", f.Snapshot().Known)
			}
			before := s.requests()
			pass(time.Minute)
			f.Active()
			if n := s.requests() - before; n > 601 && minutes > 1 {
				t.Errorf("%d requests in minute %d", n, minutes)
			}
			known := 0
			for _, q := range f.Snapshot().Queues {
				if !q.AsOf.IsZero() {
					known++
				}
			}
			if got := f.Snapshot().Known; got != known {
				t.Fatalf("said to be known: %d, and %d are", got, known)
			}
		}
	})
}

func TestAnHourAtRestWithTenThousandQueuesStaysWithinTheBudget(t *testing.T) {
	t.Parallel()
	s := newService(t, rtt, numbered(10000)...)
	watch(t, Options{}, s, func(f *Fleet) {
		f.Look(arnsOf(numbered(40)...), 5*time.Second)
		pass(10 * time.Second)
		f.Idle()
		pass(time.Minute)
		before := s.requests()
		pass(time.Hour)
		if n := s.requests() - before; n > 3600+1 || n < 1500 {
			t.Errorf("%d requests in an hour at rest, want one a second at most", n)
		}
	})
}
