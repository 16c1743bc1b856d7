package fleet

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sqscope/backend"
)

const rtt = 20 * time.Millisecond

func TestT4AllOfManyThousandQueuesAreListed(t *testing.T) {
	for _, c := range []struct{ queues, requests int }{{0, 1}, {1000, 1}, {1001, 2}, {10000, 10}} {
		s := newService(t, rtt, numbered(c.queues)...)
		watch(t, Options{}, s, func(f *Fleet) {
			pass(time.Duration(c.requests)*rtt + publishLag + publishGap)
			got := f.Snapshot()
			if len(got.Queues) != c.queues || !got.ListComplete || got.ListedAt.IsZero() {
				t.Errorf("%d of %d queues, complete: %v", len(got.Queues), c.queues, got.ListComplete)
			}
			if n := s.count("ListQueues"); n != c.requests {
				t.Errorf("%d queues took %d requests, want %d", c.queues, n, c.requests)
			}
		})
	}
}

func TestNamesAreShownPageByPageBeforeTheListingEnds(t *testing.T) {
	s := newService(t, time.Second, numbered(2500)...)
	watch(t, Options{}, s, func(f *Fleet) {
		for _, want := range []struct {
			queues   int
			complete bool
		}{{1000, false}, {2000, false}, {2500, true}} {
			pass(time.Second + publishLag)
			if got := f.Snapshot(); len(got.Queues) != want.queues || got.ListComplete != want.complete {
				t.Errorf("%d queues, complete: %v; want %+v", len(got.Queues), got.ListComplete, want)
			}
		}
	})
}

func TestT3ExpiredCredentialsAreShownBesideTheLastGoodList(t *testing.T) {
	expired := backend.ErrorByCode("ExpiredToken", 403, "The security token included in the request is expired")
	s := newService(t, rtt, "orders", "payments")
	watch(t, Options{}, s, func(f *Fleet) {
		pass(time.Second)
		listed := f.Snapshot().ListedAt
		s.set(func() { s.all = expired })
		pass(5 * time.Minute)
		got := f.Snapshot()
		if got.Err == nil || got.Err.Kind != backend.KindCredentials {
			t.Errorf("the error is %v, want one of kind credentials", got.Err)
		}
		if diff := cmp.Diff([]string{"orders", "payments"}, names(got)); diff != "" {
			t.Errorf("the list did not stay:\n%s", diff)
		}
		if got.ListedAt.Sub(listed) > time.Minute || got.RetryAt.IsZero() {
			t.Errorf("listed at %v, retry at %v", got.ListedAt, got.RetryAt)
		}
		if got.Queues[0].Err != nil {
			t.Errorf("what is everyone's error was put on a queue: %v", got.Queues[0].Err)
		}
		if n := s.count("ListQueues") + s.count("GetQueueAttributes"); n > 40 {
			t.Errorf("%d requests with credentials that are known to be expired", n)
		}
		s.set(func() { s.all = nil })
		f.Retry()
		pass(time.Second)
		if got := f.Snapshot(); got.Err != nil || !got.ListedAt.After(listed.Add(4*time.Minute)) {
			t.Errorf("after logging in again: error %v, listed at %v", got.Err, got.ListedAt)
		}
	})
}

func TestT3AFirstListingThatFailsIsNotAnEmptyList(t *testing.T) {
	s := newService(t, rtt)
	s.listErr = backend.ErrorByCode("UnrecognizedClientException", 403, "The security token included in the request is invalid.")
	watch(t, Options{}, s, func(f *Fleet) {
		pass(time.Second)
		got := f.Snapshot()
		if got.Err == nil || got.Err.Kind != backend.KindCredentials || got.ListComplete || !got.ListedAt.IsZero() {
			t.Errorf("shown as: %d queues, complete %v, error %v", len(got.Queues), got.ListComplete, got.Err)
		}
	})
}

