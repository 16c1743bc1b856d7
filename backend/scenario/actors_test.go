package scenario

import (
	"encoding/json"
	"reflect"
	"slices"
	"testing"
	"time"

	"sqscope/backend"
)

// everyKey are all keys of the file format.
func everyKey() []string {
	keys := []string{"format"}
	var walk func(t reflect.Type)
	walk = func(t reflect.Type) {
		switch t.Kind() {
		case reflect.Pointer, reflect.Slice, reflect.Map:
			walk(t.Elem())
		case reflect.Struct:
			for i := range t.NumField() {
				if key := t.Field(i).Tag.Get("toml"); key != "" {
					keys = append(keys, key)
				}
				walk(t.Field(i).Type)
			}
		}
	}
	walk(reflect.TypeFor[fileTable]())
	slices.Sort(keys)
	return slices.Compact(keys)
}

// A producer keeps its rate, in bursts and between them.
func TestProducersKeepTheirPace(t *testing.T) {
	const queue = "[[queues]]\nname = \"q\"\n[templates.t]\nbody = \"x\"\n[[producers]]\nname = \"p\"\nqueue = \"q\"\ntemplate = \"t\"\n"
	tests := []struct {
		name     string
		pace     string
		from, to time.Duration
		low, top uint64
	}{
		{"like a clock", `every = "10s"` + "\njitter = 0", 0, 100 * time.Second, 10, 10},
		{"a rate", `rate = 5`, 0, 200 * time.Second, 970, 1030},
		{"a rate in batches", "rate = 5\nbatch = 10", 0, 200 * time.Second, 880, 1120},
		{"full jitter", "rate = 5\njitter = 1", 0, 200 * time.Second, 930, 1070},
		{"before a burst", `rate = 1` + "\n" + `burst = { every = "100s", for = "20s", rate = 50, after = "40s" }`, 0, 40 * time.Second, 36, 44},
		{"in a burst", `rate = 1` + "\n" + `burst = { every = "100s", for = "20s", rate = 50, after = "40s" }`, 40 * time.Second, 60 * time.Second, 970, 1030},
		{"after a burst", `rate = 1` + "\n" + `burst = { every = "100s", for = "20s", rate = 50, after = "40s" }`, 60 * time.Second, 140 * time.Second, 74, 86},
		{"in the second burst", `rate = 1` + "\n" + `burst = { every = "100s", for = "20s", rate = 50, after = "40s" }`, 140 * time.Second, 160 * time.Second, 970, 1030},
		{"only bursts", `rate = 0` + "\n" + `burst = { every = "1h", for = "10s", rate = 2 }`, 10 * time.Second, 3600 * time.Second, 0, 1},
		{"the next burst", `rate = 0` + "\n" + `burst = { every = "1h", for = "10s", rate = 2 }`, 3600 * time.Second, 3610 * time.Second, 18, 22},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := parse(t, queue+tt.pace)
			g := newStage(t, s)
			r := g.start(s, 1)
			g.clock.Advance(tt.from)
			before := g.actor(r, "p").Done
			g.clock.Advance(tt.to - tt.from)
			if n := g.actor(r, "p").Done - before; n < tt.low || n > tt.top {
				t.Errorf("%d messages, want %d to %d", n, tt.low, tt.top)
			}
			if sent := g.metrics("q").Sent; sent != g.actor(r, "p").Done {
				t.Errorf("the queue got %d, the producer says %d", sent, g.actor(r, "p").Done)
			}
		})
	}
}

