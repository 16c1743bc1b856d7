package scenario

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"sqscope/backend"
)

// What a subscription gets: raw as it was published, or in SNS's envelope.
func TestWhatATopicDelivers(t *testing.T) {
	s := parse(t, `[[queues]]`, `name = "raw"`, `[[queues]]`, `name = "wrapped"`, `[[queues]]`, `name = "line.fifo"`,
		`[[topics]]`, `name = "t.fifo"`, `[[topics.subscriptions]]`, `queue = "raw"`, `raw = true`,
		`[[topics.subscriptions]]`, `queue = "wrapped"`, `[[topics.subscriptions]]`, `queue = "line.fifo"`,
		`[[topics]]`, `name = "plain"`, `[[topics.subscriptions]]`, `queue = "wrapped"`,
		`[templates.m]`, `body = '{"a":"<b> \"c\""}'`, `group = "g"`, `dedup = "{{uuid}}"`,
		`attributes = { kind = "x", size = 7, bytes = { type = "Binary", hex = "00ff" } }`,
		`[templates.p]`, `body = "hello"`,
		`[[producers]]`, `topic = "t.fifo"`, `template = "m"`, `every = "1s"`, `jitter = 0`,
		`[[producers]]`, `topic = "plain"`, `template = "p"`, `every = "1s"`, `jitter = 0`)
	g := newStage(t, s)
	g.start(s, 1)
	g.clock.Advance(time.Second)
	const body = `{"a":"<b> \"c\""}`
	raw := g.browse("raw")
	if len(raw) != 1 || raw[0].Body != body || len(raw[0].MessageAttributes) != 3 || raw[0].Attributes[backend.SysMessageGroupId] != "g" {
		t.Errorf("raw: %+v", raw)
	}
	line := g.browse("line.fifo")
	if len(line) != 1 || line[0].Attributes[backend.SysMessageDeduplicationId] == "" || line[0].Attributes[backend.SysMessageGroupId] != "g" {
		t.Errorf("in line: %+v", line)
	}
	envelopes := map[string]map[string]any{}
	for _, m := range g.browse("wrapped") {
		var e map[string]any
		if err := json.Unmarshal([]byte(m.Body), &e); err != nil || len(m.MessageAttributes) != 0 {
			t.Fatalf("an envelope: %v, %+v", err, m)
		}
		envelopes[e["TopicArn"].(string)] = e
	}
	fifo, plain := envelopes["arn:aws:sns:us-east-1:000000000000:t.fifo"], envelopes["arn:aws:sns:us-east-1:000000000000:plain"]
	if fifo["Message"] != body || fifo["Type"] != "Notification" || len(fifo["SequenceNumber"].(string)) != 20 || fifo["Signature"] != nil {
		t.Errorf("the envelope of a FIFO topic: %v", fifo)
	}
	attrs := fifo["MessageAttributes"].(map[string]any)
	if b := attrs["bytes"].(map[string]any); b["Type"] != "Binary" || b["Value"] != "AP8=" {
		t.Errorf("its attributes: %v", attrs)
	}
	if plain["Message"] != "hello" || plain["SignatureVersion"] != "1" || plain["UnsubscribeURL"] == nil || plain["SequenceNumber"] != nil {
		t.Errorf("the envelope of a standard topic: %v", plain)
	}
}

// A filter lets a message pass if for each of its attributes one condition holds.
func TestFilters(t *testing.T) {
	text := func(v string) backend.MessageAttribute {
		return backend.MessageAttribute{DataType: "String", StringValue: backend.Some(v)}
	}
	number := func(v string) backend.MessageAttribute {
		return backend.MessageAttribute{DataType: "Number", StringValue: backend.Some(v)}
	}
	message := map[string]backend.MessageAttribute{
		"kind": text("order.placed"), "size": number("1e1"), "text": text("10"), "bytes": {DataType: "Binary", BinaryValue: []byte("x")},
		"tags": {DataType: "String.Array", StringValue: backend.Some(`["red","blue",3]`)},
	}
	for filter, want := range map[string]bool{
		`kind = ["order.placed"]`:                      true,
		`kind = ["order.cancelled"]`:                   false,
		`kind = ["order.cancelled", "order.placed"]`:   true,
		`kind = [{ prefix = "order." }]`:               true,
		`kind = [{ suffix = ".placed" }]`:              true,
		`kind = [{ suffix = ".cancelled" }]`:           false,
		`kind = [{ anything-but = ["order.placed"] }]`: false,
		`kind = [{ anything-but = "other" }]`:          true,
		`nothing = [{ exists = false }]`:               true,
		`nothing = [{ exists = true }]`:                false,
		`nothing = [{ anything-but = "x" }]`:           false,
		`size = [10]`:                                  true,
		`size = [{ numeric = [">", 9, "<=", 10] }]`:    true,
		`size = [{ numeric = ["<", 10] }]`:             false,
		`size = [{ numeric = ["=", 10] }]`:             true,
		`text = [10]`:                                  false, // a String, not a Number
		`bytes = ["x"]`:                                false,
		`tags = ["blue"]`:                              true,
		`tags = ["green"]`:                             false,
		"kind = [{ prefix = \"order.\" }], size = [{ numeric = [\">=\", 11] }]": false, // both must hold
	} {
		s := parse(t, `[[queues]]`, `name = "q"`, `[[topics]]`, `name = "t"`, `[[topics.subscriptions]]`, `queue = "q"`, `filter = { `+filter+` }`)
		if got := s.topics[0].subscriptions[0].filter.passes(message); got != want {
			t.Errorf("%s: %v", filter, got)
		}
	}
}

