package doctor

import (
	"fmt"
	"maps"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sqscope/backend"
	"sqscope/backend/rules"
)

const (
	orders     = "arn:aws:sqs:eu-west-1:111111111111:orders"
	ordersDLQ  = "arn:aws:sqs:eu-west-1:111111111111:orders-dlq"
	ledger     = "arn:aws:sqs:eu-west-1:111111111111:ledger.fifo"
	ledgerDLQ  = "arn:aws:sqs:eu-west-1:111111111111:ledger-dlq.fifo"
	someTopic  = "arn:aws:sns:eu-west-1:111111111111:news"
	redriveAny = `{"redrivePermission":"allowAll"}`
)

func arnOf(t testing.TB, s string) backend.ARN {
	t.Helper()
	a, ok := backend.ParseARN(s)
	if !ok {
		t.Fatalf("%q is no ARN", s)
	}
	return a
}

func redrive(target string, receives int) string {
	return fmt.Sprintf(`{"deadLetterTargetArn":%q,"maxReceiveCount":%d}`, target, receives)
}

// attributes are those of a new queue with these set, as GetQueueAttributes
// shows them. An empty value takes one away.
func attributes(t testing.TB, arn string, set map[string]string) map[string]string {
	t.Helper()
	self := arnOf(t, arn)
	create := map[string]string{}
	if self.FIFO() {
		create[backend.AttrFifoQueue] = "true"
	}
	s, err := rules.NewSettings(self, create, nil)
	if err != nil {
		t.Fatal(err)
	}
	all := s.Attributes()
	maps.Copy(all, map[string]string{
		backend.AttrQueueArn: arn, backend.AttrMessages: "0", backend.AttrMessagesNotVisible: "0", backend.AttrMessagesDelayed: "0",
	})
	maps.Copy(all, set)
	maps.DeleteFunc(all, func(_, v string) bool { return v == "" })
	return all
}

// healthy is a queue with which nothing is wrong, and of which all is known.
func healthy(t testing.TB, arn, dlq string) Facts {
	return Facts{
		Queue: arnOf(t, arn),
		Attributes: attributes(t, arn, map[string]string{
			backend.AttrReceiveMessageWaitTimeSeconds: "20", backend.AttrRedrivePolicy: redrive(dlq, 5),
		}),
		DLQ:          attributes(t, dlq, map[string]string{backend.AttrMessageRetentionPeriod: "1209600"}),
		SourcesKnown: true,
		Oldest:       backend.Some(time.Minute),
	}
}

// lambda is a mapping of a function of that many seconds.
func lambda(seconds int) []Mapping {
	return []Mapping{{
		Mapping: backend.Mapping{FunctionArn: "arn:aws:lambda:eu-west-1:111111111111:function:charge:live", State: "Enabled"},
		Timeout: time.Duration(seconds) * time.Second,
	}}
}

func statement(principal, more string) string {
	return `{"Version":"2012-10-17","Statement":[{"Sid":"s","Effect":"Allow","Principal":` + principal +
		`,"Action":"sqs:SendMessage","Resource":"` + orders + `"` + more + `}]}`
}

const fromTopic = `,"Condition":{"ArnEquals":{"aws:SourceArn":"` + someTopic + `"}}`