// What a worker does with a message that fails is what its rule says.
func TestHowMessagesFail(t *testing.T) {
	const head = `[[queues]]
name = "q"
attributes = { VisibilityTimeout = "30s" }
[[messages]]
queue = "q"
message = { body = "bad" }
[[messages]]
queue = "q"
message = { body = "good" }
[[workers]]
name = "w"
queue = "q"
batch = 2
takes = "1s"
spread = 0
[[workers.fail]]
body = "bad"
`
	type step struct {
		at               time.Duration
		visible, flight  int
		received, failed uint64
	}
	tests := []struct {
		name  string
		rule  string
		steps []step
	}{
		{"given back at once", `how = "give-back"`, []step{
			{1500 * time.Millisecond, 1, 1, 2, 1}, // bad is back, good is at work
			{2500 * time.Millisecond, 0, 1, 3, 1}, // good is done, bad is tried again
		}},
		{"given back after a while", `after = "10s"`, []step{
			{1500 * time.Millisecond, 0, 2, 2, 1},
			{10500 * time.Millisecond, 0, 1, 2, 1},
			{11500 * time.Millisecond, 0, 1, 3, 1}, // at 11 s it was visible, and taken
		}},
		{"left", `how = "leave"`, []step{
			{29 * time.Second, 0, 1, 2, 1},
			{30500 * time.Millisecond, 0, 1, 3, 1}, // the visibility timeout has ended
		}},
		{"crashed", "how = \"crash\"\nafter = \"40s\"", []step{
			{29 * time.Second, 0, 2, 2, 1}, // good went down with it
			{35 * time.Second, 2, 0, 2, 1}, // nobody is there to take them
			{43 * time.Second, 0, 2, 4, 2},
		}},
		{"slow", `takes = "5s"`, []step{
			{4500 * time.Millisecond, 0, 2, 2, 0},
			{5500 * time.Millisecond, 1, 1, 2, 1},
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := parse(t, head+tt.rule)
			g := newStage(t, s)
			r := g.start(s, 1)
			var now time.Duration
			for _, step := range tt.steps {
				g.clock.Advance(step.at - now)
				now = step.at
				visible, flight, _ := g.depth("q")
				got := [4]uint64{uint64(visible), uint64(flight), g.metrics("q").Received, g.actor(r, "w").Failed}
				if want := [4]uint64{uint64(step.visible), uint64(step.flight), step.received, step.failed}; got != want {
					t.Errorf("at %v: visible, in flight, received, failed are %v, want %v", step.at, got, want)
				}
			}
		})
	}
}

func TestRulesLookAtTheMessage(t *testing.T) {
	attr := func(v string) map[string]backend.MessageAttribute {
		return map[string]backend.MessageAttribute{"code": {DataType: "String", StringValue: backend.Some(v)}}
	}
	tests := []struct {
		name string
		f    fault
		m    backend.Message
		want bool
	}{
		{"any", fault{}, backend.Message{Body: "x"}, true},
		{"body", fault{body: "bad"}, backend.Message{Body: "a bad one"}, true},
		{"other body", fault{body: "bad"}, backend.Message{Body: "good"}, false},
		{"attribute", fault{attribute: "code"}, backend.Message{MessageAttributes: attr("1")}, true},
		{"no attribute", fault{attribute: "code"}, backend.Message{}, false},
		{"value", fault{attribute: "code", value: "503", valued: true}, backend.Message{MessageAttributes: attr("503")}, true},
		{"other value", fault{attribute: "code", value: "503", valued: true}, backend.Message{MessageAttributes: attr("500")}, false},
		{"both", fault{attribute: "code", body: "bad"}, backend.Message{Body: "good", MessageAttributes: attr("1")}, false},
	}
	for _, tt := range tests {
		if got := tt.f.matches(&tt.m); got != tt.want {
			t.Errorf("%s: %v", tt.name, got)
		}
	}
}

// Poison fails however often it comes back, also as the new message that a
// redrive makes of it, and goes through once it was mended.
func TestPoisonStaysPoisonThroughARedrive(t *testing.T) {
	s := parse(t, `[[queues]]`, `name = "q"`, `redrive = { to = "d", max = 3 }`, `[[queues]]`, `name = "d"`,
		`[[messages]]`, `queue = "q"`, `message = { body = "poison" }`,
		`[[workers]]`, `name = "w"`, `queue = "q"`, `[[workers.fail]]`, `body = "poison"`)
	g := newStage(t, s)
	r := g.start(s, 1)
	g.clock.Advance(time.Minute)
	first := g.browse("d")
	if len(first) != 1 {
		t.Fatalf("%d dead letters, want 1", len(first))
	}
	attrs, err := g.sqs.GetQueueAttributes(t.Context(), backend.GetQueueAttributesInput{
		QueueUrl: g.url("d"), AttributeNames: []string{backend.AttrQueueArn},
	})
	if err != nil {
		t.Fatal(err)
	}
	_, err = g.sqs.StartMessageMoveTask(t.Context(), backend.StartMessageMoveTaskInput{SourceArn: attrs.Attributes[backend.AttrQueueArn]})
	if err != nil {
		t.Fatal(err)
	}
	g.clock.Advance(time.Minute)
	second := g.browse("d")
	if len(second) != 1 || second[0].MessageId == first[0].MessageId || g.actor(r, "w").Failed != 6 {
		t.Fatalf("after the redrive: %+v, %+v", second, g.actor(r, "w"))
	}
	if _, err := g.sqs.SendMessage(t.Context(), backend.SendMessageInput{QueueUrl: g.url("q"), MessageBody: "mended"}); err != nil {
		t.Fatal(err)
	}
	g.clock.Advance(time.Minute)
	if a := g.actor(r, "w"); a.Done != 1 {
		t.Errorf("the mended one was not processed: %+v", a)
	}
}