// What a queue refuses is delivered later, and lost only when it is refused for
// very long.
func TestATopicTriesAgain(t *testing.T) {
	s := parse(t, `[[queues]]`, `name = "q"`, `[[queues]]`, `name = "other"`,
		`[[topics]]`, `name = "t"`, `[[topics.subscriptions]]`, `queue = "q"`, `raw = true`, `[[topics.subscriptions]]`, `queue = "other"`,
		`[templates.m]`, `body = "{{uuid}}"`, `[[producers]]`, `name = "p"`, `topic = "t"`, `template = "m"`, `every = "10s"`, `jitter = 0`)
	g := newStage(t, s)
	r := g.start(s, 1)
	url := g.url("q")
	if err := g.sqs.DeleteQueue(t.Context(), backend.DeleteQueueInput{QueueUrl: url}); err != nil {
		t.Fatal(err)
	}
	g.clock.Advance(101 * time.Second)
	if c := g.counts(r, "t"); c.Done != 10 || c.Lost != 0 || c.Refused < 10 {
		t.Errorf("while the queue is away: %+v", c)
	}
	if c := g.counts(r, "p"); c.Done != 10 || c.Failed != 0 {
		t.Errorf("the publisher notices: %+v", c)
	}
	if _, err := g.sqs.CreateQueue(t.Context(), backend.CreateQueueInput{QueueName: "q"}); err != nil {
		t.Fatal(err)
	}
	g.clock.Advance(18 * time.Second)
	bodies := map[string]bool{}
	for _, m := range g.browse("q") {
		bodies[m.Body] = true
	}
	if c := g.counts(r, "t"); len(bodies) != 11 || c.Done != 22 || c.Lost != 0 {
		t.Errorf("%d messages came after all: %+v", len(bodies), c)
	}
	if err := g.sqs.DeleteQueue(t.Context(), backend.DeleteQueueInput{QueueUrl: url}); err != nil {
		t.Fatal(err)
	}
	g.clock.Advance(time.Hour)
	if c := g.counts(r, "t"); c.Lost == 0 || c.Lost != c.Failed {
		t.Errorf("after an hour: %+v", c)
	}
	if !strings.Contains(g.actor(r, "t").Err.Error(), "q") {
		t.Errorf("the error is %v", g.actor(r, "t").Err)
	}
}

// Actors write all their messages with one map of attributes. What waits for its
// queue, and what goes in one request with others, has its own all the same.
func TestEachMessageHasItsOwnAttributes(t *testing.T) {
	s := parse(t, `[[queues]]`, `name = "published"`, `[[queues]]`, `name = "batched"`, `[counters]`, `a = 1`, `b = 1`,
		`[[topics]]`, `name = "t"`, `[[topics.subscriptions]]`, `queue = "published"`, `raw = true`,
		`[templates.a]`, `let = { n = "{{seq a}}" }`, `body = "{{n}}"`, `attributes = { n = "{{n}}" }`,
		`[templates.b]`, `let = { n = "{{seq b}}" }`, `body = "{{n}}"`, `attributes = { n = "{{n}}" }`, `trace_header = "Root={{n}}"`,
		`[[producers]]`, `topic = "t"`, `template = "a"`, `every = "1s"`, `jitter = 0`,
		`[[producers]]`, `queue = "batched"`, `template = "b"`, `every = "1s"`, `jitter = 0`, `batch = 5`,
		`[[faults]]`, `kind = "throttle"`, `queue = "published"`, `until = "10s"`)
	g := newStage(t, s)
	g.start(s, 1)
	g.clock.Advance(time.Minute)
	for _, q := range []string{"published", "batched"} {
		all := g.browse(q)
		if len(all) < 50 {
			t.Errorf("%s holds %d messages", q, len(all))
		}
		for _, m := range all {
			if got := m.MessageAttributes["n"].StringValue.Value; got != m.Body {
				t.Errorf("%s: message %s has the attribute of %s", q, m.Body, got)
			}
			if got := m.Attributes[backend.SysAWSTraceHeader]; q == "batched" && got != "Root="+m.Body {
				t.Errorf("%s: message %s has the trace header %q", q, m.Body, got)
			}
		}
	}
}

// Who looks at a topic sees what each queue gets of it.
func TestATopicSaysWhatItsSubscriptionsGet(t *testing.T) {
	s := parse(t, `[[queues]]`, `name = "all"`, `[[queues]]`, `name = "dear"`,
		`[[topics]]`, `name = "t"`, `[[topics.subscriptions]]`, `queue = "all"`, `raw = true`,
		`[[topics.subscriptions]]`, `queue = "dear"`, `filter = { price = [{ numeric = [">", 9] }], kind = ["a", "<b>"] }`)
	g := newStage(t, s)
	f := g.start(s, 1).Picture(0).Actors[0]
	want := []string{`all, raw: everything`, `dear, in envelopes: {"kind":["a","<b>"],"price":[{"numeric":[">",9]}]}`}
	if !slices.Equal(f.Says, want) {
		t.Errorf("it says %q, want %q", f.Says, want)
	}
}