// TestExamine changes one thing of a healthy queue, a standard one unless the
// case says otherwise, and says what is then wrong, the worst first.
func TestExamine(t *testing.T) {
	for _, c := range []struct {
		name   string
		fifo   bool
		change func(f *Facts)
		want   string
	}{
		{"healthy", false, func(*Facts) {}, ""},
		{"healthy FIFO", true, func(*Facts) {}, ""},

		{"without a dead-letter queue", false, own(backend.AttrRedrivePolicy, ""), "no-dlq"},
		{"FIFO without a dead-letter queue", true, own(backend.AttrRedrivePolicy, ""), "no-dlq"},
		{"without one, but perhaps one itself", false, func(f *Facts) {
			f.SourcesKnown = false
			delete(f.Attributes, backend.AttrRedrivePolicy)
		}, ""},
		{"without one, being one", false, func(f *Facts) {
			f.Sources = []backend.ARN{f.Queue}
			delete(f.Attributes, backend.AttrRedrivePolicy)
		}, ""},
		{"without one, meant to be one", false, func(f *Facts) {
			f.Attributes[backend.AttrRedriveAllowPolicy] = redriveAny
			delete(f.Attributes, backend.AttrRedrivePolicy)
		}, ""},
		{"without one, and nobody's", false, func(f *Facts) {
			f.Attributes[backend.AttrRedriveAllowPolicy] = `{"redrivePermission":"denyAll"}`
			delete(f.Attributes, backend.AttrRedrivePolicy)
		}, "no-dlq"},

		{"dead-letter queue deleted", false, func(f *Facts) { f.DLQ, f.DLQMissing = nil, true }, "dlq-missing"},
		{"dead-letter queue not read", false, func(f *Facts) { f.DLQ = nil }, ""},
		{"dead-letter queue of another region", false, own(backend.AttrRedrivePolicy,
			redrive("arn:aws:sqs:us-east-1:111111111111:orders-dlq", 1)), "dlq-elsewhere"},
		{"dead-letter queue of another account", false, own(backend.AttrRedrivePolicy,
			redrive("arn:aws:sqs:eu-west-1:222222222222:orders-dlq", 5)), "dlq-elsewhere"},
		{"account by the queue's own word", false, func(f *Facts) { f.Queue.Account = "000000000000" }, ""},
		{"dead-letter queue of the other kind", false, own(backend.AttrRedrivePolicy, redrive(ledgerDLQ, 5)), "dlq-kind"},
		{"FIFO with a standard dead-letter queue", true, own(backend.AttrRedrivePolicy, redrive(ordersDLQ, 5)), "dlq-kind"},
		{"a redrive policy that cannot be read", false, own(backend.AttrRedrivePolicy, "{}"), ""},
		{"a count that is a string", false, own(backend.AttrRedrivePolicy,
			`{"deadLetterTargetArn":"`+ordersDLQ+`","maxReceiveCount":"2"}`), "few-receives"},

		{"retention as the dead-letter queue's", false, own(backend.AttrMessageRetentionPeriod, "1209600"), "dlq-retention"},
		{"retention a second less", false, own(backend.AttrMessageRetentionPeriod, "1209599"), ""},
		{"dead letters kept for a day", false, dlq(backend.AttrMessageRetentionPeriod, "86400"), "dlq-retention"},
		{"FIFO dead letters kept as long", true, dlq(backend.AttrMessageRetentionPeriod, "345600"), ""},
		{"FIFO dead letters kept less long", true, dlq(backend.AttrMessageRetentionPeriod, "345599"), "dlq-retention"},
		{"retention of the dead-letter queue not known", false, dlq(backend.AttrMessageRetentionPeriod, ""), ""},

		{"dead-letter queue denies all", false, dlq(backend.AttrRedriveAllowPolicy, `{"redrivePermission":"denyAll"}`), "dlq-denies"},
		{"dead-letter queue allows others", false, dlq(backend.AttrRedriveAllowPolicy, allow("x")), "dlq-denies"},
		{"dead-letter queue allows others, ten", false, dlq(backend.AttrRedriveAllowPolicy, allow(strings.Split("abcdefghij", "")...)), "dlq-denies"},
		{"dead-letter queue allows this one", false, dlq(backend.AttrRedriveAllowPolicy, allow("x", "orders")), ""},
		{"dead-letter queue allows all", false, dlq(backend.AttrRedriveAllowPolicy, redriveAny), ""},
		{"denied, and too few receives", false, func(f *Facts) {
			dlq(backend.AttrRedriveAllowPolicy, allow("x"))(f)
			own(backend.AttrRedrivePolicy, redrive(ordersDLQ, 1))(f)
		}, "dlq-denies few-receives"},

		{"its own dead-letter queue", false, own(backend.AttrRedrivePolicy, redrive(orders, 5)), "dlq-loop"},
		{"a circle of two", false, dlq(backend.AttrRedrivePolicy, redrive(orders, 5)), "dlq-loop"},
		{"a FIFO circle, seen from the sources", true, func(f *Facts) {
			f.DLQ, f.Sources = nil, []backend.ARN{arnOf(t, ledgerDLQ)}
		}, "dlq-loop"},
		{"a chain, seen from its middle", false, func(f *Facts) { f.Sources = []backend.ARN{arnOf(t, ledger)} }, "dlq-of-dlq"},

		{"one receive", false, own(backend.AttrRedrivePolicy, redrive(ordersDLQ, 1)), "few-receives"},
		{"two receives", false, own(backend.AttrRedrivePolicy, redrive(ordersDLQ, 2)), "few-receives"},
		{"three receives", false, own(backend.AttrRedrivePolicy, redrive(ordersDLQ, 3)), ""},
		{"four receives with Lambda", false, func(f *Facts) {
			f.Mappings = lambda(1)
			own(backend.AttrRedrivePolicy, redrive(ordersDLQ, 4))(f)
		}, "few-receives"},
		{"four receives with Lambda off", false, func(f *Facts) {
			f.Mappings = lambda(1)
			f.Mappings[0].State = "Disabled"
			own(backend.AttrRedrivePolicy, redrive(ordersDLQ, 4))(f)
		}, ""},
		{"one receive that hides for a day's half", false, func(f *Facts) {
			own(backend.AttrVisibilityTimeout, "43200")(f)
			own(backend.AttrMessageRetentionPeriod, "86400")(f)
			own(backend.AttrRedrivePolicy, redrive(ordersDLQ, 1))(f)
		}, "few-receives long-visibility"},

		{"an orphan with messages", false, orphan("orders_DLQ", "7"), "orphan-dlq"},
		{"an orphan without messages", false, orphan("orders_DLQ", "0"), ""},
		{"perhaps an orphan", false, func(f *Facts) {
			orphan("orders-dead-letters", "7")(f)
			f.SourcesKnown = false
		}, ""},
		{"dead letters", false, func(f *Facts) {
			orphan("orders-dlq", "7")(f)
			f.Sources = []backend.ARN{arnOf(t, orders)}
		}, "dead-letters"},
		{"dead letters larger than may come back", false, func(f *Facts) {
			own(backend.AttrMaximumMessageSize, "262144")(f)
			dlq(backend.AttrMessages, "1")(f)
		}, "smaller-than-dlq"},
		{"an empty dead-letter queue that takes larger ones", false, own(backend.AttrMaximumMessageSize, "262144"), ""},

		{"ten receives of half a day", false, func(f *Facts) {
			own(backend.AttrVisibilityTimeout, "43199")(f)
			own(backend.AttrRedrivePolicy, redrive(ordersDLQ, 10))(f)
		}, "late-dead-letters"},
		{"seven receives of half a day", false, func(f *Facts) {
			own(backend.AttrVisibilityTimeout, "43199")(f)
			own(backend.AttrRedrivePolicy, redrive(ordersDLQ, 7))(f)
		}, ""},
		{"five receives as long as the retention", false, func(f *Facts) {
			own(backend.AttrVisibilityTimeout, "12")(f)
			own(backend.AttrMessageRetentionPeriod, "60")(f)
		}, "late-dead-letters"},
		{"hidden for as long as kept", false, func(f *Facts) {
			own(backend.AttrVisibilityTimeout, "60")(f)
			own(backend.AttrMessageRetentionPeriod, "60")(f)
		}, "expires-in-flight"},
		{"delayed for as long as kept", false, func(f *Facts) {
			own(backend.AttrDelaySeconds, "60")(f)
			own(backend.AttrVisibilityTimeout, "11")(f)
			own(backend.AttrMessageRetentionPeriod, "60")(f)
		}, "expires-delayed"},
		{"four fifths of the time over", false, aged(4*96*time.Hour/5, "1"), "expiring"},
		{"less than that", false, aged(4*96*time.Hour/5-time.Second, "1"), ""},
		{"nothing there that could expire", false, aged(96*time.Hour, "0"), ""},
		{"age not known", false, func(f *Facts) {
			aged(0, "1")(f)
			f.Oldest = backend.Opt[time.Duration]{}
		}, ""},
		{"too old for any retention", false, aged(13*24*time.Hour, "1"), "expiring"},

		{"nothing is hidden", false, own(backend.AttrVisibilityTimeout, "0"), "no-visibility"},
		{"hidden for 12 h", false, own(backend.AttrVisibilityTimeout, "43200"), "long-visibility"},
		{"FIFO hidden for 12 h", true, own(backend.AttrVisibilityTimeout, "43200"), "long-visibility"},
		{"six times the function's timeout", false, func(f *Facts) { f.Mappings = lambda(5) }, ""},
		{"less than that", false, func(f *Facts) { f.Mappings = lambda(6) }, "visibility-lambda"},
		{"less than once", false, func(f *Facts) { f.Mappings = lambda(900) }, "visibility-lambda"},
		{"less with the batching window", false, func(f *Facts) {
			f.Mappings = lambda(5)
			f.Mappings[0].Window = time.Second
		}, "visibility-lambda"},
		{"timeout not known", false, func(f *Facts) { f.Mappings = lambda(0) }, ""},
		{"nothing is hidden from Lambda", false, func(f *Facts) {
			own(backend.AttrVisibilityTimeout, "0")(f)
			f.Mappings = lambda(10)
		}, "visibility-lambda no-visibility"},

		{"in flight near the ceiling", false, own(backend.AttrMessagesNotVisible, "96000"), "in-flight-ceiling"},
		{"in flight below that", false, own(backend.AttrMessagesNotVisible, "95999"), ""},
		{"a FIFO queue's backlog near the window", true, own(backend.AttrMessages, "96000"), "fifo-backlog"},
		{"a FIFO queue near both", true, own(backend.AttrMessagesNotVisible, "96000"), "in-flight-ceiling fifo-backlog"},
		{"a standard queue's backlog", false, own(backend.AttrMessages, "9600000"), ""},
		{"dedup by group, limit by queue", true, own(backend.AttrDeduplicationScope, "messageGroup"), "half-high-throughput"},
		{"limit by group, dedup by queue", true, own(backend.AttrFifoThroughputLimit, "perMessageGroupId"), "half-high-throughput"},
		{"high throughput", true, func(f *Facts) {
			own(backend.AttrDeduplicationScope, "messageGroup")(f)
			own(backend.AttrFifoThroughputLimit, "perMessageGroupId")(f)
		}, ""},
		{"short polls", false, own(backend.AttrReceiveMessageWaitTimeSeconds, "0"), "short-polling"},
		{"short polls of an engine", false, func(f *Facts) {
			own(backend.AttrReceiveMessageWaitTimeSeconds, "0")(f)
			f.Embedded = true
		}, ""},
		{"Lambda's polls are long", false, func(f *Facts) {
			own(backend.AttrReceiveMessageWaitTimeSeconds, "0")(f)
			f.Mappings = lambda(1)
		}, ""},
		{"dead letters are not polled", false, func(f *Facts) {
			own(backend.AttrReceiveMessageWaitTimeSeconds, "0")(f)
			own(backend.AttrRedrivePolicy, "")(f)
			f.Sources = []backend.ARN{arnOf(t, ledger)}
		}, ""},
		{"wait not known", false, own(backend.AttrReceiveMessageWaitTimeSeconds, ""), ""},

		{"everyone may send", false, own(backend.AttrPolicy, statement(`"*"`, "")), "open-policy"},
		{"everyone may send through a topic", false, own(backend.AttrPolicy, statement(`"*"`, fromTopic)), ""},
		{"any topic may send", false, own(backend.AttrPolicy, statement(`{"Service":"sns.amazonaws.com"}`, "")), "anyones-service"},
		{"a topic may send", false, own(backend.AttrPolicy, statement(`{"Service":"sns.amazonaws.com"}`, fromTopic)), ""},
		{"nobody may do anything", false, own(backend.AttrPolicy,
			`{"Version":"2012-10-17","Statement":{"Effect":"Deny","Principal":"*","Action":"sqs:*"}}`), "locked-out"},
		{"another queue's policy", false, own(backend.AttrPolicy,
			strings.ReplaceAll(statement(`{"AWS":"222222222222"}`, ""), orders, ordersDLQ)), "void-statement"},
		{"a policy that cannot be read", false, own(backend.AttrPolicy, "{"), ""},

		{"AWS's key and a topic that may send", false, encrypted("alias/aws/sqs", `{"Service":"sns.amazonaws.com"}`), "key-of-aws"},
		{
			"AWS's key by ARN and everyone's topic", false,
			encrypted("arn:aws:kms:eu-west-1:111111111111:alias/aws/sqs", `"*"`), "key-of-aws",
		},
		{"AWS's key and a subscription", false, func(f *Facts) {
			encrypted("alias/aws/sqs", `{"AWS":"111111111111"}`)(f)
			f.Subscriptions = []backend.Subscription{{Arn: someTopic + ":1", TopicArn: someTopic}}
		}, "key-of-aws"},
		{"AWS's key and a subscription that nobody confirmed", false, func(f *Facts) {
			encrypted("alias/aws/sqs", `{"AWS":"111111111111"}`)(f)
			f.Subscriptions = []backend.Subscription{{Arn: backend.SubscriptionPending, TopicArn: someTopic}}
		}, ""},
		{"AWS's key and no service", false, encrypted("alias/aws/sqs", `{"AWS":"111111111111"}`), ""},
		{"AWS's key and a topic that may not send", false, func(f *Facts) {
			encrypted("alias/aws/sqs", `{"Service":"sns.amazonaws.com"}`)(f)
			f.Attributes[backend.AttrPolicy] = strings.Replace(f.Attributes[backend.AttrPolicy], "Allow", "Deny", 1)
		}, ""},
		{"a key of one's own", false, encrypted("alias/mine", `{"Service":"sns.amazonaws.com"}`), ""},
		{"no encryption", false, own(backend.AttrSqsManagedSseEnabled, "false"), "unencrypted"},
		{"encryption not known", false, own(backend.AttrSqsManagedSseEnabled, ""), ""},
		{"no encryption in an engine", false, func(f *Facts) {
			own(backend.AttrSqsManagedSseEnabled, "false")(f)
			f.Embedded = true
		}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := healthy(t, orders, ordersDLQ)
			if c.fifo {
				f = healthy(t, ledger, ledgerDLQ)
			}
			c.change(&f)
			var got []string
			for _, x := range Examine(f) {
				got = append(got, string(x.ID))
				check(t, f, x)
			}
			if d := cmp.Diff(c.want, strings.Join(got, " ")); d != "" {
				t.Errorf("-want +got:\n%s", d)
			}
		})
	}
}

