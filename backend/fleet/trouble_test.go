package fleet

import (
	"testing"
	"time"

	"golang.org/x/time/rate"

	"sqscope/backend"
	"sqscope/backend/meter"
)

// A backend that is in trouble for ten minutes: what was known stays, the
// picture says what is wrong, no more is asked than the budget allows, and all
// recovers by itself.
func TestABackendInTroubleIsSaidSparedAndRecoversByItself(t *testing.T) {
	t.Parallel()
	const queues = 200
	for _, c := range []struct {
		what    string
		begin   func(s *service)
		end     func(s *service)
		kind    backend.Kind  // of the picture's error
		most    int           // requests in nine minutes of trouble
		recover time.Duration // after which all is fresh
	}{
		{
			what:  "credentials expire in the middle",
			begin: func(s *service) { s.all = backend.ErrorByCode("ExpiredToken", 403, "expired") },
			end:   func(s *service) { s.all = nil },
			kind:  backend.KindCredentials, most: 2*9*2 + 4, recover: 2 * time.Minute,
		},
		{
			what:  "the region is dead",
			begin: func(s *service) { s.all = backend.Errorf(backend.KindNetwork, "cannot be reached") },
			end:   func(s *service) { s.all = nil },
			kind:  backend.KindNetwork, most: 2*9*2 + 20, recover: 2 * time.Minute,
		},
		{
			what:  "everything is throttled",
			begin: func(s *service) { s.bucket = rate.NewLimiter(0, 0) },
			end:   func(s *service) { s.bucket = nil },
			kind:  backend.KindThrottled, most: 40, recover: 5 * time.Minute,
		},
		{
			what:  "nothing answers in time",
			begin: func(s *service) { s.latency = time.Hour },
			end:   func(s *service) { s.latency = rtt },
			kind:  backend.KindTimeout, most: 9 * 60, recover: 4 * time.Minute,
		},
		{
			what:  "the right to list and to read is taken away",
			begin: func(s *service) { s.all = backend.ErrorOf(backend.ErrAccessDenied, "no") },
			end:   func(s *service) { s.all = nil },
			kind:  backend.KindDenied, most: 9*30 + refusedMany + 40, recover: 12 * time.Minute,
		},
	} {
		s := newService(t, rtt, numbered(queues)...)
		watch(t, Options{}, s, func(f *Fleet) {
			f.Look(arnsOf(numbered(40)...), 5*time.Second)
			pass(2 * time.Minute)
			before := f.Snapshot()
			if before.Known != queues || before.Err != nil {
				t.Fatalf("%s: before it %d of %d are known, %v", c.what, before.Known, queues, before.Err)
			}
			s.set(func() { c.begin(s) })
			pass(time.Minute)
			f.Active()
			requests := s.requests()
			pass(9 * time.Minute)
			got := f.Snapshot()
			if n := s.requests() - requests; n > c.most {
				t.Errorf("%s: %d requests in nine minutes, want at most %d", c.what, n, c.most)
			}
			if got.Err == nil || got.Err.Kind != c.kind || got.RetryAt.IsZero() {
				t.Errorf("%s: the picture says %v, to be tried again at %v", c.what, got.Err, got.RetryAt)
			}
			if len(got.Queues) != queues || got.Known != queues || !got.ListComplete {
				t.Errorf("%s: of %d queues %d are left, %d known", c.what, queues, len(got.Queues), got.Known)
			}
			s.set(func() { c.end(s) })
			f.Active()
			cured := time.Now()
			pass(c.recover)
			got = f.Snapshot()
			if got.Err != nil || !got.ListedAt.After(cured) {
				t.Errorf("%s: %v after it is over, %v; listed at %v", c.what, c.recover, got.Err, got.ListedAt)
			}
			for _, q := range got.Queues {
				if q.Err != nil || !q.AsOf.After(cured) {
					t.Fatalf("%s: %v after it is over %s is not read again: %v", c.what, c.recover, q.ARN.Name, q.Err)
				}
			}
		})
	}
}

