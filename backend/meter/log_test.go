package meter

import (
	"context"
	"fmt"
	"reflect"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"sqscope/backend"
	"sqscope/backend/awsline"
	"sqscope/backend/memory"
)

const ordersURL = "https://sqs.eu-west-1.amazonaws.com/123456789012/orders"

var place = backend.Place{Region: "eu-west-1", Profile: "prod"}

// slow is a backend that answers after a second with what it was told to.
type slow struct {
	backend.SQS
	received backend.ReceiveMessageOutput
	deleted  backend.BatchOutput
	errs     []error // one a request
}

func (s *slow) answer() error {
	time.Sleep(time.Second)
	if len(s.errs) == 0 {
		return nil
	}
	err := s.errs[0]
	s.errs = s.errs[1:]
	return err
}

func (s *slow) ReceiveMessage(context.Context, backend.ReceiveMessageInput) (backend.ReceiveMessageOutput, error) {
	if err := s.answer(); err != nil {
		return backend.ReceiveMessageOutput{}, err
	}
	return s.received, nil
}

func (s *slow) DeleteMessageBatch(context.Context, backend.DeleteMessageBatchInput) (backend.BatchOutput, error) {
	return s.deleted, s.answer()
}

func (s *slow) SendMessage(context.Context, backend.SendMessageInput) (backend.SendMessageOutput, error) {
	return backend.SendMessageOutput{}, s.answer()
}

// sdkError is an error as the SDK makes it, with the id of its request.
type sdkError struct{}

func (sdkError) Error() string            { return "secret said by a helper" }
func (sdkError) ServiceRequestID() string { return "req-1" }

func TestTheLogSaysOfEachRequestWhatItWas(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		refused := *throttled
		refused.Err = sdkError{}
		s := &slow{
			received: backend.ReceiveMessageOutput{Messages: []backend.Message{{Body: "12345"}, {Body: "1", MessageAttributes: map[string]backend.MessageAttribute{"a": {DataType: "String", StringValue: backend.Some("b")}}}}},
			deleted:  backend.BatchOutput{Successful: []string{"1"}, Failed: []backend.BatchError{{Id: "2"}}},
			errs:     []error{&refused},
		}
		m := New(Options{Jitter: func() float64 { return 1 }})
		sqs := m.Wrap(backend.Stack{SQS: s}).SQS
		start := time.Now()
		if _, err := sqs.ReceiveMessage(t.Context(), backend.ReceiveMessageInput{QueueUrl: ordersURL}); err != nil {
			t.Fatal(err)
		}
		if _, err := sqs.DeleteMessageBatch(t.Context(), backend.DeleteMessageBatchInput{QueueUrl: ordersURL, Entries: make([]backend.DeleteMessageBatchEntry, 2)}); err != nil {
			t.Fatal(err)
		}
		m.Observe(backend.ForeignCall{Service: "STS", Action: "GetCallerIdentity", At: start, Duration: time.Minute, RequestID: "req-2", Err: &backend.Error{Kind: backend.KindDenied, Err: sdkError{}}})
		s2 := start.Add(time.Second + 200*time.Millisecond)
		want := []Call{
			{Seq: 1, At: start, Took: time.Second, Service: "SQS", Action: "ReceiveMessage", Queue: ordersURL, Attempt: 1, Err: throttled, RequestID: "req-1", Billed: 1},
			{Seq: 2, At: s2, Took: time.Second, Service: "SQS", Action: "ReceiveMessage", Queue: ordersURL, Attempt: 2, Items: 2, Bytes: 5 + 1 + 1 + 6 + 1, Billed: 1},
			{Seq: 3, At: s2.Add(time.Second), Took: time.Second, Service: "SQS", Action: "DeleteMessageBatch", Queue: ordersURL, Attempt: 1, Items: 2, Failed: 1, Billed: 1},
			{Seq: 4, At: start, Took: time.Minute, Service: "STS", Action: "GetCallerIdentity", Attempt: 1, RequestID: "req-2", Err: &backend.Error{Kind: backend.KindDenied}},
		}
		got := m.Log(0)
		if diff := cmp.Diff(want, got, cmpopts.IgnoreUnexported(Call{})); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
		if line, whole := got[3].Line(place); line != "" || whole {
			t.Errorf("a request to another service has the line %q", line)
		}
	})
}

func TestTheLogKeepsTheNewestAndItsNumbersShowWhatIsMissing(t *testing.T) {
	m := New(Options{Calls: 5})
	if calls := m.Log(0); calls != nil || m.Seq() != 0 {
		t.Errorf("before any call: %v, %d", calls, m.Seq())
	}
	for n := 1; n <= 13; n++ {
		m.Observe(backend.ForeignCall{Action: fmt.Sprint(n)})
		for after := range n + 2 {
			var want []string
			for i := max(after, n-5) + 1; i <= n; i++ {
				want = append(want, fmt.Sprint(i))
			}
			var got []string
			for _, c := range m.Log(uint64(after)) {
				if fmt.Sprint(c.Seq) != c.Action {
					t.Fatalf("call %s has the number %d", c.Action, c.Seq)
				}
				got = append(got, c.Action)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Fatalf("after %d of %d (-want +got)\n%s", after, n, diff)
			}
		}
		if m.Seq() != uint64(n) {
			t.Errorf("Seq = %d after %d calls", m.Seq(), n)
		}
	}
}

