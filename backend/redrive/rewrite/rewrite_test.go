package rewrite

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sqscope/backend"
	"sqscope/backend/archive"
	"sqscope/backend/decode/query"
)

var orders = backend.ARN{Partition: "aws", Region: "us-east-1", Account: "000000000000", Name: "orders.fifo"}

func record(body string) archive.Record {
	return archive.RecordOf(orders, backend.Message{
		MessageId: "m-1", Body: body,
		Attributes:        map[string]string{backend.SysMessageGroupId: "g", backend.SysMessageDeduplicationId: "d", backend.SysSentTimestamp: "1"},
		MessageAttributes: map[string]backend.MessageAttribute{"n": {DataType: "Number", StringValue: backend.Some("1.50")}, "raw": {DataType: "Binary", BinaryValue: []byte{0xff}}},
	}, backend.StateInFlight)
}

func TestAJqExpressionChangesTheBodyThroughItsJSON(t *testing.T) {
	for _, c := range []struct{ expr, body, want, wrong string }{
		{`.`, `{"b": 1,"a":"<&>"}`, `{"b": 1,"a":"<&>"}`, ""},
		{`.json.a = 2`, `{"a": 1, "c": "<&>"}`, `{"a":2,"c":"<&>"}`, ""},
		{`.json.n += 1`, `{"n":12345678901234567890}`, `{"n":12345678901234567891}`, ""},
		{`.body = "x"`, `{"a":1}`, "x", ""},
		{`.json.a = 2`, `"eyJhIjoxfQ=="`, "", "cannot be written anew"},
		{`empty`, "x", "", "yields nothing"},
		{`., .`, "x", "", "several values"},
		{`1`, "x", "", "no object"},
		{`.price = 2`, `{"price":1}`, "", "what is in the body is .json.price"},
		{`.messageAttributes = 3`, "x", "", "no message object"},
	} {
		q, err := query.Compile(c.expr)
		if err != nil {
			t.Fatal(err)
		}
		got, err := By(t.Context(), orders, q, record(c.body))
		switch {
		case c.wrong != "":
			if err == nil || !strings.Contains(err.Error(), c.wrong) {
				t.Errorf("%s of %s: %v, want %q", c.expr, c.body, err, c.wrong)
			}
		case err != nil:
			t.Errorf("%s of %s: %v", c.expr, c.body, err)
		case got.Body != c.want:
			t.Errorf("%s of %s makes %s, want %s", c.expr, c.body, got.Body, c.want)
		}
	}
}

func TestAMessageThatNobodyEditedIsTheSameToTheByte(t *testing.T) {
	for _, body := range []string{"{ \"b\" : 1,\n \"a\":2 }", "not JSON\n", "\xff\x00", `"eyJhIjoxfQ=="`, "", "<&>"} {
		r := record(body)
		s, err := Sheet(t.Context(), r)
		if err != nil {
			t.Fatal(err)
		}
		got, err := OfSheet(s, s, r)
		if err != nil {
			t.Fatalf("%q: %v\n%s", body, err, s)
		}
		if diff := cmp.Diff(r, got); diff != "" {
			t.Errorf("%q (-as it was +as it came back):\n%s", body, diff)
		}
	}
}

func TestWhatIsEditedByHandIsTaken(t *testing.T) {
	r := record(`{"a":1}`)
	s, err := Sheet(t.Context(), r)
	if err != nil {
		t.Fatal(err)
	}
	edit := func(old, new string) (archive.Record, error) {
		if !bytes.Contains(s, []byte(old)) {
			t.Fatalf("the sheet has no %q:\n%s", old, s)
		}
		return OfSheet(s, bytes.Replace(s, []byte(old), []byte(new), 1), r)
	}
	got, err := edit(`"a": 1`, `"a": [1, 2]`)
	if err != nil || got.Body != `{"a":[1,2]}` {
		t.Errorf("the body is %s, %v", got.Body, err)
	}
	got, err = edit(`"messageGroupId": "g"`, `"messageGroupId": "h"`)
	if err != nil || got.Attributes[backend.SysMessageGroupId] != "h" || got.Attributes[backend.SysSentTimestamp] != "1" {
		t.Errorf("the attributes are %v, %v", got.Attributes, err)
	}
	got, err = edit("1.50", "2.50")
	if err != nil || *got.MessageAttributes["n"].StringValue != "2.50" {
		t.Errorf("the message attributes are %v, %v", got.MessageAttributes, err)
	}
	for _, wrong := range [][2]string{{`"json"`, `"jason"`}, {`"a": 1`, `"a": `}, {`"json": {`, `"body": "x", "json": {`}} {
		if _, err := edit(wrong[0], wrong[1]); err == nil {
			t.Errorf("%s was taken", wrong[1])
		}
	}
}
