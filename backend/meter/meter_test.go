package meter

import (
	"context"
	"errors"
	"reflect"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"sqscope/backend"
)

// failing is a backend that fails so many times.
type failing struct {
	backend.SQS
	times int
	err   error
	calls int
}

func (f *failing) next() error {
	f.calls++
	if f.calls <= f.times {
		return f.err
	}
	return nil
}

func (f *failing) ListQueues(context.Context, backend.ListQueuesInput) (backend.ListQueuesOutput, error) {
	return backend.ListQueuesOutput{NextToken: "t"}, f.next()
}

func (f *failing) SendMessage(context.Context, backend.SendMessageInput) (backend.SendMessageOutput, error) {
	return backend.SendMessageOutput{MessageId: "id"}, f.next()
}

func (f *failing) SendMessageBatch(context.Context, backend.SendMessageBatchInput) (backend.SendMessageBatchOutput, error) {
	return backend.SendMessageBatchOutput{}, f.next()
}

func (f *failing) ReceiveMessage(context.Context, backend.ReceiveMessageInput) (backend.ReceiveMessageOutput, error) {
	return backend.ReceiveMessageOutput{}, f.next()
}

func (f *failing) DeleteMessage(context.Context, backend.DeleteMessageInput) error { return f.next() }

func (f *failing) DeleteQueue(context.Context, backend.DeleteQueueInput) error { return f.next() }

func (f *failing) PurgeQueue(context.Context, backend.PurgeQueueInput) error { return f.next() }

func (f *failing) StartMessageMoveTask(context.Context, backend.StartMessageMoveTaskInput) (backend.StartMessageMoveTaskOutput, error) {
	return backend.StartMessageMoveTaskOutput{}, f.next()
}

var (
	throttled   = backend.ErrorOf(backend.ErrRequestThrottled, "Request is throttled.")
	network     = backend.Errorf(backend.KindNetwork, "the connection broke")
	timeout     = backend.Errorf(backend.KindTimeout, "no answer came")
	fiveHundred = backend.ErrorOf(backend.ErrInternalFailure, "oops")
	unavailable = backend.ErrorByCode("ServiceUnavailable", 503, "later")
	ours        = backend.Errorf(backend.KindInternal, "a bug")
	denied      = backend.ErrorOf(backend.ErrAccessDenied, "no")
)

func TestWhatIsRepeated(t *testing.T) {
	list := func(s backend.SQS) error {
		_, err := s.ListQueues(context.Background(), backend.ListQueuesInput{})
		return err
	}
	send := func(in backend.SendMessageInput) func(backend.SQS) error {
		return func(s backend.SQS) error {
			_, err := s.SendMessage(context.Background(), in)
			return err
		}
	}
	plain := backend.SendMessageInput{MessageBody: "a"}
	dedup := backend.SendMessageInput{MessageBody: "a", MessageDeduplicationId: backend.Some("d")}
	batch := func(entries ...backend.SendMessageInput) func(backend.SQS) error {
		var in backend.SendMessageBatchInput
		for _, e := range entries {
			in.Entries = append(in.Entries, backend.SendMessageBatchEntry{SendMessageInput: e})
		}
		return func(s backend.SQS) error {
			_, err := s.SendMessageBatch(context.Background(), in)
			return err
		}
	}
	receive := func(s backend.SQS) error {
		_, err := s.ReceiveMessage(context.Background(), backend.ReceiveMessageInput{})
		return err
	}
	remove := func(s backend.SQS) error { return s.DeleteMessage(context.Background(), backend.DeleteMessageInput{}) }
	for _, c := range []struct {
		name  string
		err   error
		call  func(backend.SQS) error
		again bool
	}{
		{"a list after a broken connection", network, list, true},
		{"a list after a timeout", timeout, list, true},
		{"a list after a 500", fiveHundred, list, true},
		{"a list after a throttle", throttled, list, true},
		{"a list that is denied", denied, list, false},
		{"a list that hit our own bug", ours, list, false},
		{"a delete of a message after a broken connection", network, remove, true},
		{"a send that was throttled", throttled, send(plain), true},
		{"a send after a broken connection", network, send(plain), false},
		{"a send after a timeout", timeout, send(plain), false},
		{"a send after a 500", fiveHundred, send(plain), false},
		{"a send after a 503", unavailable, send(plain), false},
		{"a send with deduplication id after a broken connection", network, send(dedup), true},
		{"a batch with deduplication ids after a timeout", timeout, batch(dedup, dedup), true},
		{"a batch with one entry without", timeout, batch(dedup, plain), false},
		{"a batch that was throttled", throttled, batch(plain), true},
		{"a receive that was throttled", throttled, receive, true},
		{"a receive after a broken connection", network, receive, false},
		{"a receive after a timeout", timeout, receive, false},
		{"a purge after a timeout", timeout, func(s backend.SQS) error {
			return s.PurgeQueue(context.Background(), backend.PurgeQueueInput{})
		}, false},
		{"a queue's delete after a timeout", timeout, func(s backend.SQS) error {
			return s.DeleteQueue(context.Background(), backend.DeleteQueueInput{})
		}, false},
		{"a redrive after a timeout", timeout, func(s backend.SQS) error {
			_, err := s.StartMessageMoveTask(context.Background(), backend.StartMessageMoveTaskInput{})
			return err
		}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := &failing{times: 1, err: c.err}
				err := c.call(New(Options{}).Wrap(backend.Stack{SQS: f}).SQS)
				if c.again && (err != nil || f.calls != 2) {
					t.Errorf("%d requests, %v", f.calls, err)
				}
				if !c.again && (!errors.Is(err, c.err) || f.calls != 1) {
					t.Errorf("%d requests, %v", f.calls, err)
				}
			})
		})
	}
}