// fill puts something into every field.
func fill(v reflect.Value) {
	switch v.Kind() {
	case reflect.String:
		v.SetString("queue.fifo")
	case reflect.Int:
		v.SetInt(7)
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Uint8:
		v.SetUint(65)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		for i := range v.Len() {
			fill(v.Index(i))
		}
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		value := reflect.New(v.Type().Elem()).Elem()
		fill(value)
		v.SetMapIndex(reflect.ValueOf("key"), value)
	case reflect.Struct:
		for i := range v.NumField() {
			fill(v.Field(i))
		}
	}
}

// spoil changes what the maps and slices of a filled value hold.
func spoil(v reflect.Value) {
	switch v.Kind() {
	case reflect.Slice:
		for i := range v.Len() {
			if v.Index(i).Kind() == reflect.Uint8 {
				v.Index(i).SetUint(66)
				continue
			}
			spoil(v.Index(i))
			v.Index(i).SetZero()
		}
	case reflect.Map:
		for iter := v.MapRange(); iter.Next(); {
			spoil(iter.Value())
		}
		v.Clear()
	case reflect.Struct:
		for i := range v.NumField() {
			spoil(v.Field(i))
		}
	}
}

// Of each of the 23 actions: the log's line is the request's, also when the
// caller goes on to change what it sent, and the queue is known.
func TestTheLineOfACallIsThatOfItsRequest(t *testing.T) {
	e := memory.New(memory.Options{Seed: 1})
	defer e.Close()
	m := New(Options{Attempts: 1})
	sqs := reflect.ValueOf(m.Wrap(backend.Stack{SQS: e}).SQS)
	for i, action := range backend.Actions() {
		method := sqs.MethodByName(action)
		in := reflect.New(method.Type().In(1)).Elem()
		fill(in)
		want, err := awsline.Line(place, in.Interface())
		if err != nil {
			t.Fatal(err)
		}
		method.Call([]reflect.Value{reflect.ValueOf(t.Context()), in})
		spoil(in)
		calls := m.Log(uint64(i))
		if len(calls) != 1 || calls[0].Action != action {
			t.Fatalf("after %s the log has %+v", action, calls)
		}
		if line, whole := calls[0].Line(place); line != want || !whole {
			t.Errorf("%s: whole %v\n got %s\nwant %s", action, whole, line, want)
		}
		if none := action == "ListQueues" || action == "CancelMessageMoveTask"; (calls[0].Queue == "") != none {
			t.Errorf("%s concerns %q", action, calls[0].Queue)
		}
	}
}

func TestOfLongValuesOnlyTheBeginningIsKept(t *testing.T) {
	m := New(Options{})
	sqs := m.Wrap(backend.Stack{SQS: &failing{}}).SQS
	big := strings.Repeat("é", 1<<19)
	raw := map[string]backend.MessageAttribute{"raw": {DataType: "Binary", BinaryValue: []byte(big)}}
	if _, err := sqs.SendMessage(t.Context(), backend.SendMessageInput{QueueUrl: "q", MessageBody: big}); err != nil {
		t.Fatal(err)
	}
	entries := make([]backend.SendMessageBatchEntry, 10)
	for i := range entries {
		entries[i] = backend.SendMessageBatchEntry{Id: fmt.Sprint(i), SendMessageInput: backend.SendMessageInput{MessageBody: big, MessageAttributes: raw}}
	}
	if _, err := sqs.SendMessageBatch(t.Context(), backend.SendMessageBatchInput{QueueUrl: "q", Entries: entries}); err != nil {
		t.Fatal(err)
	}
	calls := m.Log(0)
	line, whole := calls[0].Line(backend.Place{})
	if want := "aws sqs send-message --queue-url q --message-body '" + big[:256] + "… (cut, 1048576 bytes in all)'"; line != want || whole {
		t.Errorf("whole %v: %s", whole, line)
	}
	if line, whole := calls[1].Line(backend.Place{}); whole || len(line) > 2*keptCall {
		t.Errorf("a batch: whole %v, %d bytes", whole, len(line))
	}
	if calls[1].Bytes != 10*(2<<20+len("raw")+len("Binary")) {
		t.Errorf("a batch counts %d bytes", calls[1].Bytes)
	}
}

func TestTheLogTakesCallsFromAnyGoroutine(t *testing.T) {
	m := New(Options{Calls: 50})
	sqs := m.Wrap(backend.Stack{SQS: &slow{}}).SQS
	synctest.Test(t, func(t *testing.T) {
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() {
				for range 50 {
					_, _ = sqs.SendMessage(t.Context(), backend.SendMessageInput{QueueUrl: "q", MessageBody: "b"})
					m.Log(0)
					m.Totals()
				}
			})
		}
		wg.Wait()
	})
	if got := m.Totals(); m.Seq() != 200 || got.Requests != 200 || len(m.Log(0)) != 50 {
		t.Errorf("%d calls, %+v", m.Seq(), got)
	}
}
