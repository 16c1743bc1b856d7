package outbox_test

import (
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"sqscope/backend"
	"sqscope/backend/memory"
	"sqscope/backend/outbox"
	"sqscope/backend/rules"
)

// queues are one of each kind that messages are checked by.
func queues() map[string]map[string]string {
	return map[string]map[string]string{
		"standard":     {},
		"small":        {backend.AttrMaximumMessageSize: "1024"},
		"by-id.fifo":   {backend.AttrFifoQueue: "true"},
		"by-body.fifo": {backend.AttrFifoQueue: "true", backend.AttrContentBasedDeduplication: "true"},
	}
}

func ruleOf(name string, attrs map[string]string) rules.Queue {
	q := rules.Queue{Name: name, FIFO: strings.HasSuffix(name, ".fifo"), ContentBasedDeduplication: attrs[backend.AttrContentBasedDeduplication] == "true"}
	if attrs[backend.AttrMaximumMessageSize] != "" {
		q.MaximumMessageSize = 1024
	}
	return q
}

// anything is text of all sorts: harmless, empty, too long, with what SQS refuses.
func anything() *rapid.Generator[string] {
	return rapid.OneOf(
		rapid.Just(""),
		rapid.StringMatching(`[a-zA-Z0-9_.-]{1,12}`),
		rapid.SampledFrom([]string{
			"customer 7", "a\x01b", "\ufffe", "ü", "AWS.x", "amazon.y", ".dot", "dot.", "{\"n\":1}", "1e3", "-0.5", "12x", "\xff",
			"String", "Number", "Binary", "Number.int", "String.", "Binary.png", "Float", "901", "-1", "0", " 5 ", "1.5",
			strings.Repeat("x", 129), strings.Repeat("y", 300), strings.Repeat("z", 1023), strings.Repeat("\n", 1024),
		}),
		rapid.String(),
	)
}

// mostly draws what SQS takes, and now and then anything: of a draft with several
// parts that are random the rules after the first would never be reached.
func mostly(t *rapid.T, name string, right ...string) string {
	if rapid.IntRange(0, 7).Draw(t, name+" wild") == 0 {
		return anything().Draw(t, name)
	}
	return rapid.SampledFrom(right).Draw(t, name)
}

func attribute() *rapid.Generator[outbox.Attribute] {
	return rapid.Custom(func(t *rapid.T) outbox.Attribute {
		return outbox.Attribute{
			Name:  mostly(t, "name", "a", "b", "c.d", "ü", "e-f", "g", "h", "i", "j", "k", "l", "m"),
			Type:  mostly(t, "type", "", "String", "String.x", "Number", "Binary"),
			Value: mostly(t, "value", "1", "-2.5", "hex:00ff", "base64:AAE=", "text:hex:00", "hex:", "@"),
		}
	})
}

func draft() *rapid.Generator[outbox.Draft] {
	return rapid.Custom(func(t *rapid.T) outbox.Draft {
		return outbox.Draft{
			Body:  mostly(t, "body", "x", strings.Repeat("z", 1023), strings.Repeat("z", 1024), strings.Repeat("z", 1025)),
			Group: mostly(t, "group", "", "g"), Dedup: mostly(t, "dedup", "", "d"), Delay: mostly(t, "delay", "", "", "0", "900"), Trace: mostly(t, "trace", "", "Root=1"),
			Attributes: rapid.SliceOfN(attribute(), 0, 12).Draw(t, "attributes"),
		}
	})
}

func noFiles(string) ([]byte, error) { return nil, os.ErrNotExist }

