package fleet

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"sqscope/backend"
)

// watcher is a place that measures from outside. What is not in said is not
// known.
type watcher struct {
	mu    sync.Mutex
	said  map[string]backend.Measured
	err   error
	asked [][]string // URLs, by request
}

func (w *watcher) QueueMetrics(_ context.Context, queueURLs []string) (map[string]backend.QueueMetrics, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.asked = append(w.asked, slices.Clone(queueURLs))
	out := map[string]backend.QueueMetrics{}
	for _, u := range queueURLs {
		if m, ok := w.said[u]; ok {
			out[u] = backend.QueueMetrics{Measured: backend.Some(m)}
		}
	}
	return out, w.err
}

func (w *watcher) say(u string, m backend.Measured) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.said == nil {
		w.said = map[string]backend.Measured{}
	}
	w.said[u] = m
}

func (w *watcher) set(change func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	change()
}

// take is what was asked since the last time.
func (w *watcher) take() [][]string {
	w.mu.Lock()
	defer w.mu.Unlock()
	asked := w.asked
	w.asked = nil
	return asked
}

// What was seen from outside is shown as that, with its source and its time, and
// goes when nothing is seen any more. An error leaves it as it was and is said.
func TestMeasurementsFromOutsideAreLabelled(t *testing.T) {
	s := newService(t, 0, "busy", "silent")
	w := &watcher{}
	watch(t, Options{Stack: backend.Stack{SQS: s, Metrics: w}}, s, func(f *Fleet) {
		minute := time.Now().Add(-2 * time.Minute)
		w.say(urlOf("busy"), backend.Measured{
			Source: "CloudWatch", Period: time.Minute, In: backend.Some(2.5), AsOf: minute,
			Age: backend.Some(90 * time.Second), AgeAsOf: minute.Add(-time.Minute),
		})
		f.Look(arnsOf("busy", "silent"), time.Second)
		pass(time.Second)
		f.Meter(true)
		pass(time.Second)

		q := f.Queue(arnOf("busy"))
		if q.OldestSource != "CloudWatch" || !q.OldestAsOf.Equal(minute.Add(-time.Minute)) {
			t.Errorf("the oldest, said by %q as of %v", q.OldestSource, q.OldestAsOf)
		}
		if r := q.Rates; !r.InKnown || r.In != 2.5 || r.OutKnown || r.Out != 0 || r.Source != "CloudWatch" || !r.AsOf.Equal(minute) {
			t.Errorf("rates %+v: in is 2.5/s and out is not known", r)
		}
		if want := minute.Add(-150 * time.Second); !q.Measured || !q.Oldest.Equal(want) {
			t.Errorf("the oldest is from %v, want %v", q.Oldest, want)
		}
		if q := f.Queue(arnOf("silent")); q.OldestSource != "" || q.Measured || q.Rates.Source != "" || q.Rates.InKnown {
			t.Errorf("of a queue without measurements something is known: %+v", q)
		}

		w.say(urlOf("busy"), backend.Measured{Source: "CloudWatch", Age: backend.Some(time.Duration(0)), AgeAsOf: minute})
		pass(measureEvery)
		if q := f.Queue(arnOf("busy")); !q.Measured || !q.Oldest.IsZero() || q.Rates.InKnown {
			t.Errorf("with an age of 0 s and nothing stored nothing is old, and no rate is known: %+v", q)
		}
		s.put("busy", 3)
		pass(measureEvery + time.Second)
		if q := f.Queue(arnOf("busy")); !q.Oldest.Equal(minute) {
			t.Errorf("with an age of 0 s and three stored the oldest is from %v, want %v", q.Oldest, minute)
		}

		denied := backend.ErrorOf(backend.ErrAccessDenied, "no")
		w.set(func() { w.err, w.said = denied, nil })
		pass(measureEvery + time.Second)
		if q := f.Queue(arnOf("busy")); q.OldestSource != "CloudWatch" || !errors.Is(f.Snapshot().MetricsErr, denied) {
			t.Errorf("an error took away what was known, or is not said: %v", f.Snapshot().MetricsErr)
		}
		if f.Snapshot().Err != nil {
			t.Errorf("the picture is said not to be renewed: %v", f.Snapshot().Err)
		}
		w.set(func() { w.err = nil })
		pass(5*time.Minute + time.Second)
		if q := f.Queue(arnOf("busy")); q.OldestSource != "" || q.Measured || q.Rates.InKnown || f.Snapshot().MetricsErr != nil {
			t.Errorf("nothing is seen of the queue any more, and still: %+v", q)
		}
	})
}

