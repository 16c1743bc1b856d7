package memory_test

import (
	"strconv"
	"testing"
	"time"

	"sqscope/backend"
)

func TestBrowsingShowsEveryStateAndChangesNothing(t *testing.T) {
	d := open(t)
	q := d.create("q", backend.AttrMessageRetentionPeriod, "3600")
	d.send(q, "in flight")
	d.receive(q, 1)
	d.sendInput(backend.SendMessageInput{
		QueueUrl: q, MessageBody: "visible", MessageGroupId: backend.Some("tenant"),
		MessageAttributes: map[string]backend.MessageAttribute{"a": {DataType: "String", StringValue: backend.Some("x")}},
	})
	d.sendInput(backend.SendMessageInput{QueueUrl: q, MessageBody: "delayed", DelaySeconds: backend.Some(60)})
	d.pass(time.Second)
	in := backend.BrowseInput{QueueUrl: q, Limit: 10}
	out := must[backend.BrowseOutput](d)(d.Browse(d.ctx, in))
	type brief struct {
		Body       string
		State      backend.State
		Until      time.Time
		Attributes int
	}
	var got []brief
	for _, m := range out.Messages {
		got = append(got, brief{m.Body, m.State, m.Until, len(m.Attributes)})
		if !m.Expires.Equal(start.Add(time.Hour)) || m.ReceiptHandle != "" {
			t.Errorf("%+v", m)
		}
	}
	d.same(got, []brief{
		{"in flight", backend.StateInFlight, start.Add(30 * time.Second), 4},
		{"visible", backend.StateVisible, time.Time{}, 4}, // never received, in a group
		{"delayed", backend.StateDelayed, start.Add(60 * time.Second), 3},
	})
	if m := out.Messages[1]; m.MessageAttributes["a"].StringValue.Value != "x" || m.MD5OfMessageAttributes == "" {
		t.Errorf("%+v", m)
	}
	d.same(must[backend.BrowseOutput](d)(d.Browse(d.ctx, in)), out)
}

func TestBrowsingPageByPageSeesEachMessageOnce(t *testing.T) {
	d := open(t)
	q := d.create("q")
	var want []string
	for i := range 200 {
		d.send(q, strconv.Itoa(i))
	}
	for _, m := range must[backend.BrowseOutput](d)(d.Browse(d.ctx, backend.BrowseInput{QueueUrl: q, Limit: 10000})).Messages {
		if len(want) < 150 || m.Body == "199" {
			want = append(want, m.Body)
		} else {
			d.must1(d.RemoveMessages(d.ctx, backend.RemoveMessagesInput{QueueUrl: q, MessageIds: []string{m.MessageId}}))
		}
	}
	var got []string
	in := backend.BrowseInput{QueueUrl: q, Limit: 50}
	for {
		out := must[backend.BrowseOutput](d)(d.Browse(d.ctx, in))
		for _, m := range out.Messages {
			got = append(got, m.Body)
		}
		if in.After = out.Next; in.After == 0 {
			break
		}
	}
	d.same(got, want)
	for _, limit := range []int{0, -1, 10001} {
		if _, err := d.Browse(d.ctx, backend.BrowseInput{QueueUrl: q, Limit: limit}); backend.KindOf(err) != backend.KindInvalid {
			t.Errorf("limit %d: %v", limit, err)
		}
	}
}

func (d *desk) must1(_ backend.BatchOutput, err error) { d.t.Helper(); d.must(err) }

func TestMessagesAreRemovedByIdInEveryState(t *testing.T) {
	d := open(t)
	for _, q := range []string{d.create("q"), d.create("q.fifo")} {
		send := func(body string) string {
			if q == "q" || !backend.ARNOf(q, "").FIFO() {
				return d.send(q, body).MessageId
			}
			return d.fifo(q, "g", body, "").MessageId
		}
		ids := []string{send("1"), send("2"), send("3")}
		d.receive(q, 1)
		out, err := d.RemoveMessages(d.ctx, backend.RemoveMessagesInput{QueueUrl: q, MessageIds: []string{ids[0], "nonsense", ids[1], ids[1]}})
		d.must(err)
		const gone = "There is no message with this id in the queue."
		d.same(out, backend.BatchOutput{Successful: []string{ids[0], ids[1]}, Failed: []backend.BatchError{
			{Id: "nonsense", Code: "NotFound", Message: gone, SenderFault: true},
			{Id: ids[1], Code: "NotFound", Message: gone, SenderFault: true},
		}})
		late := send("4") // known without another look at all
		d.must1(d.RemoveMessages(d.ctx, backend.RemoveMessagesInput{QueueUrl: q, MessageIds: []string{late}}))
		d.want(d.receive(q, 10), "3")
	}
}

func TestMetricsAreTotals(t *testing.T) {
	d := open(t)
	dlq := d.create("dlq")
	q := d.create("q", backend.AttrRedrivePolicy, redrive("dlq", 2))
	d.send(q, "1")
	d.pass(time.Second)
	d.send(q, "2")
	d.receiveFor(q, 10, 0)
	d.delete(q, d.one(q))
	d.pass(time.Minute)
	got, err := d.QueueMetrics(d.ctx, []string{q, dlq, "none"})
	d.must(err)
	now := start.Add(61 * time.Second)
	d.same(got, map[string]backend.QueueMetrics{
		q:   {Sent: 2, Received: 3, Deleted: 1, Oldest: start.Add(time.Second), AsOf: now},
		dlq: {AsOf: now},
	})
	d.receive(q, 1)
	d.pass(time.Minute)
	d.receive(q, 1)
	got, err = d.QueueMetrics(d.ctx, []string{dlq})
	d.must(err)
	d.same(got[dlq], backend.QueueMetrics{Sent: 1, Oldest: start.Add(time.Second), AsOf: start.Add(121 * time.Second)})
}