// The composer refuses exactly what SQS would refuse, and with SQS's reason; what it
// accepts arrives as it was written.
func TestADraftIsRefusedExactlyWhenTheQueueWouldRefuseIt(t *testing.T) {
	engine := memory.New(memory.Options{Seed: 1})
	defer engine.Close()
	defer engine.Clock().Close()
	sqs := engine.Stack().SQS
	urls := map[string]string{}
	for name, attrs := range queues() {
		out, err := sqs.CreateQueue(t.Context(), backend.CreateQueueInput{QueueName: name, Attributes: attrs})
		if err != nil {
			t.Fatal(err)
		}
		urls[name] = out.QueueUrl
	}
	rapid.Check(t, func(t *rapid.T) {
		d := draft().Draw(t, "draft")
		for name, attrs := range queues() {
			q := ruleOf(name, attrs)
			in, err := d.Message(q, noFiles)
			in.QueueUrl = urls[name]
			out, refused := sqs.SendMessage(t.Context(), in)
			var f *outbox.Fault
			switch {
			case err == nil && refused != nil:
				t.Fatalf("%s: the draft was accepted, and the queue says %v", name, refused)
			case err == nil && out.MD5OfMessageBody != rules.MD5OfBody(d.Body):
				t.Fatalf("%s: another body arrived", name)
			case err == nil:
				if faults := d.Faults(q); len(faults) > 0 {
					t.Fatalf("%s: accepted, and called wrong while it was written: %v", name, faults[0])
				}
			case !errors.As(err, &f):
				t.Fatalf("%s: %v is no fault", name, err)
			case f.Err.Code != "" && refused == nil:
				t.Fatalf("%s: the draft was refused with %v, and the queue took it", name, err)
			case f.Err.Code != "" && f.Err.Code != backend.AsError(refused).Code && f.Part != outbox.PartAttribute:
				// Of several things that are wrong, one is told.
				if again, e := without(d, f).Message(q, noFiles); e == nil {
					t.Fatalf("%s: %v instead of %v for %+v", name, err, refused, again)
				}
			}
		}
	})
}

// without is a draft without a part.
func without(d outbox.Draft, f *outbox.Fault) outbox.Draft {
	switch f.Part {
	case outbox.PartGroup:
		d.Group = ""
	case outbox.PartDedup:
		d.Dedup = ""
	case outbox.PartDelay:
		d.Delay = ""
	case outbox.PartTrace:
		d.Trace = ""
	}
	return d
}

func TestAMessageThatIsWrittenAgainIsTheSame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		q := rules.Queue{Name: "q"}
		if rapid.Bool().Draw(t, "fifo") {
			q = rules.Queue{Name: "q.fifo", FIFO: true, ContentBasedDeduplication: true}
		}
		in, err := draft().Draw(t, "draft").Message(q, noFiles)
		if err != nil {
			return
		}
		m := backend.Message{Body: in.MessageBody, MessageAttributes: in.MessageAttributes, Attributes: map[string]string{}}
		if in.MessageGroupId.Set {
			m.Attributes[backend.SysMessageGroupId] = in.MessageGroupId.Value
		}
		if in.MessageDeduplicationId.Set {
			m.Attributes[backend.SysMessageDeduplicationId] = in.MessageDeduplicationId.Value
		}
		if in.MessageSystemAttributes != nil {
			m.Attributes[backend.SysAWSTraceHeader] = in.MessageSystemAttributes[backend.SysAWSTraceHeader].StringValue.Value
		}
		again, err := outbox.DraftOf(m).Message(q, noFiles)
		if err != nil {
			t.Fatal(err)
		}
		in.DelaySeconds = backend.Opt[int]{}
		if diff := cmp.Diff(in, again); diff != "" {
			t.Fatal(diff)
		}
	})
}