// Order within a group holds through batches, several workers, failures and
// crashes.
func TestWorkersKeepTheOrderOfGroups(t *testing.T) {
	s := parse(t, `[counters]`, `n = 1`, `[lists]`, `g = { a = 5, b = 2, c = 1 }`,
		`[[queues]]`, `name = "q.fifo"`, `attributes = { VisibilityTimeout = "20s" }`, `[[queues]]`, `name = "ledger"`,
		`[templates.t]`, `let = { g = "{{pick g}}" }`, `body = '{"n":{{seq n}},"g":"{{g}}"}'`, `group = "{{g}}"`, `dedup = "{{uuid}}"`,
		`[templates.entry]`, `body = '{"n":{{from n 0}},"g":"{{from g none}}"}'`,
		`[[producers]]`, `queue = "q.fifo"`, `template = "t"`, `rate = 8`, `batch = 4`,
		`[[workers]]`, `name = "w"`, `queue = "q.fifo"`, `count = 3`, `batch = 10`, `takes = "120ms"`,
		`[[workers.fail]]`, `chance = 0.02`, `[[workers.fail]]`, `chance = 0.01`, `after = "2s"`,
		`[[workers.fail]]`, `chance = 0.003`, `how = "leave"`, `[[workers.fail]]`, `chance = 0.003`, `how = "crash"`, `after = "1s"`,
		`[[workers.forward]]`, `to = "ledger"`, `template = "entry"`)
	g := newStage(t, s)
	r := g.start(s, 5)
	g.clock.Advance(10 * time.Minute)
	last, seen := map[string]int{}, 0
	for _, m := range g.browse("ledger") {
		var e struct {
			N int
			G string
		}
		if err := json.Unmarshal([]byte(m.Body), &e); err != nil {
			t.Fatal(err)
		}
		if e.N <= last[e.G] {
			t.Fatalf("group %s: %d after %d", e.G, e.N, last[e.G])
		}
		last[e.G], seen = e.N, seen+1
	}
	a := g.actor(r, "w")
	if a.Err != nil || a.Failed < 50 || uint64(seen) != a.Done || seen < 3000 || len(last) != 3 {
		t.Errorf("ledger has %d of %d groups: %+v", seen, len(last), a)
	}
}

// A message whose forward is refused is not deleted: it comes back.
func TestAWorkerForwardsBeforeItDeletes(t *testing.T) {
	s := parse(t, `[[queues]]`, `name = "q"`, `[[queues]]`, `name = "next.fifo"`,
		`[templates.t]`, `body = "x"`, `group = "{{from group g}}"`, `dedup = "{{uuid}}"`,
		`[[messages]]`, `queue = "q"`, `message = { body = '{"group":"no group has spaces"}' }`,
		`[[workers]]`, `name = "w"`, `queue = "q"`, `[[workers.forward]]`, `to = "next.fifo"`, `template = "t"`)
	g := newStage(t, s)
	r := g.start(s, 1)
	g.clock.Advance(100 * time.Second)
	a := g.actor(r, "w")
	if backend.KindOf(a.Err) != backend.KindInvalid || a.Failed < 3 || a.Done != 0 {
		t.Errorf("the worker: %+v", a)
	}
	if len(g.browse("q")) != 1 {
		t.Error("the message is gone")
	}
}