func TestT5AQueueThatDeniesAccessLeavesTheRestAlone(t *testing.T) {
	s := newService(t, rtt, "a", "b", "secret", "z")
	s.errs[urlOf("secret")] = backend.ErrorOf(backend.ErrAccessDenied, "no")
	watch(t, Options{}, s, func(f *Fleet) {
		f.Look(arnsOf("a", "b", "secret", "z"), 5*time.Second)
		pass(time.Minute)
		got := f.Snapshot()
		if got.Err != nil {
			t.Errorf("one queue's error became everyone's: %v", got.Err)
		}
		for _, q := range got.Queues {
			if q.ARN.Name == "secret" {
				if q.Err == nil || q.Err.Kind != backend.KindDenied || !q.AsOf.IsZero() {
					t.Errorf("secret: %v as of %v", q.Err, q.AsOf)
				}
			} else if q.Err != nil || time.Since(q.AsOf) > 10*time.Second {
				t.Errorf("%s: %v, read %v ago", q.ARN.Name, q.Err, time.Since(q.AsOf))
			}
		}
		if n := s.readsOf("secret"); n != 1 {
			t.Errorf("asked %d times in a minute for what is denied", n)
		}
		s.set(func() { delete(s.errs, urlOf("secret")) })
		f.Refresh(arnOf("secret"))
		pass(time.Second)
		if q := f.Queue(arnOf("secret")); q.Err != nil || q.AsOf.IsZero() {
			t.Errorf("after the right was given: %v as of %v", q.Err, q.AsOf)
		}
	})
}

func TestT6AnHourOfWatchingReceivesNothing(t *testing.T) {
	t.Parallel()
	s := newService(t, rtt, numbered(200)...)
	watch(t, Options{}, s, func(f *Fleet) {
		f.Look(arnsOf(numbered(40)...), 5*time.Second)
		pass(time.Hour)
		for action := range s.calls {
			if action != "ListQueues" && action != "GetQueueAttributes" {
				t.Errorf("%s was called", action)
			}
		}
		if n, most := s.count("GetQueueAttributes"), 100+10*600+3000; n > most || n < most*9/10 {
			t.Errorf("%d readings in an hour without a key, want about %d and no more", n, most)
		}
	})
}

func TestT10AQueueIsADeadLetterQueueBecauseARedrivePolicyNamesIt(t *testing.T) {
	s := newService(t, rtt, "orders", "emails", "failures", "decoy-dlq", "lonely")
	redrive := func(target, max string) string {
		return `{"deadLetterTargetArn":"` + target + `","maxReceiveCount":` + max + `}`
	}
	s.put("orders", 3, backend.AttrRedrivePolicy, redrive(arnOf("failures").String(), `"5"`))
	s.put("emails", 3, backend.AttrRedrivePolicy, redrive(arnOf("failures").String(), `3`))
	s.put("lonely", 3, backend.AttrRedrivePolicy, redrive(arnOf("nowhere").String(), `3`))
	s.put("decoy-dlq", 1, backend.AttrRedriveAllowPolicy, `{"redrivePermission":"allowAll"}`)
	watch(t, Options{}, s, func(f *Fleet) {
		pass(time.Minute)
		got := f.Snapshot()
		if len(got.DLQs) != 1 || got.DLQs[0].ARN.Name != "failures" {
			t.Errorf("dead-letter queues: %v", names(&Snapshot{Queues: got.DLQs}))
		}
		q := f.Queue(arnOf("failures"))
		if diff := cmp.Diff(arnsOf("emails", "orders"), q.Sources); diff != "" || !q.IsDLQ() {
			t.Errorf("sources of failures:\n%s", diff)
		}
		if f.Queue(arnOf("decoy-dlq")).IsDLQ() {
			t.Error("a queue is a dead-letter queue by its name or its RedriveAllowPolicy")
		}
		for name, max := range map[string]int{"orders": 5, "emails": 3} {
			q := f.Queue(arnOf(name))
			if q.DLQ == nil || *q.DLQ != arnOf("failures") || q.DLQMissing || q.Redrive.MaxReceiveCount != max {
				t.Errorf("%s: %v after %d, missing %v", name, q.DLQ, q.Redrive.MaxReceiveCount, q.DLQMissing)
			}
		}
		if q := f.Queue(arnOf("lonely")); q.DLQ == nil || *q.DLQ != arnOf("nowhere") || !q.DLQMissing {
			t.Errorf("lonely: %v, missing %v", q.DLQ, q.DLQMissing)
		}

		s.put("orders", 3)
		s.put("emails", 3)
		f.Refresh(arnOf("orders"))
		f.Refresh(arnOf("emails"))
		pass(time.Second)
		if got := f.Snapshot(); len(got.DLQs) != 0 || f.Queue(arnOf("orders")).DLQ != nil {
			t.Errorf("after the policies went: %v", names(&Snapshot{Queues: got.DLQs}))
		}
	})
}