func TestAFaultIsAtThePartThatIsWrong(t *testing.T) {
	fifo := rules.Queue{Name: "q.fifo", FIFO: true}
	standard := rules.Queue{Name: "q", MaximumMessageSize: 1024}
	right := outbox.Draft{Body: "x", Group: "g", Dedup: "d"}
	with := func(change func(*outbox.Draft)) outbox.Draft {
		d := right
		change(&d)
		return d
	}
	for _, c := range []struct {
		name  string
		queue rules.Queue
		draft outbox.Draft
		part  outbox.Part
		row   int
		says  string
	}{
		{"no body", fifo, with(func(d *outbox.Draft) { d.Body = "" }), outbox.PartBody, 0, "MessageBody"},
		{"no group", fifo, with(func(d *outbox.Draft) { d.Group = "" }), outbox.PartGroup, 0, "MessageGroupId"},
		{"no dedup", fifo, with(func(d *outbox.Draft) { d.Dedup = "" }), outbox.PartDedup, 0, "ContentBasedDeduplication"},
		{"dedup on standard", standard, right, outbox.PartDedup, 0, "not valid for this queue type"},
		{"a delay on FIFO", fifo, with(func(d *outbox.Draft) { d.Delay = "5" }), outbox.PartDelay, 0, "DelaySeconds"},
		{"a delay that is none", fifo, with(func(d *outbox.Draft) { d.Delay = "5s" }), outbox.PartDelay, 0, "number of seconds"},
		{"a trace header", fifo, with(func(d *outbox.Draft) { d.Trace = "a\x01" }), outbox.PartTrace, 0, "AWSTraceHeader"},
		{"a number that is none", fifo, with(func(d *outbox.Draft) { d.Attributes = []outbox.Attribute{{}, {"n", "Number", "x"}} }), outbox.PartAttribute, 1, "Can't cast"},
		{"twice", fifo, with(func(d *outbox.Draft) { d.Attributes = []outbox.Attribute{{"a", "", "1"}, {"a", "", "2"}} }), outbox.PartAttribute, 1, "already"},
		{"no hex", fifo, with(func(d *outbox.Draft) { d.Attributes = []outbox.Attribute{{"a", "Binary", "hex:zz"}} }), outbox.PartAttribute, 0, "no hex"},
		{"no file", fifo, with(func(d *outbox.Draft) { d.Attributes = []outbox.Attribute{{"a", "Binary", "@none"}} }), outbox.PartAttribute, 0, "cannot be read"},
		{"eleven", fifo, with(func(d *outbox.Draft) {
			for i := range 11 {
				d.Attributes = append(d.Attributes, outbox.Attribute{string(rune('a' + i)), "", "1"})
			}
		}), outbox.PartAttribute, 10, "exceeds the allowed maximum [10]"},
		{"too long together", standard, outbox.Draft{Body: strings.Repeat("x", 1020), Attributes: []outbox.Attribute{{"a", "", "1"}}}, outbox.PartBody, 0, "shorter than 1024"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := c.draft.Message(c.queue, noFiles)
			var f *outbox.Fault
			if !errors.As(err, &f) || f.Part != c.part || f.Row != c.row || !strings.Contains(f.Error(), c.says) {
				t.Errorf("got %#v: %v", f, err)
			}
		})
	}
}

func TestWhatIsStillMissingIsNotCalledWrongWhileItIsWritten(t *testing.T) {
	d := outbox.Draft{Attributes: []outbox.Attribute{{Name: "half"}, {Value: "half"}, {}}}
	if faults := d.Faults(rules.Queue{Name: "q.fifo", FIFO: true}); len(faults) > 0 {
		t.Errorf("%v", faults[0])
	}
	d = outbox.Draft{Body: "a\x01", Group: "a b", Attributes: []outbox.Attribute{{Name: "half"}, {"n", "Number", "x"}}}
	var parts []outbox.Part
	for _, f := range d.Faults(rules.Queue{Name: "q"}) {
		parts = append(parts, f.Part)
	}
	if diff := cmp.Diff([]outbox.Part{outbox.PartBody, outbox.PartGroup, outbox.PartAttribute}, parts); diff != "" {
		t.Error(diff)
	}
}

func TestABinaryValueIsWrittenAsItIsMeant(t *testing.T) {
	file := func(path string) ([]byte, error) { return []byte("from " + path), nil }
	for written, want := range map[string]string{
		"plain": "plain", "text:hex:00": "hex:00", "hex:00 fF": "\x00\xff", "base64:AAE=": "\x00\x01", "@x.bin": "from x.bin", "text:@x": "@x", "@": "@",
	} {
		in, err := outbox.Draft{Body: "x", Attributes: []outbox.Attribute{{"b", "Binary", written}}}.Message(rules.Queue{Name: "q"}, file)
		if err != nil || string(in.MessageAttributes["b"].BinaryValue) != want {
			t.Errorf("%s: got %q, %v", written, in.MessageAttributes["b"].BinaryValue, err)
		}
	}
	in, err := outbox.Draft{Body: "x", Attributes: []outbox.Attribute{{"s", "String", "hex:00"}}}.Message(rules.Queue{Name: "q"}, file)
	if err != nil || in.MessageAttributes["s"].StringValue.Value != "hex:00" {
		t.Errorf("a String was read as bytes: %+v, %v", in, err)
	}
}