// own sets an attribute of the queue; "" takes it away.
func own(name, value string) func(*Facts) {
	return func(f *Facts) { assign(f.Attributes, name, value) }
}

// dlq sets an attribute of its dead-letter queue.
func dlq(name, value string) func(*Facts) {
	return func(f *Facts) { assign(f.DLQ, name, value) }
}

func assign(attributes map[string]string, name, value string) {
	attributes[name] = value
	if value == "" {
		delete(attributes, name)
	}
}

func allow(names ...string) string {
	for i, n := range names {
		names[i] = `"arn:aws:sqs:eu-west-1:111111111111:` + n + `"`
	}
	return `{"redrivePermission":"byQueue","sourceQueueArns":[` + strings.Join(names, ",") + `]}`
}

// orphan makes it a queue of that name without a dead-letter queue.
func orphan(name, messages string) func(*Facts) {
	return func(f *Facts) {
		f.Queue.Name = name
		delete(f.Attributes, backend.AttrRedrivePolicy)
		f.Attributes[backend.AttrQueueArn] = f.Queue.String()
		f.Attributes[backend.AttrMessages] = messages
	}
}

func aged(oldest time.Duration, messages string) func(*Facts) {
	return func(f *Facts) {
		f.Oldest = backend.Some(oldest)
		f.Attributes[backend.AttrMessagesNotVisible] = messages
	}
}

