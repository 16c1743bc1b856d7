package rules

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sqscope/backend"
)

// TestT11MaxReceiveCountParsesAsStringAndNumber: SDK users write "5",
// CloudFormation 5, and the stored form is what comes back (2.2, 2.4).
func TestT11MaxReceiveCountParsesAsStringAndNumber(t *testing.T) {
	want := RedrivePolicy{DeadLetterTargetArn: dlqArn, MaxReceiveCount: 5}
	for _, count := range []string{`5`, `"5"`} {
		text := fmt.Sprintf(`{"deadLetterTargetArn":%q,"maxReceiveCount":%s}`, dlqArn, count)
		if got, err := ParseRedrivePolicy(text); err != nil || got != want {
			t.Errorf("read %s: %+v, %v", text, got, err)
		}
		s, err := NewSettings(standard, attrs{"RedrivePolicy": text}, lookup)
		if err != nil || s.Redrive != want || s.RedrivePolicy != text {
			t.Errorf("set %s: %+v as %q, %v", text, s.Redrive, s.RedrivePolicy, err)
		}
	}
}

func TestParseRedrivePolicyIsLenient(t *testing.T) {
	const other = "arn:aws:sqs:us-east-1:000000000000:d"
	for _, c := range []struct {
		text string
		want RedrivePolicy
		ok   bool
	}{
		{``, RedrivePolicy{}, true},
		{` {"deadLetterTargetArn":"` + other + `","maxReceiveCount":1000,"x":[]} `, RedrivePolicy{other, 1000}, true},
		{`{"deadLetterTargetArn":"` + other + `"}`, RedrivePolicy{other, 0}, false},
		{`{"deadLetterTargetArn":"` + other + `","maxReceiveCount":"many"}`, RedrivePolicy{other, 0}, false},
		{`{"deadLetterTargetArn":"` + other + `","maxReceiveCount":0}`, RedrivePolicy{other, 0}, false},
		{`{"deadLetterTargetArn":5,"maxReceiveCount":5}`, RedrivePolicy{}, false},
		{`{}`, RedrivePolicy{}, false},
		{`null`, RedrivePolicy{}, false},
		{`[]`, RedrivePolicy{}, false},
		{`{"maxReceiveCount":5}{}`, RedrivePolicy{}, false},
	} {
		got, err := ParseRedrivePolicy(c.text)
		if got != c.want || (err == nil) != c.ok || err != nil && backend.KindOf(err) != backend.KindInvalid {
			t.Errorf("%s: %+v, %v, want %+v", c.text, got, err, c.want)
		}
	}
}

// TestRedrivePolicyIsRefusedInOrder mends one fault after the other of 2.4. An
// ARN that is none is refused before anybody looks for its queue.
func TestRedrivePolicyIsRefusedInOrder(t *testing.T) {
	find := func(arn string) (Target, bool) {
		if _, ok := backend.ParseARN(arn); !ok {
			t.Errorf("the queue of %q is looked for", arn)
		}
		return Target{FIFO: strings.HasSuffix(arn, ".fifo"), Allow: `{"redrivePermission":"denyAll"}`},
			!strings.HasSuffix(arn, ":gone")
	}
	for _, c := range []struct{ text, want string }{
		{`"x"`, "Redrive policy is not a valid JSON map."},
		{`{"x":1}`, "does not contain mandatory attribute: maxReceiveCount."},
		{`{"x":1,"maxReceiveCount":null}`, "does not contain mandatory attribute: maxReceiveCount."},
		{`{"x":1,"maxReceiveCount":4023}`, "does not contain mandatory attribute: deadLetterTargetArn."},
		{`{"x":1,"maxReceiveCount":4023,"deadLetterTargetArn":"x"}`, "Invalid value for maxReceiveCount: 4023, valid"},
		{`{"x":1,"maxReceiveCount":"1.5","deadLetterTargetArn":"x"}`, "Invalid value for maxReceiveCount: 1.5, valid"},
		{`{"x":1,"maxReceiveCount":1000,"deadLetterTargetArn":"arn:aws:sns:::t"}`, "should be fully qualified ARN."},
		{`{"x":1,"maxReceiveCount":1,"deadLetterTargetArn":"arn:aws:sns:r:999999999999:t"}`, "Only SQS queues are valid"},
		{`{"x":1,"maxReceiveCount":1,"deadLetterTargetArn":"arn:aws:sqs:r:999999999999:gone"}`, "Only following attributes"},
		{`{"maxReceiveCount":1,"deadLetterTargetArn":"arn:aws:sqs:r:999999999999:gone"}`, "owner should be same"},
		{`{"maxReceiveCount":1,"deadLetterTargetArn":"arn:aws:sqs:eu-west-1:123456789012:q"}`, "Dead letter target does not exist."},
		{`{"maxReceiveCount":1,"deadLetterTargetArn":"arn:aws-cn:sqs:us-east-1:123456789012:q"}`, "Dead letter target does not exist."},
		{`{"maxReceiveCount":1,"deadLetterTargetArn":"arn:aws:sqs:us-east-1:123456789012:gone"}`, "Dead letter target does not exist."},
		{`{"maxReceiveCount":1,"deadLetterTargetArn":"arn:aws:sqs:us-east-1:123456789012:d.fifo"}`, "same type of queue as the source.."},
		{`{"maxReceiveCount":1,"deadLetterTargetArn":"arn:aws:sqs:us-east-1:123456789012:q"}`, ownTarget},
		{`{"maxReceiveCount":1,"deadLetterTargetArn":"arn:aws:sqs:us-east-1:123456789012:d"}`, targetDenies},
	} {
		_, err := NewSettings(standard, attrs{"RedrivePolicy": c.text}, find)
		if !strings.Contains(textOf(err), c.want) {
			t.Errorf("%s\n got %v\nwant %s", c.text, err, c.want)
		}
	}
}