func TestWhereLittleIsAllowedTheRateFindsItAndTheScreenSaysSo(t *testing.T) {
	s := newService(t, rtt, numbered(1000)...)
	watch(t, Options{}, s, func(f *Fleet) {
		f.Look(arnsOf(numbered(20)...), 20*time.Second)
		s.set(func() { s.bucket = rate.NewLimiter(3, 20) })
		pass(30 * time.Second)
		requests, throttles, known := s.requests(), s.throttled(), f.Snapshot().Known
		slowest := 10.0
		for range 240 {
			pass(time.Second)
			got := f.Snapshot()
			slowest = min(slowest, got.Pace.Rate)
			if got.Pace.Full != 10 || got.Pace.Rate > 10 || got.Pace.Rate < lowestRate {
				t.Fatalf("the pace is %+v", got.Pace)
			}
		}
		got := f.Snapshot()
		if slowest > 6 || got.Pace.Throttled.IsZero() || time.Since(got.Pace.Throttled) > time.Minute {
			t.Errorf("no less than %v a second, throttled at %v", slowest, got.Pace.Throttled)
		}
		n, refused := s.requests()-requests, s.throttled()-throttles
		if n < 240 || refused > n/5 {
			t.Errorf("%d of %d requests in four minutes were throttled", refused, n)
		}
		if got.Known-known < 200 {
			t.Errorf("only %d queues became known", got.Known-known)
		}
		for _, arn := range arnsOf(numbered(20)...) {
			if age := time.Since(f.Queue(arn).AsOf); age > time.Minute {
				t.Errorf("%s on screen is %v old", arn.Name, age)
			}
		}
		s.set(func() { s.bucket = nil })
		pass(2 * time.Minute)
		if got := f.Snapshot(); got.Pace.Rate != 10 || got.Err != nil {
			t.Errorf("when nothing is throttled any more: %+v, %v", got.Pace, got.Err)
		}
	})
}

func TestASlowBackendIsShownAsItComes(t *testing.T) {
	s := newService(t, 5*time.Second, numbered(100)...)
	watch(t, Options{}, s, func(f *Fleet) {
		f.Look(arnsOf(numbered(40)...), 30*time.Second)
		pass(5*time.Second + publishGap)
		if n := len(f.Snapshot().Queues); n != 100 {
			t.Errorf("%d names after a round trip", n)
		}
		pass(10*time.Second + publishGap) // 32 at once, then the other 8
		for _, arn := range arnsOf(numbered(40)...) {
			if f.Queue(arn).AsOf.IsZero() {
				t.Errorf("%s on screen has no depth after two more", arn.Name)
			}
		}
		pass(time.Minute)
		if got := f.Snapshot(); got.Known != 100 || got.Err != nil {
			t.Errorf("%d known, %v", got.Known, got.Err)
		}
	})
}

