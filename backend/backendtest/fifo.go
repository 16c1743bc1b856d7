package backendtest

import (
	"encoding/json"
	"slices"
	"strings"

	"sqscope/backend"
)

// fifoStep is a step of a recorded scenario.
type fifoStep struct {
	Receive          int
	Visibility       *int
	Expect           []string
	AnyGroupOrder    []string `json:"expect_any_group_order"`
	AfterTimeout     bool     `json:"after_visibility_timeout"`
	ChangeVisibility []any    `json:"change_visibility"` // body, seconds
	Delete           []string
}

// Sections 8.2 to 8.4, 5.8, 2.7.
var fifoTests = section{
	"recorded scenarios of groups": func(d *desk) { // 8.3, cases 1 to 5, 7 and 8
		for i, s := range readVectors(d.T).Fifo {
			if s.ExtendedThenGet != nil {
				continue // a test of its own, below
			}
			url := d.queue(string(rune('a'+i))+".fifo", "ContentBasedDeduplication", "true")
			for _, body := range s.Send {
				d.send(url, body, group(groupOf(body)))
			}
			steps := s.Steps
			if s.Receive != nil {
				steps = []fifoStep{{Receive: s.Receive.Max, Expect: s.Expect}}
			}
			held := map[string]backend.Message{}
			for n, step := range steps {
				d.fifoStep(url, s.Name+", step "+string(rune('1'+n)), step, held)
			}
		}
	},
	"a longer timeout of one keeps the later ones back": func(d *desk) { // 8.3, case 6
		var extended map[string][]string
		for _, s := range readVectors(d.T).Fifo {
			if s.ExtendedThenGet != nil {
				extended = s.ExtendedThenGet
			}
		}
		for i, body := range []string{"foo", "bar", "baz"} {
			url := d.queue(body+".fifo", "ContentBasedDeduplication", "true")
			for _, b := range []string{"foo", "bar", "baz"} {
				d.send(url, b, group("g"))
			}
			got := d.gets(url, hidden(1), "foo", "bar", "baz")
			d.visibility(url, got[i], 30)
			d.later(1.1)
			d.equal("receivable", nilIfEmpty(bodies(d.receive(url))), nilIfEmpty(extended[string(rune('0'+i))]))
		}
	},
	"sequence numbers grow": func(d *desk) { // 8.2, 3.1
		url := d.queue("orders.fifo", "ContentBasedDeduplication", "true")
		last := ""
		for _, body := range []string{"a", "b", "c"} {
			n := d.send(url, body, group("g")).SequenceNumber
			if len(n) != 20 || n <= last || strings.Trim(n, "0123456789") != "" {
				d.Errorf("%q after %q", n, last)
			}
			d.equal("in the message", d.one(url, hidden(0), upTo(1)).Attributes["SequenceNumber"] != "", true)
			last = n
		}
	},
	"messages behind a locked group are visible in the counts": func(d *desk) { // 2.7; 8.3, case 9
		url := d.queue("orders.fifo", "ContentBasedDeduplication", "true")
		d.send(url, "a", group("g"))
		d.send(url, "b", group("g"))
		d.gets(url, upTo(1), "a")
		d.gets(url, wait(0))
		d.counts(url, 1, 1, 0)
	},
	"all of a group in flight must go to unlock it": func(d *desk) { // 8.3, cases 3 and 4
		url := d.queue("orders.fifo", "ContentBasedDeduplication", "true")
		for _, body := range []string{"a", "b", "c"} {
			d.send(url, body, group("g"))
		}
		got := d.gets(url, upTo(2), "a", "b")
		d.delete(url, got[1])
		d.gets(url, wait(0)) // a is in flight yet
		d.delete(url, got[0])
		d.gets(url, wait(0), "c")
	},
	"a message comes again though a later one is in flight": func(d *desk) { // 8.3, case 5
		url := d.queue("orders.fifo", "ContentBasedDeduplication", "true")
		for _, body := range []string{"a", "b", "c"} {
			d.send(url, body, group("g"))
		}
		d.gets(url, func(in *backend.ReceiveMessageInput) { upTo(1)(in); hidden(5)(in) }, "a")
		d.later(5.1)
		d.gets(url, func(in *backend.ReceiveMessageInput) { upTo(1)(in); hidden(5)(in) }, "a")
		d.later(1)
		d.gets(url, wait(0))
		d.later(4.1)
		got := d.gets(url, upTo(2), "a", "b")
		d.visibility(url, got[0], 0)
		d.gets(url, wait(0), "a")
		d.counts(url, 1, 2, 0)
	},
	"a handle ends with its visibility": func(d *desk) { // 1.14, 5.4
		url := d.queue("orders.fifo", "ContentBasedDeduplication", "true")
		d.send(url, "a", group("g"))
		m := d.one(url, hidden(10))
		d.visibility(url, m, 20)
		d.later(15)
		d.counts(url, 0, 1, 0)
		d.later(6)
		err := d.sqs.DeleteMessage(d.Context(), backend.DeleteMessageInput{QueueUrl: url, ReceiptHandle: m.ReceiptHandle})
		d.fails(err, backend.ErrInvalidParameterValue, "Value "+m.ReceiptHandle+" for parameter ReceiptHandle is invalid. Reason: The receipt handle has expired.")
		d.counts(url, 1, 0, 0)
	},
	"an extended handle still deletes": func(d *desk) { // 1.14, 5.4
		url := d.queue("orders.fifo", "ContentBasedDeduplication", "true")
		d.send(url, "a", group("g"))
		m := d.one(url, hidden(10))
		d.visibility(url, m, 20)
		d.later(15)
		d.delete(url, m)
		d.counts(url, 0, 0, 0)
	},
	"only the queue's delay delays, and zero does not override it": func(d *desk) { // 8.4, 1.11
		url := d.queue("orders.fifo", "ContentBasedDeduplication", "true", "DelaySeconds", "5")
		d.send(url, "a", group("g"), delay(0))
		d.counts(url, 0, 0, 1)
		d.later(5.1)
		d.gets(url, wait(0), "a")
	},
	"the same attempt gives the same messages and handles": func(d *desk) { // 5.8
		url := d.queue("orders.fifo", "ContentBasedDeduplication", "true")
		d.send(url, "a", group("g"))
		d.send(url, "b", group("g"))
		d.send(url, "c", group("h"))
		attempt := func(in *backend.ReceiveMessageInput) {
			in.ReceiveRequestAttemptId, in.MaxNumberOfMessages = backend.Some("attempt"), backend.Some(2)
		}
		first := d.gets(url, attempt, "a", "b")
		second := d.gets(url, attempt, "a", "b")
		for i := range first {
			d.equal("handle", second[i].ReceiptHandle, first[i].ReceiptHandle)
			d.equal("receives", second[i].Attributes["ApproximateReceiveCount"], "1")
		}
		d.gets(url, wait(0), "c")
	},
}