func TestWiringFollowsTheARNThatTheQueueGivesItself(t *testing.T) {
	const own = "arn:aws:sqs:elsewhere:000000000000:dead"
	s := newService(t, rtt, "orders", "dead")
	s.put("dead", 0, backend.AttrQueueArn, own)
	s.put("orders", 0, backend.AttrRedrivePolicy, `{"deadLetterTargetArn":"`+own+`","maxReceiveCount":2}`)
	watch(t, Options{}, s, func(f *Fleet) {
		pass(time.Minute)
		if q := f.Queue(arnOf("orders")); q.DLQ == nil || *q.DLQ != arnOf("dead") || q.DLQMissing {
			t.Errorf("orders: %v, missing %v", q.DLQ, q.DLQMissing)
		}
		if q := f.Queue(arnOf("dead")); !q.IsDLQ() {
			t.Error("dead is not known as a dead-letter queue")
		}
	})
}

func TestADeletedQueueVanishesAndOneMadeAnewComesBack(t *testing.T) {
	s := newService(t, rtt, "orders", "payments")
	watch(t, Options{}, s, func(f *Fleet) {
		f.Look(arnsOf("orders", "payments"), 5*time.Second)
		pass(time.Second)
		orders := s.queues[urlOf("orders")]

		// Listings may name it for a while yet (2.7); readings know better.
		s.set(func() { s.queues[urlOf("orders")] = nil; s.errs[urlOf("orders")] = notFound() })
		pass(time.Minute)
		if f.Queue(arnOf("orders")) != nil {
			t.Error("a queue that does not exist is shown")
		}
		s.set(func() { s.queues[urlOf("orders")] = orders; delete(s.errs, urlOf("orders")) })
		pass(time.Minute)
		if q := f.Queue(arnOf("orders")); q == nil || q.Err != nil {
			t.Errorf("made anew it is shown as %+v", q)
		}
		s.set(func() { delete(s.queues, urlOf("payments")) })
		pass(time.Minute)
		if diff := cmp.Diff([]string{"orders"}, names(f.Snapshot())); diff != "" {
			t.Error(diff)
		}
	})
}

func notFound() error {
	return backend.ErrorOf(backend.ErrQueueDoesNotExist, "The specified queue does not exist.")
}

func TestAQueueMadeHereIsShownBeforeListingsNameIt(t *testing.T) {
	s := newService(t, rtt, "orders")
	watch(t, Options{}, s, func(f *Fleet) {
		pass(time.Second)
		s.put("new", 7)
		s.set(func() { s.hidden[urlOf("new")] = true })
		f.Add(urlOf("new"))
		pass(rtt + publishGap)
		if q := f.Queue(arnOf("new")); q == nil || q.Visible != 7 {
			t.Errorf("just made: %+v", q)
		}
		pass(35 * time.Second)
		if f.Queue(arnOf("new")) == nil {
			t.Error("it went with the first listing that did not name it yet")
		}
		pass(2 * time.Minute)
		if f.Queue(arnOf("new")) != nil {
			t.Error("no listing names it after minutes, and it is still shown")
		}
	})
}