func encrypted(key, principal string) func(*Facts) {
	return func(f *Facts) {
		f.Attributes[backend.AttrKmsMasterKeyId] = key
		f.Attributes[backend.AttrKmsDataKeyReusePeriodSeconds] = "300"
		f.Attributes[backend.AttrSqsManagedSseEnabled] = "false"
		f.Attributes[backend.AttrPolicy] = statement(principal, fromTopic)
	}
}

// reporter is what tests and property tests have in common.
type reporter interface {
	Helper()
	Errorf(format string, args ...any)
}

// check looks whether a finding is whole: what it says can be shown, SQS takes
// its fix, and with that the finding is gone.
func check(t reporter, f Facts, x Finding) {
	t.Helper()
	if x.Queue != f.Queue || x.Title == "" || strings.ContainsAny(x.Title, "\n") || strings.HasSuffix(x.Title, ".") ||
		!strings.HasSuffix(x.Why, ".") || x.Fix.Note != "" && !strings.HasSuffix(x.Fix.Note, ".") {
		t.Errorf("%s: badly said: %+v", x.ID, x)
	}
	if len(x.Fix.Attributes) == 0 {
		if x.Fix.Open == Nowhere && x.Fix.Note == "" || len(x.Fix.Changes) > 0 {
			t.Errorf("%s: no fix, and no reason: %+v", x.ID, x.Fix)
		}
		return
	}
	if x.Fix.Open != Nowhere || len(x.Fix.Changes) == 0 {
		t.Errorf("%s: a fix without a preview: %+v", x.ID, x.Fix)
	}
	for _, c := range x.Fix.Changes {
		if c.From == c.To || c.From == "" || c.To == "" {
			t.Errorf("%s: %s from %q to %q", x.ID, c.Name, c.From, c.To)
		}
	}
	if err := setOnSQS(f, x.Fix); err != nil {
		t.Errorf("%s: SQS refuses %v: %v", x.ID, x.Fix.Attributes, err)
	}
	for _, after := range After(f, x.Fix) {
		if after.ID == x.ID && (after.About == x.About || after.Harm > x.Harm) {
			t.Errorf("%s: still there after %v: %s", x.ID, x.Fix.Attributes, after.Why)
		}
	}
}

