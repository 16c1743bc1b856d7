package doctor

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"sqscope/backend"
	"sqscope/backend/rules"
)

// drawn is a random queue that SQS would take, with whatever hangs together
// with it.
func drawn(t *rapid.T, tb testing.TB) Facts {
	arn := rapid.SampledFrom([]string{orders, ledger, ordersDLQ}).Draw(t, "queue")
	target := rapid.SampledFrom([]string{
		ordersDLQ, ledgerDLQ, orders, "arn:aws:sqs:us-east-1:111111111111:far", "arn:aws:sqs:eu-west-1:2:x",
	}).Draw(t, "target")
	f := Facts{
		Queue:        arnOf(tb, arn),
		Attributes:   attributes(tb, arn, drawnAttributes(t, strings.HasSuffix(arn, ".fifo"))),
		SourcesKnown: rapid.Bool().Draw(t, "sources known"),
		Embedded:     rapid.Bool().Draw(t, "embedded"),
		DLQMissing:   rapid.Bool().Draw(t, "missing"),
	}
	if rapid.Bool().Draw(t, "redrives") {
		f.Attributes[backend.AttrRedrivePolicy] = redrive(target, rapid.SampledFrom([]int{1, 2, 4, 10, 1000}).Draw(t, "receives"))
		if !f.DLQMissing && rapid.Bool().Draw(t, "dlq known") {
			f.DLQ = attributes(tb, target, drawnAttributes(t, strings.HasSuffix(target, ".fifo")))
		}
	}
	if rapid.Bool().Draw(t, "is a source's") {
		f.Sources = []backend.ARN{arnOf(tb, rapid.SampledFrom([]string{orders, target}).Draw(t, "source"))}
	}
	if rapid.Bool().Draw(t, "lambda") {
		f.Mappings = lambda(rapid.SampledFrom([]int{0, 1, 60, 900}).Draw(t, "timeout"))
		f.Mappings[0].State = rapid.SampledFrom([]string{"Enabled", "Disabled"}).Draw(t, "state")
	}
	if rapid.Bool().Draw(t, "aged") {
		f.Oldest = backend.Some(time.Duration(rapid.IntRange(0, 15*24).Draw(t, "hours")) * time.Hour)
	}
	return f
}

// drawnAttributes are attributes that are not as SQS makes them. Bounds are
// drawn more often than what lies between them.
func drawnAttributes(t *rapid.T, fifo bool) map[string]string {
	all := map[string]string{}
	for _, name := range []string{
		backend.AttrDelaySeconds, backend.AttrMaximumMessageSize, backend.AttrMessageRetentionPeriod,
		backend.AttrReceiveMessageWaitTimeSeconds, backend.AttrVisibilityTimeout,
	} {
		lo, hi, def, _ := rules.AttributeRange(name)
		all[name] = strconv.Itoa(rapid.OneOf(rapid.SampledFrom([]int{lo, def, hi}), rapid.IntRange(lo, hi)).Draw(t, name))
	}
	for _, name := range []string{backend.AttrMessages, backend.AttrMessagesNotVisible, backend.AttrMessagesDelayed} {
		all[name] = strconv.Itoa(rapid.SampledFrom([]int{0, 1, 95_999, 96_000, 500_000}).Draw(t, name))
	}
	all[backend.AttrRedriveAllowPolicy] = rapid.SampledFrom([]string{
		"", redriveAny, `{"redrivePermission":"denyAll"}`, allow("a"), allow("orders"), allow(strings.Split("abcdefghij", "")...),
	}).Draw(t, "allow")
	all[backend.AttrPolicy] = rapid.SampledFrom([]string{
		"", statement(`"*"`, ""), statement(`{"Service":"s3.amazonaws.com"}`, ""), statement(`"*"`, fromTopic), statement(`{"AWS":"AIDA"}`, ""),
	}).Draw(t, "policy")
	if key := rapid.SampledFrom([]string{"", "", "alias/aws/sqs", "alias/mine"}).Draw(t, "key"); key != "" {
		all[backend.AttrKmsMasterKeyId], all[backend.AttrKmsDataKeyReusePeriodSeconds] = key, "300"
		all[backend.AttrSqsManagedSseEnabled] = "false"
	} else {
		all[backend.AttrSqsManagedSseEnabled] = strconv.FormatBool(rapid.Bool().Draw(t, "encrypted"))
	}
	if fifo {
		all[backend.AttrDeduplicationScope] = rapid.SampledFrom([]string{"queue", "messageGroup"}).Draw(t, "scope")
		all[backend.AttrFifoThroughputLimit] = rapid.SampledFrom([]string{"perQueue", "perMessageGroupId"}).Draw(t, "limit")
	}
	return all
}

// TestFixesMend: whatever the queue, SQS takes each fix, and with it the finding
// is gone. A queue has each finding at most once.
func TestFixesMend(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		f := drawn(rt, t)
		seen := map[string]bool{}
		for _, x := range Examine(f) {
			check(rt, f, x)
			if key := string(x.ID) + " " + x.About; seen[key] {
				rt.Errorf("%s is there twice", key)
			} else {
				seen[key] = true
			}
		}
	})
}

// TestMendingEverythingEnds: making the first fix that can be set, again and
// again, comes to an end.
func TestMendingEverythingEnds(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		f := drawn(rt, t)
		for range 30 {
			fix, ok := firstFix(Examine(f))
			if !ok {
				return
			}
			target := read(f).target
			if fix.Queue == f.Queue {
				f.Attributes = changed(f.Attributes, fix.Attributes)
			}
			if fix.Queue == target {
				f.DLQ = changed(f.DLQ, fix.Attributes)
			}
		}
		rt.Errorf("still not done: %+v", Examine(f))
	})
}

func firstFix(all []Finding) (Fix, bool) {
	for _, x := range all {
		if len(x.Fix.Attributes) > 0 {
			return x.Fix, true
		}
	}
	return Fix{}, false
}

// FuzzExamine: attributes with any values at all are examined, and what is found
// in them can be shown.
func FuzzExamine(f *testing.F) {
	f.Add(redrive(ordersDLQ, 5), "30", "345600", `{"redrivePermission":"byQueue"}`, statement(`"*"`, ""), "alias/aws/sqs")
	f.Add(`{"deadLetterTargetArn":"arn:aws:sqs:::","maxReceiveCount":-1}`, "-1", "99999999999999999999", "{}", "{}", ":alias/aws/sqs")
	f.Fuzz(func(t *testing.T, redrive, number, other, allow, policy, key string) {
		attributes := map[string]string{
			backend.AttrRedrivePolicy: redrive, backend.AttrVisibilityTimeout: number, backend.AttrMessageRetentionPeriod: other,
			backend.AttrDelaySeconds: number, backend.AttrMessages: other, backend.AttrMessagesNotVisible: number,
			backend.AttrMaximumMessageSize: number, backend.AttrRedriveAllowPolicy: allow, backend.AttrPolicy: policy,
			backend.AttrKmsMasterKeyId: key, backend.AttrDeduplicationScope: key, backend.AttrQueueArn: key,
		}
		facts := Facts{
			Queue: arnOf(t, ledger), Attributes: attributes, DLQ: attributes, Sources: []backend.ARN{arnOf(t, orders)},
			Mappings: lambda(-5), Oldest: backend.Some(time.Duration(len(number)) * time.Hour),
		}
		for _, x := range Examine(facts) {
			if x.Title == "" || x.Why == "" || x.Section == "" {
				t.Errorf("%+v", x)
			}
			After(facts, x.Fix)
		}
	})
}