func TestAnActIsFollowedByAReadingThatIsNewerThanIt(t *testing.T) {
	s := newService(t, time.Second, "orders")
	watch(t, Options{}, s, func(f *Fleet) {
		f.Look(arnsOf("orders"), time.Hour)
		pass(1500 * time.Millisecond) // listed; the first reading is on its way
		s.put("orders", 1)
		pass(600 * time.Millisecond)
		f.Refresh(arnOf("orders")) // and this one goes out now
		pass(500 * time.Millisecond)
		s.put("orders", 42)
		f.Refresh(arnOf("orders")) // under way, and too old already
		pass(3 * time.Second)
		if q := f.Queue(arnOf("orders")); q.Visible != 42 {
			t.Errorf("shown as %d, want 42", q.Visible)
		}
		if n := s.readsOf("orders"); n != 3 {
			t.Errorf("%d readings, want 3", n)
		}
	})
}

func TestRefreshAllListsAndReadsTheRowsOnScreenNow(t *testing.T) {
	s := newService(t, rtt, numbered(100)...)
	watch(t, Options{}, s, func(f *Fleet) {
		f.Look(arnsOf(numbered(20)...), time.Hour)
		pass(30 * time.Second)
		s.put("another", 1)
		for _, n := range numbered(100) {
			s.put(n, 9)
		}
		f.RefreshAll()
		pass(2*rtt + publishGap)
		got := f.Snapshot()
		if got.Queue(arnOf("another")) == nil {
			t.Error("the names were not listed anew")
		}
		for _, n := range numbered(20) {
			if q := got.Queue(arnOf(n)); q.Visible != 9 {
				t.Errorf("%s on screen is shown with %d", n, q.Visible)
			}
		}
		pass(30 * time.Second)
		for _, q := range f.Snapshot().Queues {
			if q.ARN.Name != "another" && q.Visible != 9 {
				t.Errorf("%s off screen is shown with %d after half a minute", q.ARN.Name, q.Visible)
			}
		}
	})
}

func TestASnapshotDoesNotChange(t *testing.T) {
	s := newService(t, rtt, "orders")
	watch(t, Options{}, s, func(f *Fleet) {
		f.Look(arnsOf("orders"), time.Second)
		pass(3 * time.Second)
		before := f.Snapshot()
		q := *before.Queues[0]
		trend := append([]int(nil), q.Trend...)
		s.put("orders", 99)
		s.put("payments", 1)
		pass(time.Minute)
		if after := f.Snapshot(); after.Version <= before.Version || after.Queues[0].Visible != 99 {
			t.Errorf("version %d -> %d, %d visible", before.Version, after.Version, after.Queues[0].Visible)
		}
		if len(before.Queues) != 1 || before.Queues[0].Visible != 0 || !cmp.Equal(trend, before.Queues[0].Trend) {
			t.Errorf("an old snapshot has changed: %+v", before.Queues[0])
		}
	})
}

func TestChangedIsCoalesced(t *testing.T) {
	s := newService(t, rtt, numbered(60)...)
	watch(t, Options{Budget: Budget{Burst: 1000, Background: 200}}, s, func(f *Fleet) {
		f.Look(arnsOf(numbered(60)...), time.Millisecond)
		signals, end := 0, time.After(10*time.Second)
		for {
			select {
			case <-f.Changed():
				signals++
				continue
			case <-end:
			}
			break
		}
		if most := int(10*time.Second/publishGap) + 1; signals > most || signals < 20 {
			t.Errorf("%d signals in ten seconds, want some, and at most %d", signals, most)
		}
		if v := f.Snapshot().Version; v != uint64(signals) && v != uint64(signals)+1 { // one may be under way
			t.Errorf("%d pictures, %d signals to someone who always listens", v, signals)
		}
	})
}
