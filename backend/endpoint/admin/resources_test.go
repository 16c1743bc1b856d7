package admin

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sqscope/backend"
)

func TestAQueueAsADocument(t *testing.T) {
	d := newDesk(t)
	d.queue("orders-dlq", nil)
	const dlq = "arn:aws:sqs:us-east-1:000000000000:orders-dlq"
	url := d.queue("orders", map[string]string{"RedrivePolicy": `{"deadLetterTargetArn":"` + dlq + `","maxReceiveCount":"5"}`})
	d.send(url, "a", 0)
	d.receive(url)
	d.clock.Advance(90 * time.Second)
	d.send(url, "b", 60)
	for _, path := range []string{"queues", "queues?prefix=orders"} {
		var list QueueList
		d.must(json.Unmarshal(d.ask("GET", path, "").Body.Bytes(), &list))
		if len(list.Queues) != 2 {
			t.Fatalf("%s: %d queues", path, len(list.Queues))
		}
		for _, q := range list.Queues { // one by one they are the same
			var one Queue
			d.must(json.Unmarshal(d.ask("GET", "queues/"+q.Name, "").Body.Bytes(), &one))
			if diff := cmp.Diff(q, one, cmp.Comparer(func(a, b Time) bool { return a.Std().Equal(b.Std()) })); diff != "" {
				t.Error(diff)
			}
		}
	}
	w := d.ask("GET", "queues/orders", "")
	var got map[string]any
	d.must(json.Unmarshal(w.Body.Bytes(), &got))
	attributes, _ := got["attributes"].(map[string]any)
	delete(got, "attributes")
	want := map[string]any{
		"name": "orders", "url": "http://localhost:9324/000000000000/orders", "arn": "arn:aws:sqs:us-east-1:000000000000:orders",
		"type": "standard", "visible": 1.0, "inFlight": 0.0, "delayed": 1.0, "dlq": dlq, "maxReceiveCount": 5.0, "sources": []any{},
		"oldestSeconds": 90.0, "asOf": "2026-03-01T12:01:30.000Z", "error": nil,
		"metrics": map[string]any{
			"sent": 2.0, "received": 1.0, "deleted": 0.0, "oldest": "2026-03-01T12:00:00.000Z", "asOf": "2026-03-01T12:01:30.000Z",
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if attributes["VisibilityTimeout"] != "30" {
		t.Errorf("attributes %v", attributes)
	}
	w = d.ask("GET", "queues/orders-dlq", "")
	if !strings.Contains(w.Body.String(), `"dlq":null,"maxReceiveCount":null,"sources":["arn:aws:sqs:us-east-1:000000000000:orders"],"oldestSeconds":null`) {
		t.Errorf("the dead-letter queue is %s", w.Body)
	}
	d.refuses(d.ask("GET", "queues/none", ""), "no such queue", 404, backend.KindNotFound)
	d.answers("GET", "queues?prefix=x", "", 200, `{"queues":[]}`)
}

func TestTheURLIsTheOneThatTheClientCanReach(t *testing.T) {
	d := newDesk(t)
	d.queue("orders", nil)
	r := request("GET", "queues/orders", "")
	r.Host = "host.docker.internal:9324"
	w := httptest.NewRecorder()
	d.ServeHTTP(w, r)
	if !strings.Contains(w.Body.String(), `"url":"http://host.docker.internal:9324/000000000000/orders"`) {
		t.Errorf("%s", w.Body)
	}
}

// failing answers as the engine does but for the queues that fail.
type failing struct {
	backend.SQS
	errors map[string]error // by name
}

func (f failing) GetQueueAttributes(ctx context.Context, in backend.GetQueueAttributesInput) (backend.GetQueueAttributesOutput, error) {
	_, name := backend.URLParts(in.QueueUrl)
	if err := f.errors[name]; err != nil {
		return backend.GetQueueAttributesOutput{}, err
	}
	return f.SQS.GetQueueAttributes(ctx, in)
}

func TestAQueueThatCannotBeReadIsListedWithItsError(t *testing.T) {
	d := newDesk(t)
	for _, name := range []string{"a", "gone", "shut"} {
		d.queue(name, nil)
	}
	d.Handler = New(Options{Token: "secret", Now: func() time.Time { return start }, Stack: backend.Stack{SQS: failing{d.engine, map[string]error{
		"gone": backend.ErrorOf(backend.ErrQueueDoesNotExist, "deleted meanwhile"),
		"shut": backend.ErrorOf(backend.ErrAccessDenied, "no"),
	}}}})
	var doc QueueList
	d.must(json.Unmarshal(d.ask("GET", "queues", "").Body.Bytes(), &doc))
	var names []string
	for _, q := range doc.Queues {
		names = append(names, fmt.Sprintf("%s %v %v", q.Name, q.Error != nil, q.Metrics != nil))
	}
	if diff := cmp.Diff([]string{"a false false", "shut true false"}, names); diff != "" {
		t.Error(diff)
	}
}

// To look at what an engine holds takes nothing from those who use it.
func TestLookingChangesNothing(t *testing.T) {
	d := newDesk(t)
	url := d.queue("orders", nil)
	for range 3 {
		d.send(url, "m", 0)
	}
	d.receive(url)
	_, err := d.engine.SetFault(t.Context(), backend.Fault{Kind: backend.FaultServerError, Count: 1})
	d.must(err)
	before := d.ask("GET", "snapshot", "").Body.String()
	for range 3 {
		for _, rt := range new(handler).table() {
			if path := strings.NewReplacer("{queue}", "orders", "{id}", "fault-1").Replace(rt.path); rt.method == http.MethodGet && path != "events" {
				if w := d.ask("GET", path, ""); w.Code != 200 {
					t.Errorf("%s: %d %s", path, w.Code, w.Body)
				}
			}
		}
	}
	if diff := cmp.Diff(before, d.ask("GET", "snapshot", "").Body.String()); diff != "" {
		t.Error(diff)
	}
}

func TestMessagesPageByPageAndByState(t *testing.T) {
	d := newDesk(t)
	url := d.queue("orders", nil)
	first := d.send(url, "in flight \x7f", 0)
	d.receive(url)
	d.send(url, "visible", 0)
	d.send(url, "delayed", 60)
	var page MessagePage
	bodies := func(path string) (list []string) {
		page = MessagePage{}
		d.must(json.Unmarshal(d.ask("GET", path, "").Body.Bytes(), &page))
		for _, m := range page.Messages {
			left := "now"
			if m.Until != nil {
				left = m.Until.Std().Sub(start).String()
			}
			list = append(list, fmt.Sprintf("%s %s %s", m.State, m.Body, left))
		}
		return list
	}
	all := []string{"inFlight in flight \x7f 30s", "visible visible now", "delayed delayed 1m0s"}
	if diff := cmp.Diff(all, bodies("queues/orders/messages")); diff != "" || page.Next != nil {
		t.Error(diff, page.Next)
	}
	if diff := cmp.Diff(all[:2], bodies("queues/orders/messages?limit=2")); diff != "" || page.Next == nil {
		t.Fatal(diff)
	}
	if diff := cmp.Diff(all[2:], bodies(fmt.Sprintf("queues/orders/messages?limit=2&after=%d", *page.Next))); diff != "" || page.Next != nil {
		t.Error(diff, page.Next)
	}
	if diff := cmp.Diff([]string{all[0], all[2]}, bodies("queues/orders/messages?state=delayed&state=inFlight")); diff != "" {
		t.Error(diff)
	}
	// The limit counts what is looked at, so that no page is ever searched for in vain.
	if got := bodies("queues/orders/messages?state=delayed&limit=1"); len(got) != 0 || page.Next == nil {
		t.Errorf("%v, next %v", got, page.Next)
	}
	d.answers("GET", "queues/orders/messages?state=visible&limit=1&after=99", "", 200, `{"messages":[],"next":null}`)
	w := d.ask("GET", "queues/orders/messages?limit=1", "")
	if !strings.Contains(w.Body.String(), `"body":"in flight \u007f","bodyEncoding":"text"`) || !strings.Contains(w.Body.String(), first) {
		t.Errorf("%s", w.Body)
	}
}

// bytesOnly browses one message whose body is no text.
type bytesOnly struct{ backend.Browser }

func (bytesOnly) Browse(context.Context, backend.BrowseInput) (backend.BrowseOutput, error) {
	return backend.BrowseOutput{Messages: []backend.StoredMessage{{Message: backend.Message{Body: "\xff\x00"}, State: backend.StateVisible}}}, nil
}

func TestABodyMayBeAnyBytes(t *testing.T) {
	d := newDesk(t)
	d.queue("orders", nil)
	d.Handler = New(Options{Token: "secret", Stack: backend.Stack{SQS: d.engine, Browse: bytesOnly{}}})
	var page MessagePage
	d.must(json.Unmarshal(d.ask("GET", "queues/orders/messages", "").Body.Bytes(), &page))
	m := page.Messages[0]
	if m.BodyEncoding != "base64" || m.Body != base64.StdEncoding.EncodeToString([]byte("\xff\x00")) {
		t.Errorf("%+v", m)
	}
	if back, err := m.Backend(); err != nil || back.Body != "\xff\x00" {
		t.Errorf("%q %v", back.Body, err)
	}
	for _, encoding := range []string{"", "hex", "base64"} {
		m.Body, m.BodyEncoding = "?", encoding
		if _, err := m.Backend(); err == nil {
			t.Errorf("a body in %q was read", encoding)
		}
	}
}

func TestMessagesAreRemovedByID(t *testing.T) {
	d := newDesk(t)
	url := d.queue("orders", nil)
	a, b := d.send(url, "a", 0), d.send(url, "b", 60)
	d.receive(url)
	d.answers("DELETE", "queues/orders/messages/"+a, "", 204, "")
	d.refuses(d.ask("DELETE", "queues/orders/messages/"+a, ""), "removed already", 404, backend.KindNotFound)
	d.answers("DELETE", "queues/orders/messages?id="+b+"&id=x", "", 200, `{"removed":["`+b+`"],"failed":[{"id":"x","code":"NotFound",`+
		`"message":"There is no message with this id in the queue.","senderFault":true}]}`)
	d.answers("GET", "queues/orders/messages", "", 200, `{"messages":[],"next":null}`)
}

func TestTheClockIsMoved(t *testing.T) {
	d := newDesk(t)
	d.refuses(d.ask("POST", "clock", `{"jump":"next"}`), "nothing will happen", http.StatusConflict, backend.KindConflict)
	d.send(d.queue("orders", nil), "m", 60)
	const rest = `,"paused":true,"speed":1,"nextEvent":`
	for _, c := range []struct{ change, now, next string }{
		{`{"step":"30s"}`, "12:00:30.000Z", "2026-03-01T12:01:00.000Z"},
		{`{"step":"1ns"}`, "12:00:30.000000001Z", "2026-03-01T12:01:00.000Z"},
		{`{"jump":"next"}`, "12:01:00.000Z", "2026-03-05T12:00:00.000Z"},
		{`{"jump":"2026-03-01T15:00:00+02:00"}`, "13:00:00.000Z", "2026-03-05T12:00:00.000Z"},
	} {
		d.answers("POST", "clock", c.change, 200, `{"now":"2026-03-01T`+c.now+`"`+rest+`"`+c.next+`"}`)
	}
	d.answers("POST", "clock", `{"speed":60,"paused":true,"step":"1h"}`, 200,
		`{"now":"2026-03-01T14:00:00.000Z","paused":true,"speed":60,"nextEvent":"2026-03-05T12:00:00.000Z"}`)
	if w := d.ask("POST", "clock", `{"paused":false}`); !strings.Contains(w.Body.String(), `"paused":false,"speed":60`) {
		t.Errorf("%s", w.Body)
	}
}

func TestFaultsAreSetAndTakenBack(t *testing.T) {
	d := newDesk(t)
	d.answers("POST", "faults", `{"kind":"throttle","queue":"orders","count":1}`, 201,
		`{"id":"fault-1","kind":"throttle","queue":"orders","probability":1,"count":1,"happened":0}`)
	d.answers("PUT", "faults/slow%2Fone", `{"kind":"latency","duration":"1500ms","until":"2026-03-01T13:00:00Z","happened":3}`, 200,
		`{"id":"slow/one","kind":"latency","duration":"1.5s","probability":1,"until":"2026-03-01T13:00:00.000Z","happened":0}`)
	d.answers("GET", "faults/fault-1", "", 200, `{"id":"fault-1","kind":"throttle","queue":"orders","probability":1,"count":1,"happened":0}`)
	d.refuses(d.ask("GET", "faults/none", ""), "no such fault", 404, backend.KindNotFound)
	d.refuses(d.ask("DELETE", "faults/none", ""), "no such fault", 404, backend.KindNotFound)
	d.refuses(d.ask("DELETE", "faults?id=fault-1&id=none", ""), "one of them", 404, backend.KindNotFound)
	d.answers("DELETE", "faults/slow%2Fone", "", 204, "")
	if w := d.ask("GET", "faults", ""); strings.Count(w.Body.String(), "kind") != 1 {
		t.Errorf("%s", w.Body)
	}
	d.answers("DELETE", "faults", "", 204, "")
	d.answers("GET", "faults", "", 200, `{"faults":[]}`)
}

func TestASnapshotIsAFile(t *testing.T) {
	d := newDesk(t)
	url := d.queue("orders", nil)
	w := d.ask("GET", "snapshot", "")
	if h := w.Header(); h.Get("Content-Type") != "application/jsonl" || h.Get("Content-Disposition") != `attachment; filename="sqscope-20260301T120000Z.jsonl"` {
		t.Errorf("%v", h)
	}
	d.must(d.engine.DeleteQueue(t.Context(), backend.DeleteQueueInput{QueueUrl: url}))
	d.answers("PUT", "snapshot", w.Body.String(), 204, "")
	if again := d.ask("GET", "snapshot", ""); again.Body.String() != w.Body.String() {
		t.Errorf("before\n%s\nafter\n%s", w.Body, again.Body)
	}
	d.answers("POST", "reset", "", 204, "")
	if d.resets != 1 {
		t.Errorf("%d resets", d.resets)
	}
}

// broken is a place whose snapshots fail after so many bytes.
type broken struct {
	backend.Snapshots
	after int
}

var errBroken = errors.New("the engine is out of order")

func (b broken) Snapshot(_ context.Context, w io.Writer) error {
	if b.after > 0 {
		if _, err := w.Write(make([]byte, b.after)); err != nil {
			return err
		}
	}
	return errBroken
}

func TestHalfASnapshotIsNotTakenForAWholeOne(t *testing.T) {
	d := newDesk(t)
	d.Handler = New(Options{Token: "secret", Stack: backend.Stack{Snapshots: broken{after: 0}}})
	d.refuses(d.ask("GET", "snapshot", ""), "before the first byte", 500, backend.KindInternal)
	d.Handler = New(Options{Token: "secret", Stack: backend.Stack{Snapshots: broken{after: 10}}})
	defer func() {
		if p := recover(); p != http.ErrAbortHandler {
			t.Errorf("the connection is not broken off: %v", p)
		}
	}()
	d.ask("GET", "snapshot", "")
}