// setOnSQS is SQS's answer to a fix, by the rules of the engine.
func setOnSQS(f Facts, fix Fix) error {
	attrs, self := maps.Clone(f.Attributes), f.Queue
	if fix.Queue != f.Queue {
		attrs, self = maps.Clone(f.DLQ), fix.Queue
	}
	if arn, ok := backend.ParseARN(attrs[backend.AttrQueueArn]); ok {
		self = arn
	}
	// What is wrong with the queue may not have been set by these rules.
	delete(attrs, backend.AttrRedrivePolicy)
	delete(attrs, backend.AttrPolicy)
	if attrs[backend.AttrDeduplicationScope] == "queue" {
		delete(attrs, backend.AttrFifoThroughputLimit)
	}
	s, err := rules.NewSettings(self, attrs, nil)
	if err != nil {
		return fmt.Errorf("as it is: %w", err)
	}
	_, err = s.Set(self, fix.Attributes, func(arn string) (rules.Target, bool) {
		return rules.Target{FIFO: strings.HasSuffix(arn, ".fifo"), Allow: f.DLQ[backend.AttrRedriveAllowPolicy]}, !f.DLQMissing
	})
	return err
}

// TestNothingKnownNothingFound: of a queue that was not read nothing is wrong,
// and without attributes nothing but what follows from the ARNs.
func TestNothingKnownNothingFound(t *testing.T) {
	f := healthy(t, orders, ordersDLQ)
	f.Attributes = nil
	f.Mappings = lambda(900)
	if got := Examine(f); got != nil {
		t.Errorf("found without attributes: %+v", got)
	}
	if got := Examine(Facts{Queue: f.Queue, Attributes: map[string]string{}}); got != nil {
		t.Errorf("found in no attributes: %+v", got)
	}
}

