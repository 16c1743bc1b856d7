package peek

import (
	"context"
	"fmt"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"sqscope/backend"
	"sqscope/backend/owner"
)

const queueURL = "https://sqs.eu-west-1.amazonaws.com/123456789012/orders"

var queueARN = backend.ARNOf(queueURL, "eu-west-1")

// letter is a message in the fake.
type letter struct {
	id      string
	until   time.Time // hidden until then
	count   int
	handle  string
	deleted bool
}

// service is a standard queue far away: each request takes a while, counts are
// what they were told to be, receives may bring less than there is, and entries
// of batches may fail.
type service struct {
	backend.SQS
	latency time.Duration

	mu       sync.Mutex
	letters  []*letter
	about    int                           // ApproximateNumberOfMessages; -1: the true number
	most     int                           // messages a receive brings at most; 0: ten
	blind    int                           // so many receives bring nothing whatever there is
	wakes    bool                          // a long poll brings what becomes visible meanwhile
	slow     time.Duration                 // how much later than it happens a change of visibility is confirmed
	calls    map[string]int                // by action
	sizes    map[string]int                // entries in them
	delete   map[string]backend.BatchError // by message id: fails with this
	release  map[string]backend.BatchError
	silent   map[string]bool // message ids that batch answers do not mention
	stop     error           // of every delete
	received []backend.ReceiveMessageInput
	given    []string // message ids in the order in which they were given back
	used     []string // handles that deletes came with
	out      int
	together int // requests out at the same time, at most
}

func newService(latency time.Duration, n int) *service {
	s := &service{
		latency: latency, about: -1, calls: map[string]int{}, sizes: map[string]int{},
		delete: map[string]backend.BatchError{}, release: map[string]backend.BatchError{}, silent: map[string]bool{},
	}
	for i := range n {
		s.letters = append(s.letters, &letter{id: fmt.Sprintf("m%04d", i)})
	}
	return s
}

func (s *service) arrive(ctx context.Context, action string, entries int) error {
	s.mu.Lock()
	s.calls[action]++
	s.sizes[action] += entries
	s.out++
	s.together = max(s.together, s.out)
	s.mu.Unlock()
	defer func() { s.mu.Lock(); s.out--; s.mu.Unlock() }()
	return wait(ctx, s.latency)
}

func wait(ctx context.Context, d time.Duration) error {
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return &backend.Error{Kind: backend.KindCancelled, Err: ctx.Err()}
	}
}

