package fleet

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/time/rate"

	"sqscope/backend"
	"sqscope/backend/owner"
)

const region = "eu-west-1"

// service is an SQS of which each request takes a while. It counts requests by
// action and lets nothing be received.
type service struct {
	backend.SQS
	t       *testing.T
	latency time.Duration

	mu      sync.Mutex
	queues  map[string]map[string]string // attributes by URL
	order   []string                     // the URLs that listings name
	hidden  map[string]bool              // exist, but listings do not name them
	tags    map[string]map[string]string // by URL
	errs    map[string]error             // of GetQueueAttributes, by URL
	tagErr  error
	bucket  *rate.Limiter // requests that are not in it are throttled; nil: none is
	listErr error
	all     error // of everything
	calls   map[string]int
	reads   map[string]int // GetQueueAttributes by URL
	out     int
	most    int // requests out at the same time

	throttles int
}

func newService(t *testing.T, latency time.Duration, names ...string) *service {
	s := &service{
		t: t, latency: latency,
		queues: map[string]map[string]string{}, hidden: map[string]bool{},
		errs: map[string]error{}, tags: map[string]map[string]string{}, calls: map[string]int{}, reads: map[string]int{},
	}
	for _, n := range names {
		s.put(n, 0)
	}
	return s
}

func urlOf(name string) string { return "https://sqs.eu-west-1.amazonaws.com/123456789012/" + name }

func arnOf(name string) backend.ARN { return backend.ARNOf(urlOf(name), region) }

func arnsOf(names ...string) []backend.ARN {
	out := make([]backend.ARN, len(names))
	for i, n := range names {
		out[i] = arnOf(n)
	}
	return out
}

// put makes a queue or sets its attributes, given as name and value in turn.
func (s *service) put(name string, visible int, attributes ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	a := map[string]string{
		backend.AttrMessages: strconv.Itoa(visible), backend.AttrMessagesNotVisible: "0",
		backend.AttrMessagesDelayed: "0", backend.AttrQueueArn: arnOf(name).String(),
	}
	for i := 0; i < len(attributes); i += 2 {
		a[attributes[i]] = attributes[i+1]
	}
	s.queues[urlOf(name)] = a
}

func (s *service) set(change func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change()
}

// arrive is one request on its way there and back.
func (s *service) arrive(ctx context.Context, action string) error {
	s.mu.Lock()
	s.calls[action]++
	s.out++
	s.most = max(s.most, s.out)
	latency := s.latency
	s.mu.Unlock()
	defer func() {
		s.mu.Lock()
		s.out--
		s.mu.Unlock()
	}()
	if latency > 0 {
		select {
		case <-time.After(latency):
		case <-ctx.Done():
			return &backend.Error{Kind: backend.KindOf(ctx.Err()), Err: ctx.Err()}
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.bucket != nil && !s.bucket.AllowN(time.Now(), 1) {
		s.throttles++
		return throttle()
	}
	return s.all
}

func throttle() error { return backend.ErrorOf(backend.ErrRequestThrottled, "Request is throttled.") }

func (s *service) GetQueueUrl(ctx context.Context, in backend.GetQueueUrlInput) (backend.GetQueueUrlOutput, error) {
	if err := s.arrive(ctx, "GetQueueUrl"); err != nil {
		return backend.GetQueueUrlOutput{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	owner := cmp.Or(in.QueueOwnerAWSAccountId, "123456789012")
	u := "https://sqs.eu-west-1.amazonaws.com/" + owner + "/" + in.QueueName
	if _, ok := s.queues[u]; !ok {
		return backend.GetQueueUrlOutput{}, notFound()
	}
	return backend.GetQueueUrlOutput{QueueUrl: u}, nil
}

func (s *service) ListQueueTags(ctx context.Context, in backend.ListQueueTagsInput) (backend.ListQueueTagsOutput, error) {
	if err := s.arrive(ctx, "ListQueueTags"); err != nil {
		return backend.ListQueueTagsOutput{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return backend.ListQueueTagsOutput{Tags: maps.Clone(s.tags[in.QueueUrl])}, s.tagErr
}

func (s *service) ListQueues(ctx context.Context, in backend.ListQueuesInput) (backend.ListQueuesOutput, error) {
	if err := s.arrive(ctx, "ListQueues"); err != nil {
		return backend.ListQueuesOutput{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.listErr != nil {
		return backend.ListQueuesOutput{}, s.listErr
	}
	all := s.listed()
	from, _ := strconv.Atoi(in.NextToken)
	if !in.MaxResults.Set { // docs/SQS.md 1.4
		return backend.ListQueuesOutput{QueueUrls: all[:min(1000, len(all))]}, nil
	}
	to := min(from+in.MaxResults.Value, len(all))
	out := backend.ListQueuesOutput{QueueUrls: slices.Clone(all[from:to])}
	if to < len(all) {
		out.NextToken = strconv.Itoa(to)
	}
	return out, nil
}

// listed are the URLs that listings name, in order.
func (s *service) listed() []string {
	if len(s.order) == len(s.queues) && len(s.hidden) == 0 {
		return s.order
	}
	s.order = nil
	for u := range s.queues {
		if !s.hidden[u] {
			s.order = append(s.order, u)
		}
	}
	slices.Sort(s.order)
	return s.order
}

func (s *service) GetQueueAttributes(ctx context.Context, in backend.GetQueueAttributesInput) (backend.GetQueueAttributesOutput, error) {
	if err := s.arrive(ctx, "GetQueueAttributes"); err != nil {
		return backend.GetQueueAttributesOutput{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.reads[in.QueueUrl]++
	if err := s.errs[in.QueueUrl]; err != nil {
		return backend.GetQueueAttributesOutput{}, err
	}
	a, ok := s.queues[in.QueueUrl]
	if !ok {
		return backend.GetQueueAttributesOutput{}, backend.ErrorOf(backend.ErrQueueDoesNotExist, "The specified queue does not exist.")
	}
	out := map[string]string{}
	for k, v := range a {
		out[k] = v
	}
	return backend.GetQueueAttributesOutput{Attributes: out}, nil
}

func (s *service) ReceiveMessage(context.Context, backend.ReceiveMessageInput) (backend.ReceiveMessageOutput, error) {
	s.t.Error("the fleet received a message")
	return backend.ReceiveMessageOutput{}, nil
}

func (s *service) count(action string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.calls[action]
}

// requests is how many there were of all actions.
func (s *service) requests() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := 0
	for _, c := range s.calls {
		n += c
	}
	return n
}

func (s *service) throttled() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.throttles
}

func (s *service) readsOf(name string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.reads[urlOf(name)]
}

// watch runs a test with a fleet in a bubble, where time is virtual.
func watch(t *testing.T, o Options, s *service, test func(f *Fleet)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		s.t = t
		g := owner.New(t.Context(), nil)
		defer g.Close()
		o.Group, o.Region = g, region
		if o.Stack.SQS == nil {
			o.Stack.SQS = s
		}
		test(New(o))
	})
}

// pass lets virtual time go by.
func pass(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

func numbered(n int) []string {
	out := make([]string, n)
	for i := range out {
		out[i] = fmt.Sprintf("queue-%05d", i)
	}
	return out
}

func names(s *Snapshot) []string {
	var out []string
	for _, q := range s.Queues {
		out = append(out, q.ARN.Name)
	}
	return out
}