// TestWordsHaveTheQueuesNumbers reads a few findings as a person would.
func TestWordsHaveTheQueuesNumbers(t *testing.T) {
	f := healthy(t, orders, ordersDLQ)
	f.DLQ[backend.AttrMessageRetentionPeriod] = "345600"
	f.Attributes[backend.AttrReceiveMessageWaitTimeSeconds] = "0"
	f.Attributes[backend.AttrRedrivePolicy] = redrive(ordersDLQ, 1)
	type said struct {
		Harm         string
		Title, Why   string
		Section, Fix string
	}
	var got []said
	for _, x := range Examine(f) {
		c := x.Fix.Changes[0]
		got = append(got, said{x.Harm.String(), x.Title, x.Why, x.Section, x.Fix.Queue.Name + " " + c.Name + ": " + c.From + " → " + c.To})
	}
	want := []said{
		{
			"loses messages", "Dead letters may be deleted as soon as they arrive",
			"A message keeps the time when it was sent, so that what it spends here is taken from the 4 d that orders-dlq keeps it. " +
				"Here it may spend up to 4 d: one that is dead-lettered then is gone at once.",
			"6.2", "orders-dlq MessageRetentionPeriod: 4 d → 14 d",
		},
		{
			"blocks", "Messages are dead-lettered after 1 receive",
			"A message that was received once and not deleted goes to orders-dlq. Every receive counts, also one by a consumer that " +
				"crashed or was restarted, and each look at the message.",
			"6.1, 10.7", "orders maxReceiveCount: 1 → 5",
		},
		{
			"costs", "Receives do not wait for messages",
			"Unless a consumer asks for it, a receive returns at once, and may miss messages that are there. One that asks every second " +
				"makes 2,592,000 requests in 30 d, about 1.04 USD; with waits of 20 s it makes 129,600 while there is nothing, about 0.05 USD.",
			"5.5, 12.1", "orders ReceiveMessageWaitTimeSeconds: 0 s → 20 s",
		},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("-want +got:\n%s", d)
	}
}