// The waits double up to the longest, and there are only so many.
func TestRepeatsAreBoundedAndSpreadOut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &failing{times: 100, err: throttled}
		m := New(Options{Attempts: 6, Base: time.Second, Most: 5 * time.Second, Jitter: func() float64 { return 1 }})
		start := time.Now()
		_, err := m.Wrap(backend.Stack{SQS: f}).SQS.ListQueues(t.Context(), backend.ListQueuesInput{})
		if !errors.Is(err, throttled) {
			t.Error(err)
		}
		if got, want := time.Since(start), (1+2+4+5+5)*time.Second; got != want {
			t.Errorf("waited %v in all, want %v", got, want)
		}
		if diff := cmp.Diff(map[string]uint64{"ListQueues": 6}, m.Counts()); diff != "" {
			t.Errorf("counted (-want +got)\n%s", diff)
		}
	})
}

func TestJitterIsFull(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		m := New(Options{Attempts: 2, Base: time.Second, Jitter: func() float64 { return 0.25 }})
		_, err := m.Wrap(backend.Stack{SQS: &failing{times: 1, err: network}}).SQS.ListQueues(t.Context(), backend.ListQueuesInput{})
		if err != nil || time.Since(start) != 250*time.Millisecond {
			t.Errorf("%v after %v", err, time.Since(start))
		}
	})
}

func TestWaitingEndsWithTheContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		f := &failing{times: 100, err: throttled}
		m := New(Options{Base: time.Hour, Most: time.Hour, Jitter: func() float64 { return 1 }})
		start := time.Now()
		_, err := m.Wrap(backend.Stack{SQS: f}).SQS.ListQueues(ctx, backend.ListQueuesInput{})
		if !errors.Is(err, throttled) || time.Since(start) != time.Second || f.calls != 1 {
			t.Errorf("%v after %v and %d requests", err, time.Since(start), f.calls)
		}
	})
}

// Each action is counted under its own name, before the request goes out.
func TestEveryActionIsCounted(t *testing.T) {
	for _, action := range backend.Actions() {
		m := New(Options{})
		s := reflect.ValueOf(m.Wrap(backend.Stack{SQS: &failing{}}).SQS).MethodByName(action)
		func() {
			defer func() { _ = recover() }() // most actions have no backend behind them
			s.Call([]reflect.Value{reflect.ValueOf(t.Context()), reflect.Zero(s.Type().In(1))})
		}()
		if diff := cmp.Diff(map[string]uint64{action: 1}, m.Counts()); diff != "" {
			t.Errorf("after one %s (-want +got)\n%s", action, diff)
		}
	}
}

func TestWhoPacesItsOwnRequestsGetsOne(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := &failing{times: 3, err: backend.ErrorOf(backend.ErrRequestThrottled, "slower")}
		m := New(Options{})
		_, err := m.Wrap(backend.Stack{SQS: b}).SQS.ListQueues(backend.Once(t.Context()), backend.ListQueuesInput{})
		if backend.KindOf(err) != backend.KindThrottled || b.calls != 1 || m.Counts()["ListQueues"] != 1 {
			t.Errorf("%d requests, %v", b.calls, err)
		}
	})
}
