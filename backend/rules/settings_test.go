package rules

import (
	"fmt"
	"maps"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"sqscope/backend"
)

var (
	standard = backend.ARN{Partition: "aws", Region: "us-east-1", Account: "123456789012", Name: "q"}
	fifo     = backend.ARN{Partition: "aws", Region: "us-east-1", Account: "123456789012", Name: "q.fifo"}
)

type attrs = map[string]string

func made(t *testing.T, self backend.ARN, a attrs) Settings {
	t.Helper()
	if self.FIFO() {
		a = maps.Clone(a)
		if a == nil {
			a = attrs{}
		}
		a["FifoQueue"] = "true"
	}
	s, err := NewSettings(self, a, lookup)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func set(t *testing.T, s Settings, self backend.ARN, a attrs) Settings {
	t.Helper()
	s, err := s.Set(self, a, lookup)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestNameAndFifoQueueAgree covers the ways in which they do not (1.1).
func TestNameAndFifoQueueAgree(t *testing.T) {
	const long = "The name of a FIFO queue can only include"
	for _, c := range []struct{ name, value, want string }{
		{"q", "", ""},
		{"q.fifo", "true", ""},
		{"q.fifo", "True", ""},
		{"q.fifo", "TRUE", ""},
		{"q.fifo", "", "Can only include alphanumeric characters"},
		{"q.fifo", "false", "Unknown Attribute FifoQueue."},
		{"q.fifo", "maybe", "Invalid value for the parameter FifoQueue."},
		{"q", "false", "Unknown Attribute FifoQueue."},
		{"q", "maybe", "Unknown Attribute FifoQueue."},
		{"q", "true", long},
		{"a b.fifo", "true", long},
		{"", "true", "Queue name cannot be empty"},
	} {
		self, a := standard, attrs{}
		self.Name = c.name
		if c.value != "" {
			a["FifoQueue"] = c.value
		}
		_, err := NewSettings(self, a, lookup)
		if c.want == "" && err != nil || c.want != "" && !strings.HasPrefix(textOf(err), c.want) {
			t.Errorf("%q with FifoQueue %q: %v, want %q", c.name, c.value, err, c.want)
		}
	}
}

func TestNamesOfQueueAttributes(t *testing.T) {
	old, oldFIFO := made(t, standard, nil), made(t, fifo, nil)
	for _, c := range []struct {
		name, value         string
		create, set, onFIFO string // the errors, "" for none
	}{
		{"Foobar", "1", "Unknown Attribute Foobar.", "Unknown Attribute Foobar.", "Unknown Attribute Foobar."},
		{"All", "1", "Unknown Attribute All.", "Unknown Attribute All.", "Unknown Attribute All."},
		{"QueueArn", "x", "", "Unknown Attribute QueueArn.", "Unknown Attribute QueueArn."},
		{"CreatedTimestamp", "x", "", "Unknown Attribute CreatedTimestamp.", "Unknown Attribute CreatedTimestamp."},
		{"ContentBasedDeduplication", "true", "Unknown Attribute ContentBasedDeduplication.", "Unknown Attribute ContentBasedDeduplication.", ""},
		{"DeduplicationScope", "queue", "You can specify the DeduplicationScope only when FifoQueue is set to true.", "Unknown Attribute DeduplicationScope.", ""},
		{"FifoThroughputLimit", "perQueue", "You can specify the FifoThroughputLimit only when FifoQueue is set to true.", "Unknown Attribute FifoThroughputLimit.", ""},
		{"FifoQueue", "TRUE", "The name of a FIFO queue", "Unknown Attribute FifoQueue.", ""},
		{"FifoQueue", "False", "Unknown Attribute FifoQueue.", "Unknown Attribute FifoQueue.", "Invalid value for the parameter FifoQueue. Reason: Modifying queue type is not supported."},
		{"FifoQueue", "1", "Unknown Attribute FifoQueue.", "Unknown Attribute FifoQueue.", "Invalid value for the parameter FifoQueue."},
		{"DeduplicationScope", "group", "You can specify", "Unknown Attribute", "Invalid value for the parameter DeduplicationScope."},
		{"FifoThroughputLimit", "", "You can specify", "Unknown Attribute", "Invalid value for the parameter FifoThroughputLimit."},
		{"ContentBasedDeduplication", "yes", "Unknown Attribute", "Unknown Attribute", "Invalid value for the parameter ContentBasedDeduplication."},
	} {
		one := attrs{c.name: c.value}
		_, create := NewSettings(standard, one, lookup)
		_, change := old.Set(standard, one, lookup)
		_, onFIFO := oldFIFO.Set(fifo, one, lookup)
		for i, pair := range []struct {
			err  error
			want string
		}{{create, c.create}, {change, c.set}, {onFIFO, c.onFIFO}} {
			if pair.want == "" && pair.err != nil || pair.want != "" && !strings.HasPrefix(textOf(pair.err), pair.want) {
				t.Errorf("%s=%q, way %d: %v, want %q", c.name, c.value, i, pair.err, pair.want)
			}
		}
	}
}

func TestWholeNumbersAreDigitsAndNothingElse(t *testing.T) {
	for _, bad := range []string{"", " 5", "5 ", "+5", "-5", "5.0", "5e0", "0x5", "five", "true", "٥", "99999999999999999999"} {
		_, err := NewSettings(standard, attrs{"DelaySeconds": bad}, nil)
		if textOf(err) != "Invalid value for the parameter DelaySeconds." {
			t.Errorf("DelaySeconds %q: %v", bad, err)
		}
	}
	if s := made(t, standard, attrs{"DelaySeconds": "0005"}); s.DelaySeconds != 5 || s.Attributes()["DelaySeconds"] != "5" {
		t.Errorf("DelaySeconds 0005 is %q", s.Attributes()["DelaySeconds"])
	}
}

// TestEncryptionIsOfOneKind walks through 2.2 and 2.3.
func TestEncryptionIsOfOneKind(t *testing.T) {
	type view struct{ Key, Reuse, Sse string }
	look := func(s Settings) view {
		a := s.Attributes()
		return view{a["KmsMasterKeyId"], a["KmsDataKeyReusePeriodSeconds"], a["SqsManagedSseEnabled"]}
	}
	plain := made(t, standard, nil)
	withKey := set(t, plain, standard, attrs{"KmsMasterKeyId": "k", "KmsDataKeyReusePeriodSeconds": "6000"})
	noKey := set(t, withKey, standard, attrs{"KmsMasterKeyId": "", "KmsDataKeyReusePeriodSeconds": "300"})
	for what, c := range map[string]struct {
		got  Settings
		want view
	}{
		"new":                    {plain, view{"", "", "true"}},
		"with a key":             {withKey, view{"k", "6000", "false"}},
		"only the key":           {set(t, plain, standard, attrs{"KmsMasterKeyId": "k"}), view{"k", "300", "false"}},
		"key and sse off":        {set(t, plain, standard, attrs{"KmsMasterKeyId": "k", "SqsManagedSseEnabled": "false"}), view{"k", "300", "false"}},
		"new with a key":         {made(t, standard, attrs{"KmsMasterKeyId": "alias/aws/sqs"}), view{"alias/aws/sqs", "300", "false"}},
		"new without encryption": {made(t, standard, attrs{"SqsManagedSseEnabled": "False"}), view{"", "", "false"}},
		"key taken away":         {noKey, view{"", "", "false"}},
		"no key to take away":    {set(t, plain, standard, attrs{"KmsMasterKeyId": ""}), view{"", "", "true"}},
		"sse on instead":         {set(t, withKey, standard, attrs{"SqsManagedSseEnabled": "true"}), view{"", "", "true"}},
		"key away and sse on":    {set(t, withKey, standard, attrs{"KmsMasterKeyId": "", "SqsManagedSseEnabled": "true"}), view{"", "", "true"}},
		"sse off again":          {set(t, withKey, standard, attrs{"SqsManagedSseEnabled": "false"}), view{"k", "6000", "false"}},
		"the next key":           {set(t, set(t, withKey, standard, attrs{"KmsMasterKeyId": ""}), standard, attrs{"KmsMasterKeyId": "l"}), view{"l", "300", "false"}},
		"another key":            {set(t, withKey, standard, attrs{"KmsMasterKeyId": "l"}), view{"l", "6000", "false"}},
	} {
		if diff := cmp.Diff(c.want, look(c.got)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", what, diff)
		}
	}
	_, err := NewSettings(standard, attrs{"KmsMasterKeyId": "k", "SqsManagedSseEnabled": "TRUE"}, nil)
	if backend.CodeOf(err) != "InvalidAttributeName" {
		t.Errorf("both kinds at once: %v", err)
	}
}

// TestThroughputLimitNeedsItsScope walks through 2.6, also where the other half
// is set already.
func TestThroughputLimitNeedsItsScope(t *testing.T) {
	const scope, limit = "DeduplicationScope", "FifoThroughputLimit"
	grouped := made(t, fifo, attrs{scope: "messageGroup"})
	fast := set(t, grouped, fifo, attrs{limit: "perMessageGroupId"})
	for _, c := range []struct {
		from Settings
		to   attrs
		ok   bool
	}{
		{made(t, fifo, nil), attrs{scope: "messageGroup", limit: "perMessageGroupId"}, true},
		{made(t, fifo, nil), attrs{limit: "perMessageGroupId"}, false},
		{grouped, attrs{limit: "perQueue"}, true},
		{fast, attrs{scope: "queue"}, false},
		{fast, attrs{scope: "queue", limit: "perQueue"}, true},
	} {
		if _, err := c.from.Set(fifo, c.to, nil); (err == nil) != c.ok {
			t.Errorf("%s/%s to %v: %v", c.from.DeduplicationScope, c.from.FifoThroughputLimit, c.to, err)
		}
	}
}

// TestSetIsAllOrNothing: a bad value leaves every other one alone.
func TestSetIsAllOrNothing(t *testing.T) {
	before := made(t, standard, nil)
	after, err := before.Set(standard, attrs{"DelaySeconds": "7", "VisibilityTimeout": "x"}, nil)
	if err == nil || after != before {
		t.Errorf("settings are %+v after %v", after, err)
	}
}

func TestTextsOfPoliciesAreKeptAndCleared(t *testing.T) {
	texts := attrs{
		"Policy":             policyOf(20),
		"RedrivePolicy":      `{ "maxReceiveCount":"5",` + "\n" + `"deadLetterTargetArn":"` + dlqArn + `" }`,
		"RedriveAllowPolicy": `{"redrivePermission" : "allowAll"}`,
	}
	s := made(t, standard, texts)
	for name, text := range texts {
		if s.Attributes()[name] != text {
			t.Errorf("%s is %q, not as it was set", name, s.Attributes()[name])
		}
		gone := set(t, s, standard, attrs{name: ""})
		if _, ok := gone.Attributes()[name]; ok {
			t.Errorf("%s is there after it was cleared", name)
		}
	}
	want := RedrivePolicy{DeadLetterTargetArn: dlqArn, MaxReceiveCount: 5}
	if s.Redrive != want {
		t.Errorf("redrive is %+v, want %+v", s.Redrive, want)
	}
	if gone := set(t, s, standard, attrs{"RedrivePolicy": ""}); gone.Redrive != (RedrivePolicy{}) {
		t.Errorf("redrive is %+v after it was cleared", gone.Redrive)
	}
}

// TestCreateAgain is the matrix of 1.1: which attributes of a second
// CreateQueue make it another queue.
func TestCreateAgain(t *testing.T) {
	redrive := func(count string) string {
		return fmt.Sprintf(`{"deadLetterTargetArn":"%s","maxReceiveCount":%s}`, dlqArn, count)
	}
	s := made(t, standard, attrs{"DelaySeconds": "5", "RedrivePolicy": redrive("5"), "Policy": policyOf(1)})
	bare := made(t, standard, attrs{"KmsDataKeyReusePeriodSeconds": "600"})
	f := made(t, fifo, nil)
	for _, c := range []struct {
		what string
		s    Settings
		a    attrs
		want string
	}{
		{"nothing", s, nil, ""},
		{"the same", s, attrs{"DelaySeconds": "5"}, ""},
		{"a default", s, attrs{"VisibilityTimeout": "30"}, ""},
		{"leading zeros", s, attrs{"DelaySeconds": "005"}, ""},
		{"another number", s, attrs{"DelaySeconds": "6"}, "DelaySeconds"},
		{"two others", s, attrs{"VisibilityTimeout": "6", "DelaySeconds": "6"}, "DelaySeconds"},
		{"read-only", s, attrs{"QueueArn": "x", "ApproximateNumberOfMessages": "9"}, ""},
		{"the same redrive, written otherwise", s, attrs{"RedrivePolicy": redrive(`"5"`)}, ""},
		{"another count", s, attrs{"RedrivePolicy": redrive("6")}, "RedrivePolicy"},
		{"no redrive", s, attrs{"RedrivePolicy": ""}, "RedrivePolicy"},
		{"a redrive it has not", bare, attrs{"RedrivePolicy": redrive("5")}, "RedrivePolicy"},
		{"none, and it has none", bare, attrs{"RedrivePolicy": "", "Policy": "", "KmsMasterKeyId": ""}, ""},
		{"the same policy, other layout", s, attrs{"Policy": strings.ReplaceAll(policyOf(1), ",", " ,\n")}, ""},
		{"another policy", s, attrs{"Policy": policyOf(2)}, "Policy"},
		{"a key it has not", s, attrs{"KmsMasterKeyId": "k"}, "KmsMasterKeyId"},
		{"a reuse period without a key", bare, attrs{"KmsDataKeyReusePeriodSeconds": "600"}, ""},
		{"another period", bare, attrs{"KmsDataKeyReusePeriodSeconds": "300"}, "KmsDataKeyReusePeriodSeconds"},
		{"switch in capitals", s, attrs{"SqsManagedSseEnabled": "TRUE"}, ""},
		{"fifo", f, attrs{"FifoQueue": "True", "DeduplicationScope": "queue"}, ""},
		{"fifo, other scope", f, attrs{"FifoQueue": "true", "DeduplicationScope": "messageGroup"}, "DeduplicationScope"},
	} {
		name, differs := c.s.Difference(c.a)
		if name != c.want || differs != (c.want != "") {
			t.Errorf("%s: differs %v in %q, want %q", c.what, differs, name, c.want)
		}
	}
	// The current value counts, not the one at creation.
	if _, differs := set(t, s, standard, attrs{"DelaySeconds": "9"}).Difference(attrs{"DelaySeconds": "5"}); !differs {
		t.Error("the value at creation still passes after it was changed")
	}
}

// TestAttributesMakeTheSameQueueAgain: what GetQueueAttributes shows is taken by
// CreateQueue, gives the same queue, and differs from it in nothing.
func TestAttributesMakeTheSameQueueAgain(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		self, a := standard, attrs{}
		if rapid.Bool().Draw(t, "fifo") {
			self = fifo
			a["FifoQueue"] = "true"
			a["ContentBasedDeduplication"] = strconv.FormatBool(rapid.Bool().Draw(t, "content"))
			a["DeduplicationScope"] = rapid.SampledFrom([]string{"queue", "messageGroup"}).Draw(t, "scope")
		}
		for _, name := range []string{"DelaySeconds", "MaximumMessageSize", "MessageRetentionPeriod", "ReceiveMessageWaitTimeSeconds", "VisibilityTimeout"} {
			if rapid.Bool().Draw(t, "set "+name) {
				lo, hi, _, _ := AttributeRange(name)
				a[name] = strconv.Itoa(rapid.IntRange(lo, hi).Draw(t, name))
			}
		}
		if rapid.Bool().Draw(t, "kms") {
			a["KmsMasterKeyId"] = "k"
		} else {
			a["SqsManagedSseEnabled"] = strconv.FormatBool(rapid.Bool().Draw(t, "sse"))
		}
		s, err := NewSettings(self, a, lookup)
		if err != nil {
			t.Fatal(err)
		}
		shown := s.Attributes()
		again, err := NewSettings(self, shown, lookup)
		if err != nil || again != s {
			t.Fatalf("from %v came %+v, %v, want %+v", shown, again, err, s)
		}
		if name, differs := s.Difference(shown); differs {
			t.Fatalf("the queue differs from itself in %s", name)
		}
	})
}

func TestNamesToAskFor(t *testing.T) {
	for _, name := range []string{"All", "QueueArn", "Policy", "FifoQueue", "DelaySeconds"} {
		if err := AttributeName(name); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, name := range []string{"", "all", "Foobar", "SenderId"} {
		if textOf(AttributeName(name)) != "Unknown Attribute "+name+"." {
			t.Errorf("%q: %v", name, AttributeName(name))
		}
	}
}

func TestQueueKnowsWhatAMessageNeeds(t *testing.T) {
	s := made(t, fifo, attrs{"ContentBasedDeduplication": "true", "MaximumMessageSize": "2048"})
	want := Queue{Name: "q.fifo", FIFO: true, ContentBasedDeduplication: true, MaximumMessageSize: 2048}
	if got := s.Queue("q.fifo"); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}
