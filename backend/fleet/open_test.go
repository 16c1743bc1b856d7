package fleet

import (
	"testing"
	"time"

	"sqscope/backend"
)

const theirs = "https://sqs.eu-west-1.amazonaws.com/999999999999/theirs"

// withTheirs is a place where a queue of another account may be read.
func withTheirs(t *testing.T) *service {
	s := newService(t, rtt, "orders")
	s.put("theirs", 7)
	s.queues[theirs] = s.queues[urlOf("theirs")]
	delete(s.queues, urlOf("theirs"))
	s.queues[theirs][backend.AttrQueueArn] = "arn:aws:sqs:eu-west-1:999999999999:theirs"
	s.hidden[theirs] = true
	return s
}

func TestAQueueOfAnotherAccountIsOpenedByWhateverNamesIt(t *testing.T) {
	arn := backend.ARNOf(theirs, region)
	for what, lookups := range map[string]int{theirs: 0, " " + arn.String() + "\n": 1, "999999999999/theirs": 1} {
		s := withTheirs(t)
		watch(t, Options{}, s, func(f *Fleet) {
			pass(time.Second)
			got, err := f.Open(s.t.Context(), what)
			if err != nil || got != arn {
				t.Fatalf("%q: %v, %v", what, got, err)
			}
			if n := s.count("GetQueueUrl"); n != lookups {
				t.Errorf("%q: looked up %d times, want %d", what, n, lookups)
			}
			pass(publishGap)
			if q := f.Queue(arn); q == nil || q.Visible != 7 {
				t.Fatalf("%q: shown as %+v", what, q)
			}
			readings := func() (n int) { s.set(func() { n = s.reads[theirs] }); return n }
			before := readings()
			pass(5 * time.Minute)
			if n := readings() - before; f.Queue(arn) == nil || n < 15 {
				t.Errorf("%q: listings that do not name it took it away, or it is hardly read: %d times", what, n)
			}
			again, err := f.Open(s.t.Context(), arn.String())
			if err != nil || again != arn || s.count("GetQueueUrl") != lookups {
				t.Errorf("opened again: %v, %v", again, err)
			}
		})
	}
}

func TestAGuestKeepsItsRowWhateverBefallsIt(t *testing.T) {
	s := withTheirs(t)
	arn := backend.ARNOf(theirs, region)
	watch(t, Options{}, s, func(f *Fleet) {
		pass(time.Second)
		if _, err := f.Open(s.t.Context(), theirs); err != nil {
			t.Fatal(err)
		}
		for _, c := range []error{backend.ErrorOf(backend.ErrAccessDenied, "no"), notFound()} {
			s.set(func() { s.errs[theirs] = c })
			f.Refresh(arn)
			pass(time.Minute)
			if q := f.Queue(arn); q == nil || q.Err == nil || q.Err.Kind != backend.KindOf(c) || q.Visible != 7 {
				t.Errorf("after %v: %+v", c, q)
			}
			if f.Snapshot().Err != nil {
				t.Errorf("it became everyone's: %v", f.Snapshot().Err)
			}
		}
		s.set(func() { delete(s.errs, theirs) })
		pass(2 * time.Minute)
		if q := f.Queue(arn); q.Err != nil {
			t.Errorf("it does not recover by itself: %v", q.Err)
		}
	})
}

func TestAQueueThatListingsNameGoesAsUsualThoughItWasOpened(t *testing.T) {
	s := newService(t, rtt, "orders", "payments")
	watch(t, Options{}, s, func(f *Fleet) {
		pass(time.Second)
		if arn, err := f.Open(s.t.Context(), "orders"); err != nil || arn != arnOf("orders") {
			t.Fatalf("%v, %v", arn, err)
		}
		s.set(func() { delete(s.queues, urlOf("orders")) })
		pass(time.Minute)
		if f.Queue(arnOf("orders")) != nil {
			t.Error("a queue that was deleted is shown")
		}
	})
}

func TestWhatCannotBeOpenedIsNotTakenIn(t *testing.T) {
	for _, c := range []struct {
		what string
		kind backend.Kind
	}{
		{"", backend.KindInvalid},
		{"https://sqs.eu-west-1.amazonaws.com/", backend.KindInvalid},
		{"arn:aws:sns:eu-west-1:999999999999:topic", backend.KindInvalid},
		{"arn:aws:sqs:us-east-1:999999999999:theirs", backend.KindInvalid},
		{"https://sqs.us-east-1.amazonaws.com/999999999999/theirs", backend.KindInvalid},
		{"https://us-east-2.queue.amazonaws.com/999999999999/theirs", backend.KindInvalid},
		{"https://queue.amazonaws.com/999999999999/theirs", backend.KindInvalid},
		{"https://sqs-fips.us-west-2.api.aws/999999999999/theirs", backend.KindInvalid},
		{"nowhere", backend.KindNotFound},
		{"arn:aws:sqs:eu-west-1:999999999999:nowhere", backend.KindNotFound},
		{urlOf("nowhere"), backend.KindNotFound},
	} {
		s := withTheirs(t)
		watch(t, Options{}, s, func(f *Fleet) {
			pass(time.Second)
			arn, err := f.Open(s.t.Context(), c.what)
			if err == nil || backend.KindOf(err) != c.kind || arn != (backend.ARN{}) {
				t.Errorf("%q: %v, %v; want an error of kind %v", c.what, arn, err, c.kind)
			}
			pass(time.Second)
			if n := len(f.Snapshot().Queues); n != 1 {
				t.Errorf("%q: %d queues are shown", c.what, n)
			}
		})
	}
}

// Local emulators have regions and hosts of their own.
func TestAQueueIsOpenedByTheARNThatItGivesItself(t *testing.T) {
	const own = "arn:aws:sqs:elsewhere:000000000000:orders"
	s := newService(t, rtt, "orders")
	s.put("orders", 1, backend.AttrQueueArn, own)
	watch(t, Options{}, s, func(f *Fleet) {
		pass(time.Second)
		if arn, err := f.Open(s.t.Context(), own); err != nil || arn != arnOf("orders") {
			t.Errorf("%v, %v", arn, err)
		}
	})
}

func TestQueuesKnownByURLWorkWhereListingThemIsDenied(t *testing.T) {
	s := withTheirs(t)
	s.listErr = backend.ErrorOf(backend.ErrAccessDenied, "no")
	watch(t, Options{}, s, func(f *Fleet) {
		pass(time.Second)
		for _, what := range []string{urlOf("orders"), theirs} {
			if _, err := f.Open(s.t.Context(), what); err != nil {
				t.Fatal(err)
			}
		}
		pass(5 * time.Minute)
		got := f.Snapshot()
		if got.Err == nil || got.Err.Kind != backend.KindDenied || got.ListComplete {
			t.Errorf("the picture says %v, complete: %v", got.Err, got.ListComplete)
		}
		if len(got.Queues) != 2 {
			t.Fatalf("%d queues", len(got.Queues))
		}
		for _, q := range got.Queues {
			if q.Err != nil || time.Since(q.AsOf) > 20*time.Second {
				t.Errorf("%s: %v, read %v ago", q.ARN.Name, q.Err, time.Since(q.AsOf))
			}
		}
	})
}
