package meter

import (
	"context"
	"math"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"sqscope/backend"
)

// SQS bills each 64 KiB that is begun as a request of its own (docs/SQS.md 12.1).
func TestRequestsAreBilledByTheirSize(t *testing.T) {
	for bytes, want := range map[int]int{0: 1, 1: 1, 64 << 10: 1, 64<<10 + 1: 2, 256 << 10: 4, 1 << 20: 16} {
		m := New(Options{})
		sqs := m.Wrap(backend.Stack{SQS: &failing{}}).SQS
		if _, err := sqs.SendMessage(t.Context(), backend.SendMessageInput{QueueUrl: ordersURL, MessageBody: strings.Repeat("x", bytes)}); err != nil {
			t.Fatal(err)
		}
		if got := m.Log(0)[0].Billed; got != want {
			t.Errorf("%d bytes are billed as %d requests, want %d", bytes, got, want)
		}
	}
}

func TestTotalsSayWhatWasAskedAndWhatItCosts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := New(Options{})
		sqs := m.Wrap(backend.Stack{SQS: &failing{times: 1, err: throttled}}).SQS
		for _, in := range []backend.SendMessageInput{
			{QueueUrl: ordersURL, MessageBody: "a"}, // throttled, then sent
			{QueueUrl: ordersURL, MessageBody: strings.Repeat("a", 100<<10)},
			{QueueUrl: ordersURL + ".fifo", MessageBody: "a"},
		} {
			if _, err := sqs.SendMessage(t.Context(), in); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := sqs.ListQueues(t.Context(), backend.ListQueuesInput{}); err != nil {
			t.Fatal(err)
		}
		m.Observe(backend.ForeignCall{Service: "CloudWatch", Action: "GetMetricData", Items: 500})
		m.Observe(backend.ForeignCall{Service: "STS", Action: "GetCallerIdentity", Err: denied})
		want := Totals{
			Requests: 7, Errors: 2, Standard: 5, FIFO: 1, Metrics: 500,
			USD: 5*0.40/1e6 + 1*0.50/1e6 + 500*0.01/1e3, Label: "list price us-east-1, free tier ignored",
			Actions: []ActionTotal{
				{Service: "SQS", Action: "ListQueues", Requests: 1, Billed: 1},
				{Service: "SQS", Action: "SendMessage", Requests: 4, Errors: 1, Billed: 5},
				{Service: "CloudWatch", Action: "GetMetricData", Requests: 1},
				{Service: "STS", Action: "GetCallerIdentity", Requests: 1, Errors: 1},
			},
		}
		if diff := cmp.Diff(want, m.Totals(), cmpopts.EquateApprox(0, 1e-12)); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
	})
}

func TestPricesCanBeOthers(t *testing.T) {
	m := New(Options{Prices: Prices{Label: "embedded engine: free"}})
	if _, err := m.Wrap(backend.Stack{SQS: &failing{}}).SQS.ListQueues(t.Context(), backend.ListQueuesInput{}); err != nil {
		t.Fatal(err)
	}
	if got := m.Totals(); got.USD != 0 || got.Label != "embedded engine: free" {
		t.Errorf("%+v", got)
	}
	m = New(Options{Prices: Prices{Standard: 1e6}})
	m.record("ListQueues", 1, time.Now(), backend.ListQueuesInput{}, backend.ListQueuesOutput{}, nil)
	if got := m.Totals().USD; math.Abs(got-1) > 1e-9 {
		t.Errorf("USD = %v", got)
	}
}

// stuck is a backend that does not answer.
type stuck struct{ backend.SQS }

func (stuck) ListQueues(ctx context.Context, _ backend.ListQueuesInput) (backend.ListQueuesOutput, error) {
	<-ctx.Done()
	return backend.ListQueuesOutput{}, ctx.Err()
}

func TestARequestUnderWayIsCounted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := New(Options{})
		ctx, cancel := context.WithCancel(t.Context())
		go func() { _, _ = m.Wrap(backend.Stack{SQS: stuck{}}).SQS.ListQueues(ctx, backend.ListQueuesInput{}) }()
		synctest.Wait()
		if got := m.Totals().Requests; got != 1 {
			t.Errorf("%d requests while the first is under way", got)
		}
		cancel()
		synctest.Wait()
		if got := m.Totals(); got.Requests != 1 || got.Errors != 1 {
			t.Errorf("%+v when it has ended", got)
		}
	})
}