func groupOf(body string) string {
	g, _, _ := strings.Cut(body, "-")
	return g
}

func (d *desk) fifoStep(url, what string, s fifoStep, held map[string]backend.Message) {
	d.Helper()
	switch {
	case s.AfterTimeout:
		d.later(31)
	case s.Delete != nil:
		for _, body := range s.Delete {
			d.delete(url, held[body])
		}
	case s.ChangeVisibility != nil:
		seconds, ok := s.ChangeVisibility[1].(float64)
		body, ok2 := s.ChangeVisibility[0].(string)
		if !ok || !ok2 {
			d.Fatalf("%s: %v", what, s.ChangeVisibility)
		}
		d.visibility(url, held[body], int(seconds))
	default:
		how := []receiving{upTo(s.Receive)}
		if s.Visibility != nil {
			how = append(how, hidden(*s.Visibility))
		}
		got := d.receive(url, how...)
		if s.AnyGroupOrder != nil {
			d.equal(what, groupwise(bodies(got)), groupwise(s.AnyGroupOrder))
		} else {
			d.equal(what, bodies(got), s.Expect)
		}
		for _, m := range got {
			held[m.Body] = m
		}
	}
}

// groupwise is what was received of each group, in order, and how often it
// changed between groups.
func groupwise(received []string) map[string][]string {
	groups := map[string][]string{}
	for i, body := range received {
		g := groupOf(body)
		if i > 0 && groups[g] != nil && groupOf(received[i-1]) != g {
			g += " again"
		}
		groups[g] = append(groups[g], body)
	}
	return groups
}