// TestTargetSaysWhoMayNameIt: its RedriveAllowPolicy is asked when the source's
// RedrivePolicy is set (2.4).
func TestTargetSaysWhoMayNameIt(t *testing.T) {
	for allow, want := range map[string]bool{
		``:                                 true,
		`{"redrivePermission":"allowAll"}`: true,
		`{"redrivePermission":"denyAll"}`:  false,
		`{"redrivePermission":"byQueue","sourceQueueArns":["` + standard.String() + `"]}`:              true,
		`{"redrivePermission":"denyAll","sourceQueueArns":["` + standard.String() + `"]}`:              false,
		`{"redrivePermission":"byQueue","sourceQueueArns":["` + fifo.String() + `","` + dlqArn + `"]}`: false,
		`nonsense`: false,
	} {
		find := func(string) (Target, bool) { return Target{Allow: allow}, true }
		_, err := NewSettings(standard, attrs{"RedrivePolicy": `{"deadLetterTargetArn":"` + dlqArn + `","maxReceiveCount":3}`}, find)
		if (err == nil) != want {
			t.Errorf("under %s: %v, want allowed %v", allow, err, want)
		}
	}
}

func TestRedriveAllowPolicies(t *testing.T) {
	list := func(n int) string {
		return `{"redrivePermission":"byQueue","sourceQueueArns":["` + strings.Repeat(dlqArn+`","`, n-1) + dlqArn + `"]}`
	}
	const format = "unsupported format."
	for text, want := range map[string]string{
		``:                                 "",
		`{"redrivePermission":"allowAll"}`: "",
		`{"redrivePermission":"denyAll","sourceQueueArns":[]}`:   "",
		`{"redrivePermission":"denyAll","sourceQueueArns":null}`: "",
		list(1):  "",
		list(10): "",
		list(11): "The maximum number of source queue ARNs you can specify is 10.",
		`{"redrivePermission":"byQueue","sourceQueueArns":[]}`:                            "one or more sourceQueueArns values.",
		`{"redrivePermission":"allowAll","sourceQueueArns":["x"]}`:                        "you must set redrivePermission to byQueue.",
		`{"redrivePermission":"byQueue","sourceQueueArns":["arn:aws:sqs:us-east-1:1:*"]}`: format,
		`{"redrivePermission":"byQueue","sourceQueueArns":["x"]}`:                         format,
		`{"redrivePermission":"byQueue","sourceQueueArns":"` + dlqArn + `"}`:              format,
		`{"redrivePermission":"ByQueue"}`:                                                 format,
		`{}`:                                                                              format,
		`null`:                                                                            format,
		`[]`:                                                                              format,
	} {
		_, err := NewSettings(standard, attrs{"RedriveAllowPolicy": text}, nil)
		if want == "" && err != nil || want != "" && !strings.HasSuffix(textOf(err), want) {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
	}
	got, err := ParseRedriveAllowPolicy(list(2))
	want := RedriveAllowPolicy{Permission: AllowByQueue, SourceQueueArns: []string{dlqArn, dlqArn}}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	if got, err := ParseRedriveAllowPolicy(""); err != nil || got.Permission != AllowAll {
		t.Errorf("no policy is %+v, %v, want that all may", got, err)
	}
}

func FuzzParseRedrivePolicy(f *testing.F) {
	f.Add(``)
	f.Add(`{"deadLetterTargetArn":"` + dlqArn + `","maxReceiveCount":"5"}`)
	f.Add(`{"deadLetterTargetArn":"` + dlqArn + `","maxReceiveCount":1e3}`)
	f.Add(`{"deadLetterTargetArn":null,"maxReceiveCount":[]}`)
	f.Fuzz(func(t *testing.T, s string) {
		got, err := ParseRedrivePolicy(s)
		if err != nil && backend.KindOf(err) != backend.KindInvalid {
			t.Fatalf("%q: %v", s, err)
		}
		if err == nil && s != "" && (got.DeadLetterTargetArn == "" || got.MaxReceiveCount < 1) {
			t.Fatalf("%q was read as %+v", s, got)
		}
		// What may be set can be read, and says the same.
		strict, e := checkRedrivePolicy(standard, s, nil)
		if e == nil && (err != nil || got != strict) {
			t.Fatalf("%q was set as %+v and read as %+v, %v", s, strict, got, err)
		}
	})
}

func FuzzParseRedriveAllowPolicy(f *testing.F) {
	f.Add(``)
	f.Add(`{"redrivePermission":"byQueue","sourceQueueArns":["` + dlqArn + `"]}`)
	f.Add(`{"redrivePermission":{},"sourceQueueArns":[null]}`)
	f.Fuzz(func(t *testing.T, s string) {
		p, err := ParseRedriveAllowPolicy(s)
		if err != nil {
			if backend.KindOf(err) != backend.KindInvalid || checkRedriveAllowPolicy(s) == nil {
				t.Fatalf("%q: %v", s, err)
			}
			return
		}
		if p.Permission != AllowAll && p.Permission != DenyAll && p.Permission != AllowByQueue {
			t.Fatalf("%q was read as %+v", s, p)
		}
		text, _ := json.Marshal(map[string]any{keyPermission: p.Permission, keySources: p.SourceQueueArns})
		again, err := ParseRedriveAllowPolicy(string(text))
		if diff := cmp.Diff(p, again); diff != "" || err != nil {
			t.Fatalf("%q, written and read again: %v\n%s", s, err, diff)
		}
	})
}