func TestWhereHalfOfTheQueuesAreDeniedTheOthersAreFresh(t *testing.T) {
	all := numbered(400)
	s := newService(t, rtt, all...)
	for _, n := range all[:200] { // the first in order: the hardest case
		s.errs[urlOf(n)] = backend.ErrorOf(backend.ErrAccessDenied, "no")
	}
	watch(t, Options{}, s, func(f *Fleet) {
		f.Look(arnsOf(all[180:220]...), 5*time.Second)
		requests := s.requests()
		pass(8 * time.Minute)
		if n := s.requests() - requests; n > 100+8*600 {
			t.Errorf("%d requests in eight minutes", n)
		}
		got := f.Snapshot()
		if got.Known != 200 {
			t.Errorf("%d of the 200 that may be read are known", got.Known)
		}
		if got.Unreadable != 200 {
			t.Errorf("%d of the 200 that may not be read are said to be", got.Unreadable)
		}
		for i, q := range got.Queues {
			switch denied := i < 200; {
			case denied && (q.Err == nil || q.Err.Kind != backend.KindDenied):
				t.Fatalf("%s: %v", q.ARN.Name, q.Err)
			case !denied && (q.Err != nil || time.Since(q.AsOf) > 3*time.Minute):
				t.Fatalf("%s: %v, read %v ago", q.ARN.Name, q.Err, time.Since(q.AsOf))
			}
		}
		reads := 0
		for _, n := range all[:200] {
			reads += s.readsOf(n)
		}
		if reads > 200*3 {
			t.Errorf("200 queues that are denied were asked for %d times in eight minutes", reads)
		}
		s.set(func() { clear(s.errs) })
		f.Retry()
		f.Refresh(arnOf(all[0]))
		pass(time.Second)
		if got := f.Snapshot(); got.Known+got.Unreadable != 400 || got.Unreadable >= 200 {
			t.Errorf("once they may be read, %d are known and %d not readable", got.Known, got.Unreadable)
		}
	})
}

func TestADenialOfEverythingSlowsDown(t *testing.T) {
	s := newService(t, rtt, numbered(10000)...)
	watch(t, Options{}, s, func(f *Fleet) {
		pass(time.Second)
		s.set(func() {
			for _, n := range numbered(10000) {
				s.errs[urlOf(n)] = backend.ErrorOf(backend.ErrAccessDenied, "no")
			}
		})
		pass(5 * time.Second)
		before := s.count("GetQueueAttributes")
		pass(5 * time.Minute)
		if n := s.count("GetQueueAttributes") - before; n > 150 || n < 60 {
			t.Errorf("%d readings in five minutes while all are denied", n)
		}
		got := f.Snapshot()
		if got.Err == nil || got.Err.Kind != backend.KindDenied {
			t.Errorf("the picture says %v", got.Err)
		}
		s.set(func() { clear(s.errs) })
		pass(10 * time.Second)
		if got := f.Snapshot(); got.Err != nil {
			t.Errorf("after the right was given: %v", got.Err)
		}
	})
}

func TestRequestsThatTheMeterCountsAreThoseThatAreMade(t *testing.T) {
	s := withTheirs(t)
	for _, n := range numbered(200) {
		s.put(n, 1)
	}
	m := meter.New(meter.Options{})
	watch(t, Options{Stack: m.Wrap(backend.Stack{SQS: s})}, s, func(f *Fleet) {
		f.Look(arnsOf(numbered(40)...), 5*time.Second)
		f.WantTags(arnsOf(numbered(100)...))
		pass(time.Minute)
		if _, err := f.Open(s.t.Context(), "999999999999/theirs"); err != nil {
			t.Fatal(err)
		}
		s.set(func() { s.bucket = rate.NewLimiter(1, 5) })
		pass(time.Minute)
		s.set(func() { s.bucket, s.all = nil, backend.Errorf(backend.KindNetwork, "gone") })
		pass(time.Minute)
		s.set(func() { s.all = nil })
		pass(10 * time.Minute)
		counted := m.Counts()
		for action, n := range s.calls {
			if counted[action] != uint64(n) {
				t.Errorf("%s: %d counted, %d made", action, counted[action], n)
			}
		}
		if len(counted) != len(s.calls) {
			t.Errorf("counted %v, made %v", counted, s.calls)
		}
	})
}

func TestTheFewQueuesThatMayBeReadAreFoundAmongManyThatAreDenied(t *testing.T) {
	all := numbered(2000)
	s := newService(t, rtt, all...)
	for _, n := range all[:1800] {
		s.errs[urlOf(n)] = backend.ErrorOf(backend.ErrAccessDenied, "no")
	}
	watch(t, Options{}, s, func(f *Fleet) {
		pass(4 * time.Minute)
		if n := f.Snapshot().Known; n < 5 {
			t.Errorf("%d are known after four minutes", n)
		}
	})
}