// TestFleetIsByHarmAndName: the worst first, wherever it is.
func TestFleetIsByHarmAndName(t *testing.T) {
	queue := func(name string, change func(*Facts)) Facts {
		f := healthy(t, strings.Replace(orders, "orders", name, 1), ordersDLQ)
		change(&f)
		return f
	}
	var got []string
	for _, x := range Fleet([]Facts{
		queue("b", own(backend.AttrSqsManagedSseEnabled, "false")),
		queue("c", own(backend.AttrRedrivePolicy, "")),
		queue("d", func(*Facts) {}),
		queue("a", own(backend.AttrReceiveMessageWaitTimeSeconds, "0")),
		queue("a2", func(f *Facts) {
			own(backend.AttrVisibilityTimeout, "0")(f)
			own(backend.AttrRedrivePolicy, "")(f)
		}),
	}) {
		got = append(got, x.Queue.Name+" "+string(x.ID))
	}
	want := []string{"a2 no-dlq", "c no-dlq", "a2 no-visibility", "a short-polling", "b unencrypted"}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("-want +got:\n%s", d)
	}
}

// TestAfterTellsWhatAFixBrings: to hide messages for as long as Lambda needs may
// be longer than the queue keeps them.
func TestAfterTellsWhatAFixBrings(t *testing.T) {
	f := healthy(t, orders, ordersDLQ)
	f.Attributes[backend.AttrMessageRetentionPeriod] = "300"
	f.Mappings = lambda(60)
	before := Examine(f)
	if len(before) != 1 || before[0].ID != VisibilityLambda {
		t.Fatalf("before: %+v", before)
	}
	after := After(f, before[0].Fix)
	if len(after) != 1 || after[0].ID != ExpiresInFlight {
		t.Errorf("after: %+v", after)
	}
	if f.Attributes[backend.AttrVisibilityTimeout] != "30" {
		t.Error("it was set")
	}
}

// TestLambdaIsNamed: a finding about a function says which, however its ARN is
// written.
func TestLambdaIsNamed(t *testing.T) {
	for arn, want := range map[string]string{
		"arn:aws:lambda:eu-west-1:111111111111:function:charge":      " charge may run for 1 min. AWS",
		"arn:aws:lambda:eu-west-1:111111111111:function:charge:live": " charge may run for 1 min. AWS",
		"charge": " charge may run for 1 min. AWS",
	} {
		f := healthy(t, orders, ordersDLQ)
		f.Mappings = lambda(60)
		f.Mappings[0].FunctionArn = arn
		if all := Examine(f); len(all) != 1 || !strings.Contains(all[0].Why, want) {
			t.Errorf("%s: %+v", arn, all)
		}
	}
}

// BenchmarkFleet examines 10,000 queues, each of which has a policy.
func BenchmarkFleet(b *testing.B) {
	all := make([]Facts, 10000)
	for i := range all {
		all[i] = healthy(b, orders, ordersDLQ)
		all[i].Attributes[backend.AttrPolicy] = statement(`{"Service":"sns.amazonaws.com"}`, fromTopic)
		all[i].Attributes[backend.AttrReceiveMessageWaitTimeSeconds] = "0"
	}
	for b.Loop() {
		Fleet(all)
	}
}

// TestTableIsWhole: ids are there once, and sections are sections of the
// documentation.
func TestTableIsWhole(t *testing.T) {
	doc, err := os.ReadFile("../../docs/SQS.md")
	if err != nil {
		t.Fatal(err)
	}
	seen := map[ID]bool{}
	for _, r := range table() {
		if seen[r.id] {
			t.Errorf("%s is there twice", r.id)
		}
		seen[r.id] = true
		for _, s := range strings.Split(strings.ReplaceAll(r.section, " to ", ", "), ", ") {
			if !strings.Contains(string(doc), "\n### "+s+" ") {
				t.Errorf("%s: no section %q", r.id, s)
			}
		}
	}
	for h := Informs; h <= Loses; h++ {
		if h.String() == "" {
			t.Errorf("harm %d has no name", h)
		}
	}
}