// Section 8.1.
var dedupTests = section{
	"the same id is the same message for five minutes": func(d *desk) { // 8.1, 1.11, 14.4
		url := d.queue("orders.fifo")
		first := d.send(url, "foobar", group("g"), dedup("id"))
		d.later(60)
		again := d.send(url, "another body", group("other"), dedup("id"))
		d.equal("id and sequence", [2]string{again.MessageId, again.SequenceNumber}, [2]string{first.MessageId, first.SequenceNumber})
		d.equal("digest is of what was just sent", again.MD5OfMessageBody != first.MD5OfMessageBody, true)
		d.counts(url, 1, 0, 0)
		d.delete(url, d.one(url))
		d.later(239)
		d.send(url, "after the delete", group("g"), dedup("id"))
		d.counts(url, 0, 0, 0)
		d.later(2)
		d.send(url, "after five minutes", group("g"), dedup("id"))
		d.gets(url, wait(0), "after five minutes")
	},
	"the body's digest is the id": func(d *desk) { // 8.1, 3.1
		url := d.queue("orders.fifo", "ContentBasedDeduplication", "true")
		for _, v := range readVectors(d.T).ContentDedup {
			first := d.send(url, v.Body, group("g"))
			again := d.send(url, "different", group("g"), dedup(v.DedupID))
			d.equal("MessageId", again.MessageId, first.MessageId)
			m := d.one(url)
			d.equal("MessageDeduplicationId", m.Attributes["MessageDeduplicationId"], v.DedupID)
			d.delete(url, m)
		}
	},
	"an id of its own wins over the body's digest": func(d *desk) { // 8.1
		url := d.queue("orders.fifo", "ContentBasedDeduplication", "true")
		d.send(url, "a", group("g"), dedup("1"))
		d.send(url, "a", group("g"), dedup("2"))
		d.gets(url, wait(0), "a", "a")
	},
	"per group where the queue says so": func(d *desk) { // 8.1, 2.6
		url := d.queue("orders.fifo", "DeduplicationScope", "messageGroup")
		d.send(url, "a", group("g"), dedup("1"))
		d.send(url, "b", group("h"), dedup("1"))
		d.send(url, "c", group("g"), dedup("1"))
		d.gets(url, wait(0), "a", "b")
	},
	"a change of scope is shown at once and followed later": func(d *desk) { // 2.6
		for before, after := range map[string]string{"queue": "messageGroup", "messageGroup": "queue"} {
			url := d.queue(before+".fifo", "DeduplicationScope", before)
			d.send(url, "a", group("g"), dedup("used-before"))
			d.set(url, "DeduplicationScope", after)
			d.equal("scope", d.attributes(url, "DeduplicationScope")["DeduplicationScope"], after)
			d.send(url, "b", group("h"), dedup("used-before"))
			d.send(url, "c", group("g"), dedup("fresh"))
			d.send(url, "d", group("h"), dedup("fresh"))
			if before == "queue" {
				d.gets(url, wait(0), "a", "c")
			} else {
				d.gets(url, wait(0), "a", "c", "b", "d")
			}
		}
	},
	"without the body's digest an id is wanted again": func(d *desk) { // 8.1
		url := d.queue("orders.fifo", "ContentBasedDeduplication", "true")
		d.send(url, "a", group("g"))
		d.set(url, "ContentBasedDeduplication", "false")
		_, err := d.sqs.SendMessage(d.Context(), backend.SendMessageInput{QueueUrl: url, MessageBody: "b", MessageGroupId: backend.Some("g")})
		d.fails(err, backend.ErrInvalidParameterValue,
			"The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly")
	},
	"a purge forgets": func(d *desk) { // 8.1, 1.9
		url := d.queue("orders.fifo")
		d.send(url, "a", group("g"), dedup("1"))
		d.must(d.sqs.PurgeQueue(d.Context(), backend.PurgeQueueInput{QueueUrl: url}))
		d.send(url, "b", group("g"), dedup("1"))
		d.gets(url, wait(0), "b")
	},
	"ids of groups and messages": func(d *desk) { // 3.1, 1.11
		url, standard := d.queue("orders.fifo"), d.queue("orders")
		v := readVectors(d.T).GroupIDs
		for _, id := range slices.Concat(v.Valid, v.Invalid) {
			quoted, err := json.Marshal(id)
			d.must(err)
			for name, in := range map[string]backend.SendMessageInput{
				"group":           {QueueUrl: url, MessageBody: "a", MessageGroupId: backend.Some(id), MessageDeduplicationId: backend.Some("d")},
				"dedup id":        {QueueUrl: url, MessageBody: "a", MessageGroupId: backend.Some("g"), MessageDeduplicationId: backend.Some(id)},
				"standard tenant": {QueueUrl: standard, MessageBody: "a", MessageGroupId: backend.Some(id)},
			} {
				_, err := d.sqs.SendMessage(d.Context(), in)
				if ok := slices.Contains(v.Valid, id); (err == nil) != ok {
					d.Errorf("%s %s: %v", name, quoted, err)
				}
			}
		}
	},
}