func TestCloudWatchIsAskedOnlyWhileItIsSwitchedOnAndSomebodyLooks(t *testing.T) {
	s := newService(t, rtt, "orders")
	w := &watcher{}
	w.say(urlOf("orders"), backend.Measured{Source: "CloudWatch", In: backend.Some(1.0), Out: backend.Some(1.0)})
	watch(t, Options{Stack: backend.Stack{SQS: s, Metrics: w}}, s, func(f *Fleet) {
		f.Look(arnsOf("orders"), 5*time.Second)
		pass(time.Hour)
		f.Active()
		if n := len(w.take()); n != 0 {
			t.Errorf("%d requests in an hour in which it was off", n)
		}
		f.Meter(true)
		pass(5*time.Minute + time.Second)
		if n := len(w.take()); n != 6 {
			t.Errorf("%d requests in five minutes, want one at once and one a minute", n)
		}
		if r := f.Queue(arnOf("orders")).Rates; !r.InKnown || !r.OutKnown {
			t.Errorf("rates %+v", r)
		}
		f.Idle()
		pass(time.Hour)
		if n := len(w.take()); n != 0 {
			t.Errorf("%d requests in an hour in which nobody looked", n)
		}
		f.Active()
		f.Meter(false)
		pass(5 * time.Minute)
		q := f.Queue(arnOf("orders"))
		if n := len(w.take()); n != 0 || q.Rates.InKnown || q.Rates.Source != "" {
			t.Errorf("switched off: %d requests, rates %+v", n, q.Rates)
		}
	})
}

func TestCloudWatchIsAskedForRowsOnScreenFirstAndHasABoundedPrice(t *testing.T) {
	t.Parallel()
	all := numbered(600)
	s := newService(t, rtt, all...)
	w := &watcher{}
	for _, n := range all {
		w.say(urlOf(n), backend.Measured{Source: "CloudWatch", In: backend.Some(1.0), Out: backend.Some(1.0)})
	}
	watch(t, Options{Stack: backend.Stack{SQS: s, Metrics: w}}, s, func(f *Fleet) {
		f.Look(arnsOf("queue-00590", "queue-00591"), 5*time.Second)
		f.Pin(arnsOf("queue-00400"))
		pass(time.Second)
		f.Meter(true)
		pass(time.Second)
		first := w.take()
		if len(first) != 1 || len(first[0]) != metricsBatch {
			t.Fatalf("%d requests at once", len(first))
		}
		for i, want := range []string{"queue-00590", "queue-00591", "queue-00400", "queue-00000"} {
			if first[0][i] != urlOf(want) {
				t.Errorf("place %d has %s, want %s", i, first[0][i], want)
			}
		}
		pass(time.Minute)
		for _, q := range f.Snapshot().Queues {
			if !q.Rates.InKnown {
				t.Fatalf("%s is not known after a minute", q.ARN.Name)
			}
		}
		w.take()
		f.Look(arnsOf("queue-00001"), 5*time.Second)
		pass(measureFirst + time.Second)
		if got := w.take(); len(got) == 0 || got[0][0] != urlOf("queue-00001") {
			t.Errorf("a row that comes on screen waits: asked for %d", len(got))
		}
		pass(time.Minute)
		w.take()
		f.Active()
		pass(5*time.Minute - time.Second)
		n := 0
		for _, batch := range w.take() {
			n += len(batch)
		}
		if most := 6 * (metricsBatch + 2); n > most || n < 4*metricsBatch {
			t.Errorf("asked for %d queues in five minutes, want about 5 times %d", n, metricsBatch)
		}
	})
}