func (s *service) GetQueueAttributes(ctx context.Context, _ backend.GetQueueAttributesInput) (backend.GetQueueAttributesOutput, error) {
	if err := s.arrive(ctx, "GetQueueAttributes", 0); err != nil {
		return backend.GetQueueAttributesOutput{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	n := s.about
	if n < 0 {
		n = len(s.visible())
	}
	return backend.GetQueueAttributesOutput{Attributes: map[string]string{
		backend.AttrMessages: strconv.Itoa(n), backend.AttrMessageRetentionPeriod: "345600",
	}}, nil
}

func (s *service) visible() []*letter {
	var out []*letter
	for _, l := range s.letters {
		if !l.deleted && !time.Now().Before(l.until) {
			out = append(out, l)
		}
	}
	return out
}

func (s *service) ReceiveMessage(ctx context.Context, in backend.ReceiveMessageInput) (backend.ReceiveMessageOutput, error) {
	if err := s.arrive(ctx, "ReceiveMessage", 0); err != nil {
		return backend.ReceiveMessageOutput{}, err
	}
	s.mu.Lock()
	s.received = append(s.received, in)
	got := s.visible()
	for polls := 0; s.wakes && len(got) == 0 && polls < 100; polls++ {
		s.mu.Unlock()
		if err := wait(ctx, time.Duration(in.WaitTimeSeconds.Value)*time.Second/100); err != nil {
			return backend.ReceiveMessageOutput{}, err
		}
		s.mu.Lock()
		got = s.visible()
	}
	if s.blind > 0 {
		s.blind--
		got = nil
	}
	if len(got) == 0 {
		s.mu.Unlock()
		if s.wakes {
			return backend.ReceiveMessageOutput{}, nil
		}
		return backend.ReceiveMessageOutput{}, wait(ctx, time.Duration(in.WaitTimeSeconds.Value)*time.Second)
	}
	defer s.mu.Unlock()
	got = got[:min(len(got), in.MaxNumberOfMessages.Or(1))]
	if s.most > 0 {
		got = got[:min(len(got), s.most)]
	}
	var out backend.ReceiveMessageOutput
	for _, l := range got {
		l.count++
		l.handle = fmt.Sprintf("%s/%d", l.id, l.count)
		l.until = time.Now().Add(time.Duration(in.VisibilityTimeout.Or(30)) * time.Second)
		out.Messages = append(out.Messages, backend.Message{
			MessageId: l.id, ReceiptHandle: l.handle, Body: "body of " + l.id,
			Attributes: map[string]string{
				backend.SysApproximateReceiveCount: strconv.Itoa(l.count),
				backend.SysSentTimestamp:           "946684800000",
			},
		})
	}
	return out, nil
}

// entry answers one entry of a batch.
func (s *service) entry(out *backend.BatchOutput, fail map[string]backend.BatchError, id, handle string, act func(l *letter)) {
	for _, l := range s.letters {
		var n int
		if _, err := fmt.Sscanf(handle, l.id+"/%d", &n); err != nil {
			continue
		}
		if f, ok := fail[l.id]; ok {
			f.Id = id
			out.Failed = append(out.Failed, f)
			return
		}
		if !s.silent[l.id] {
			act(l)
			out.Successful = append(out.Successful, id)
		}
		return
	}
	out.Failed = append(out.Failed, backend.BatchError{Id: id, Code: backend.ErrReceiptHandleIsInvalid, SenderFault: true})
}

func (s *service) ChangeMessageVisibilityBatch(ctx context.Context, in backend.ChangeMessageVisibilityBatchInput) (out backend.BatchOutput, err error) {
	if err := s.arrive(ctx, "ChangeMessageVisibilityBatch", len(in.Entries)); err != nil {
		return out, err
	}
	defer func() { err = wait(ctx, s.slow) }()
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, e := range in.Entries {
		s.entry(&out, s.release, e.Id, e.ReceiptHandle, func(l *letter) {
			l.until = time.Now().Add(time.Duration(e.VisibilityTimeout.Value) * time.Second)
			s.given = append(s.given, l.id)
		})
	}
	return out, nil
}

func (s *service) DeleteMessageBatch(ctx context.Context, in backend.DeleteMessageBatchInput) (out backend.BatchOutput, err error) {
	if err := s.arrive(ctx, "DeleteMessageBatch", len(in.Entries)); err != nil {
		return out, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.stop != nil {
		return out, s.stop
	}
	for _, e := range in.Entries {
		s.used = append(s.used, e.ReceiptHandle)
		s.entry(&out, s.delete, e.Id, e.ReceiptHandle, func(l *letter) { l.deleted = true })
	}
	return out, nil
}

// hidden is how many messages nobody can receive now.
func (s *service) hidden() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := 0
	for _, l := range s.letters {
		if !l.deleted && time.Now().Before(l.until) {
			n++
		}
	}
	return n
}

func (s *service) count(action string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.calls[action]
}

// far runs a test in a bubble, where time is virtual, with a session on a queue
// far away.
func far(t *testing.T, s *service, o Options, test func(t *testing.T, p *Session, l *Leases)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		g := owner.New(t.Context(), nil)
		defer g.Close()
		l := NewLeases(g)
		o.Stack.SQS, o.Leases, o.URL, o.ARN = s, l, queueURL, queueARN
		test(t, Open(o), l)
	})
}

func ids(ms []Message) []string {
	out := make([]string, len(ms))
	for i, m := range ms {
		out[i] = m.MessageId
	}
	return out
}

// look looks and fails the test on an error.
func look(t *testing.T, p *Session, want int) State {
	t.Helper()
	st, err := p.Look(t.Context(), want, nil)
	if err != nil {
		t.Fatalf("Look: %v", err)
	}
	return st
}