// A forwarded message quotes the one it follows from, whatever that holds.
func TestForwardsQuoteTheirSource(t *testing.T) {
	tests := []struct{ name, body, want string }{
		{"values", `{"id":"A-1","n":7,"in":{"deep":"x"}}`, `{"id":"A-1","n":7,"deep":"x"}`},
		{"missing", `{}`, `{"id":"none","n":0,"deep":"none"}`},
		{"escaped text", `{"id":"a\"b\u001b\n","n":1.5e3,"in":{"deep":"日本"}}`, `{"id":"a\"b\u001b\n","n":1.5e3,"deep":"日本"}`},
		{"object", `{"n":{"a":[1]}}`, `{"id":"none","n":{"a":[1]},"deep":"none"}`},
		{"no object below", `{"in":3}`, `{"id":"none","n":0,"deep":"none"}`},
		{"no JSON", `id=3`, `{"id":"none","n":0,"deep":"none"}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := parse(t, `[[queues]]`, `name = "q"`, `[[queues]]`, `name = "p"`,
				`[templates.t]`, `body = '{"id":"{{from id none}}","n":{{from n 0}},"deep":"{{from in.deep none}}"}'`,
				`[[workers]]`, `queue = "q"`, `[[workers.forward]]`, `to = "p"`, `template = "t"`)
			g := newStage(t, s)
			g.start(s, 1)
			if _, err := g.sqs.SendMessage(t.Context(), backend.SendMessageInput{QueueUrl: g.url("q"), MessageBody: tt.body}); err != nil {
				t.Fatal(err)
			}
			g.clock.Advance(time.Second)
			got := g.browse("p")
			if len(got) != 1 || got[0].Body != tt.want {
				t.Errorf("got %+v, want %s", got, tt.want)
			}
		})
	}
}

// An actor whose queue is deleted says so, and goes on when the queue is back.
func TestActorsOutliveTheirQueues(t *testing.T) {
	s := parse(t, `[[queues]]`, `name = "q"`, `[templates.t]`, `body = "x"`,
		`[[producers]]`, `name = "p"`, `queue = "q"`, `template = "t"`, `every = "1s"`,
		`[[producers]]`, `name = "b"`, `queue = "q"`, `template = "t"`, `every = "1s"`, `batch = 2`,
		`[[workers]]`, `name = "w"`, `queue = "q"`)
	g := newStage(t, s)
	r := g.start(s, 1)
	g.clock.Advance(10 * time.Second)
	url := g.url("q")
	if err := g.sqs.DeleteQueue(t.Context(), backend.DeleteQueueInput{QueueUrl: url}); err != nil {
		t.Fatal(err)
	}
	g.clock.Advance(30 * time.Second)
	for _, a := range r.Ledger().Actors {
		if backend.KindOf(a.Err) != backend.KindNotFound {
			t.Errorf("%s: %v", a.Name, a.Err)
		}
	}
	if _, err := g.sqs.CreateQueue(t.Context(), backend.CreateQueueInput{QueueName: "q"}); err != nil {
		t.Fatal(err)
	}
	before := g.actor(r, "w").Done
	g.clock.Advance(30 * time.Second)
	if n := g.actor(r, "w").Done - before; n < 45 {
		t.Errorf("%d messages since the queue is back, want about 60", n)
	}
}

// An entry of a batch that is refused counts, and the others are sent.
func TestABatchThatHalfFails(t *testing.T) {
	s := parse(t, `[[queues]]`, `name = "q"`, `[templates.small]`, `body = "x"`, `[templates.large]`, `body = "{{hex 1024}}{{hex 1024}}"`,
		`[[producers]]`, `name = "p"`, `queue = "q"`, `templates = { small = 1, large = 1 }`, `rate = 10`, `batch = 10`)
	g := newStage(t, s)
	r := g.start(s, 1)
	if err := g.sqs.SetQueueAttributes(t.Context(), backend.SetQueueAttributesInput{
		QueueUrl: g.url("q"), Attributes: map[string]string{backend.AttrMaximumMessageSize: "1024"},
	}); err != nil {
		t.Fatal(err)
	}
	g.clock.Advance(100 * time.Second)
	a := g.actor(r, "p")
	if a.Done < 300 || a.Failed < 300 || backend.KindOf(a.Err) != backend.KindInvalid {
		t.Errorf("the producer: %+v", a)
	}
	if n := g.metrics("q").Sent; n != a.Done {
		t.Errorf("the queue got %d, the producer says %d", n, a.Done)
	}
}

// Short polls pause after an empty answer; long polls wake with a message.
func TestHowWorkersWait(t *testing.T) {
	for _, tt := range []struct {
		wait string
		done time.Duration // when a message sent at 2.5 s is done
	}{
		{"wait = \"0s\"\nevery = \"2s\"", 4100 * time.Millisecond},
		{`wait = "20s"`, 2600 * time.Millisecond},
	} {
		s := parse(t, `[[queues]]`, `name = "q"`, `[[workers]]`, `name = "w"`, `queue = "q"`, `takes = "100ms"`, `spread = 0`, tt.wait)
		g := newStage(t, s)
		r := g.start(s, 1)
		g.clock.Advance(2500 * time.Millisecond)
		if _, err := g.sqs.SendMessage(t.Context(), backend.SendMessageInput{QueueUrl: g.url("q"), MessageBody: "x"}); err != nil {
			t.Fatal(err)
		}
		g.clock.Advance(tt.done - 2500*time.Millisecond - time.Millisecond)
		early := g.actor(r, "w").Done
		g.clock.Advance(2 * time.Millisecond)
		if done := g.actor(r, "w").Done; early != 0 || done != 1 {
			t.Errorf("%s: done %d before %v and %d after", tt.wait, early, tt.done, done)
		}
	}
}
