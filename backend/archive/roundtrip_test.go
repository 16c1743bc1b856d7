package archive_test

import (
	"bytes"
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"sqscope/backend"
	"sqscope/backend/archive"
	"sqscope/backend/memory"
	"sqscope/backend/owner"
	"sqscope/backend/peek"
	"sqscope/backend/rules"
)

// message draws anything that SQS takes.
func message(fifo bool) *rapid.Generator[backend.SendMessageInput] {
	legal := rapid.StringN(1, 200, 400).Filter(func(s string) bool { return rules.Body(s) == nil })
	return rapid.Custom(func(t *rapid.T) backend.SendMessageInput {
		in := backend.SendMessageInput{MessageBody: legal.Draw(t, "body")}
		n := rapid.IntRange(0, 4).Draw(t, "attributes")
		for i := range n {
			if in.MessageAttributes == nil {
				in.MessageAttributes = map[string]backend.MessageAttribute{}
			}
			label := rapid.SampledFrom([]string{"", ".int", ".a b", ".é"}).Draw(t, "label")
			a := backend.MessageAttribute{DataType: "String" + label, StringValue: backend.Some(legal.Draw(t, "value"))}
			switch rapid.IntRange(0, 2).Draw(t, "type") {
			case 0:
				a = backend.MessageAttribute{DataType: "Binary" + label, BinaryValue: rapid.SliceOfN(rapid.Byte(), 1, 50).Draw(t, "bytes")}
			case 1:
				number := rapid.SampledFrom([]string{"0", "-1.50", "1e3", "12345678901234567890123456789012345678", "00.10"}).Draw(t, "number")
				a = backend.MessageAttribute{DataType: "Number" + label, StringValue: backend.Some(number)}
			}
			in.MessageAttributes[fmt.Sprintf("name-%d", i)] = a
		}
		if rapid.Bool().Draw(t, "traced") {
			in.MessageSystemAttributes = map[string]backend.MessageAttribute{
				backend.SysAWSTraceHeader: {DataType: "String", StringValue: backend.Some("Root=1-5759e988-bd862e3fe1be46a994272793")},
			}
		}
		if fifo {
			in.MessageGroupId = backend.Some(rapid.SampledFrom([]string{"a", "b", "<c>!"}).Draw(t, "group"))
		} else if rapid.Bool().Draw(t, "fair") {
			in.MessageGroupId = backend.Some("tenant")
		}
		return in
	})
}

// kept is of a message what an export and an import keep.
type kept struct {
	Body, Group, Dedup, Trace, MD5 string
	Attributes                     map[string]backend.MessageAttribute
}

func contents(t *rapid.T, stack backend.Stack, url string) (groups map[string][]kept) {
	out, err := stack.Browse.Browse(context.Background(), backend.BrowseInput{QueueUrl: url, Limit: 1000})
	if err != nil {
		t.Fatal(err)
	}
	groups = map[string][]kept{}
	for _, m := range out.Messages {
		k := kept{
			m.Body, m.Attributes[backend.SysMessageGroupId], m.Attributes[backend.SysMessageDeduplicationId],
			m.Attributes[backend.SysAWSTraceHeader], m.MD5OfMessageAttributes, m.MessageAttributes,
		}
		groups[k.Group] = append(groups[k.Group], k)
	}
	return groups
}

func TestT12ExportDeleteAndImportGiveTheSameMessagesInTheSameOrder(t *testing.T) {
	for _, fifo := range []bool{false, true} {
		for _, browsed := range []bool{true, false} {
			t.Run(fmt.Sprintf("fifo=%v,browsed=%v", fifo, browsed), func(t *testing.T) {
				rapid.Check(t, func(rt *rapid.T) { roundTrip(rt, fifo, browsed) })
			})
		}
	}
}

func roundTrip(t *rapid.T, fifo, browsed bool) {
	ctx, cancel := context.WithCancel(context.Background())
	engine := memory.New(memory.Options{Seed: 1})
	group := owner.New(ctx, nil)
	defer func() {
		cancel()
		group.Close()
		engine.Close()
		engine.Clock().Close()
	}()
	stack := engine.Stack()
	name, attrs := "orders", map[string]string(nil)
	if fifo {
		name, attrs = "orders.fifo", map[string]string{backend.AttrFifoQueue: "true"}
	}
	q, err := stack.SQS.CreateQueue(ctx, backend.CreateQueueInput{QueueName: name, Attributes: attrs})
	if err != nil {
		t.Fatal(err)
	}
	for i, in := range rapid.SliceOfN(message(fifo), 1, 10).Draw(t, "messages") {
		in.QueueUrl = q.QueueUrl
		if fifo {
			in.MessageDeduplicationId = backend.Some(fmt.Sprint("dedup-", i))
		}
		if _, err := stack.SQS.SendMessage(ctx, in); err != nil {
			t.Fatal(err)
		}
	}
	before := contents(t, stack, q.QueueUrl)
	arn := backend.ARNOf(q.QueueUrl, "us-east-1")
	o := peek.Options{Stack: stack, Leases: peek.NewLeases(group), URL: q.QueueUrl, ARN: arn, FIFO: fifo, Visible: -1}
	if !browsed {
		o.Stack = backend.Stack{SQS: stack.SQS}
	}
	var text bytes.Buffer
	x, err := archive.Export(ctx, o, archive.Selection{}, func(r archive.Record) error { return archive.Write(&text, []archive.Record{r}) })
	if err != nil || x.Held != nil {
		t.Fatal(err, x.Held)
	}
	url := q.QueueUrl
	if err := stack.SQS.PurgeQueue(ctx, backend.PurgeQueueInput{QueueUrl: url}); err != nil {
		t.Fatal(err)
	}
	if err := stack.Clock.StepClock(ctx, 6*time.Minute); err != nil { // deduplication forgets
		t.Fatal(err)
	}
	to, err := archive.TargetOf(ctx, stack.SQS, q.QueueUrl)
	if err != nil {
		t.Fatal(err)
	}
	im, err := archive.Import(ctx, to, archive.NewReader(&text).Next, archive.Options{Parallel: 1})
	if err != nil || len(im.Left) > 0 || im.Sent != x.Written {
		t.Fatalf("%+v, %v", im, err)
	}
	if diff := cmp.Diff(before, contents(t, stack, q.QueueUrl)); diff != "" {
		t.Fatal(diff)
	}
}
