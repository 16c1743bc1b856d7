package enforce_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sqscope/backend"
	"sqscope/backend/enforce"
	"sqscope/backend/memory"
	"sqscope/backend/policy"
)

const (
	own   = "000000000000"
	other = "111111111111"
)

// guarded is an engine that checks policies, and who calls it.
type guarded struct {
	*testing.T
	engine *memory.Engine
	table  *enforce.Table
}

func identity(t *testing.T, doc string) policy.Policy {
	t.Helper()
	p, err := policy.ParseIdentity(doc)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func open(t *testing.T, callers ...enforce.Caller) guarded {
	clock := memory.NewClock(memory.ClockOptions{Start: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC), Paused: true})
	t.Cleanup(clock.Close)
	table := enforce.New(own, clock.Now)
	table.Set(callers)
	engine := memory.New(memory.Options{Clock: clock, Seed: 1, Authorize: table.Authorize})
	t.Cleanup(engine.Close)
	t.Cleanup(func() {
		if err := engine.Check(); err != nil {
			t.Error(err)
		}
	})
	return guarded{t, engine, table}
}

// as is a request signed with this access key.
func (g guarded) as(key string, context map[string][]string) context.Context {
	return backend.WithCaller(g.Context(), g.table.Identify(backend.Caller{AccessKey: key, Context: context}))
}

func (g guarded) create(name string, attributes map[string]string) {
	g.Helper()
	_, err := g.engine.CreateQueue(g.Context(), backend.CreateQueueInput{QueueName: name, Attributes: attributes})
	if err != nil {
		g.Fatal(err)
	}
}

func (g guarded) send(ctx context.Context, queue string) error {
	_, err := g.engine.Stack().SQS.SendMessage(ctx, backend.SendMessageInput{QueueUrl: queue, MessageBody: "m"})
	return err
}

func user(key, name, account string, policies ...policy.Policy) enforce.Caller {
	return enforce.Caller{
		Caller:   backend.Caller{AccessKey: key, Account: account, ARN: "arn:aws:iam::" + account + ":user/" + name},
		Policies: policies,
	}
}

func queuePolicy(statements ...string) map[string]string {
	return map[string]string{backend.AttrPolicy: `{"Version":"2012-10-17","Statement":[` + strings.Join(statements, ",") + `]}`}
}

const sendOnly = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sqs:SendMessage","Resource":"*"}]}`

func TestWhoeverIsNotAllowedIsToldSoInTheWordsOfAWS(t *testing.T) { // 10.4
	g := open(t, user("AKREADER", "reader", own), user("AKSENDER", "sender", own, identity(t, sendOnly)))
	g.create("q", nil)
	if err := g.send(g.as("AKSENDER", nil), "q"); err != nil {
		t.Errorf("an identity policy that allows it: %v", err)
	}
	err := backend.AsError(g.send(g.as("AKREADER", nil), "q"))
	want := "User: arn:aws:iam::000000000000:user/reader is not authorized to perform: sqs:sendmessage on resource: " +
		"arn:aws:sqs:us-east-1:000000000000:q because no identity-based policy allows the sqs:sendmessage action"
	if err.Message != want || err.Shape != backend.ErrAccessDenied || err.Status != 403 || err.Kind != backend.KindDenied {
		t.Errorf("refused with %+v", err)
	}
	_, none := g.engine.Stack().SQS.GetQueueUrl(g.as("AKREADER", nil), backend.GetQueueUrlInput{QueueName: "q"})
	if e := backend.AsError(none); e.Shape != backend.ErrQueueDoesNotExist || e.Message != "The specified queue does not exist or you do not have access to it." { // 1.3
		t.Errorf("GetQueueUrl is refused with %+v", e)
	}
}

func TestTheQueuesPolicyDecidesForCallersOfOtherAccounts(t *testing.T) { // 1.0, 10.2
	g := open(t, user("AKOTHER", "eve", other, policy.FullAccess()))
	allow := fmt.Sprintf(`{"Effect":"Allow","Principal":{"AWS":"%s"},"Action":"sqs:*","Resource":"*"}`, other)
	g.create("open", queuePolicy(allow))
	g.create("closed", nil)
	g.create("denied", queuePolicy(allow, `{"Effect":"Deny","Principal":"*","Action":"sqs:SendMessage","Resource":"*"}`))
	eve := g.as("AKOTHER", nil)
	if err := g.send(eve, "open"); err != nil {
		t.Error(err)
	}
	for _, queue := range []string{"closed", "denied"} {
		if err := g.send(eve, queue); backend.KindOf(err) != backend.KindDenied {
			t.Errorf("%s: %v", queue, err)
		}
	}
	err := g.engine.Stack().SQS.DeleteQueue(eve, backend.DeleteQueueInput{QueueUrl: "open"})
	if backend.KindOf(err) != backend.KindDenied {
		t.Errorf("DeleteQueue works across accounts: %v", err)
	}
}

func TestADenyStopsTheOwnerTooAndNotThisProcess(t *testing.T) {
	g := open(t)
	g.create("q", queuePolicy(`{"Effect":"Deny","Principal":"*","Action":"sqs:SendMessage","Resource":"*"}`))
	if err := g.send(g.as("ANY-KEY", nil), "q"); backend.KindOf(err) != backend.KindDenied {
		t.Errorf("a key without a row: %v", err)
	}
	if err := g.send(t.Context(), "q"); err != nil {
		t.Errorf("from the screen: %v", err)
	}
	g.create("free", nil)
	if err := g.send(g.as("ANY-KEY", nil), "free"); err != nil {
		t.Errorf("a key without a row is the owner's: %v", err)
	}
	if err := g.send(g.as("", nil), "free"); backend.KindOf(err) != backend.KindDenied {
		t.Errorf("nobody at all: %v", err)
	}
}

func TestConditionsAreThoseOfTheRequestAndOfTheRow(t *testing.T) { // 10.3
	vpce := user("AKVPC", "vpc", own, policy.FullAccess())
	vpce.Context = map[string][]string{"aws:SourceVpce": {"vpce-1"}, "aws:SecureTransport": {"true"}}
	topic := enforce.Caller{Caller: backend.Caller{
		AccessKey: "AKSNS", Service: "sns.amazonaws.com",
		Context: map[string][]string{"aws:SourceArn": {"arn:aws:sns:us-east-1:" + own + ":t"}, "aws:SourceAccount": {own}},
	}}
	g := open(t, vpce, topic, user("AKPLAIN", "plain", own, policy.FullAccess()))
	g.create("tls", queuePolicy(`{"Effect":"Deny","Principal":"*","Action":"sqs:*","Resource":"*","Condition":{"Bool":{"aws:SecureTransport":"false"}}}`))
	g.create("vpc", queuePolicy(`{"Effect":"Deny","Principal":"*","Action":"sqs:*","Resource":"*","Condition":{"StringNotEquals":{"aws:sourceVpce":"vpce-1"}}}`))
	g.create("topic", queuePolicy(`{"Effect":"Allow","Principal":{"Service":"sns.amazonaws.com"},"Action":"sqs:SendMessage","Resource":"*",`+
		`"Condition":{"ArnEquals":{"aws:SourceArn":"arn:aws:sns:us-east-1:000000000000:t"},"StringEquals":{"aws:SourceAccount":"000000000000"}}}`))
	g.create("late", queuePolicy(`{"Effect":"Deny","Principal":"*","Action":"sqs:*","Resource":"*","Condition":{"DateGreaterThan":{"aws:CurrentTime":"2026-01-02T04:00:00Z"}}}`))
	plain := map[string][]string{"aws:SecureTransport": {"false"}}
	got := map[string]bool{}
	for _, c := range []string{"AKVPC tls", "AKPLAIN tls", "AKVPC vpc", "AKPLAIN vpc", "AKSNS topic", "AKSNS tls", "AKVPC late"} {
		key, queue, _ := strings.Cut(c, " ")
		got[c] = g.send(g.as(key, plain), queue) == nil
	}
	g.engine.Clock().Advance(time.Hour)
	got["AKVPC late, an hour on"] = g.send(g.as("AKVPC", plain), "late") == nil
	want := map[string]bool{
		"AKVPC tls": true, "AKPLAIN tls": false, "AKVPC vpc": true, "AKPLAIN vpc": false, "AKSNS topic": true, "AKSNS tls": false,
		"AKVPC late": true, "AKVPC late, an hour on": false,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestAMoveTaskNeedsTheRightsOfWhatItDoes(t *testing.T) { // 7.5
	right := func(rights string) policy.Policy {
		return identity(t, `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":[`+rights+`],"Resource":"*"}]}`)
	}
	const all = `"sqs:StartMessageMoveTask","sqs:CancelMessageMoveTask","sqs:ListMessageMoveTasks","sqs:ReceiveMessage","sqs:DeleteMessage","sqs:GetQueueAttributes"`
	g := open(
		t,
		user("AK1", "one", own, right(`"sqs:StartMessageMoveTask","sqs:ListMessageMoveTasks"`)),
		user("AK2", "two", own, right(all)),
		user("AK3", "three", own, right(all+`,"sqs:SendMessage"`)),
	)
	g.create("dlq", nil)
	g.create("q", map[string]string{backend.AttrRedrivePolicy: `{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:000000000000:dlq","maxReceiveCount":"2"}`})
	sqs := g.engine.Stack().SQS
	in := backend.StartMessageMoveTaskInput{SourceArn: "arn:aws:sqs:us-east-1:000000000000:dlq", MaxNumberOfMessagesPerSecond: backend.Some(1)}
	var missing []string
	for _, key := range []string{"AK1", "AK2", "AK3"} {
		_, err := sqs.StartMessageMoveTask(g.as(key, nil), in)
		if err == nil {
			missing = append(missing, "none")
			continue
		}
		_, what, _ := strings.Cut(backend.AsError(err).Message, "perform: ")
		what, _, _ = strings.Cut(what, " because")
		missing = append(missing, what)
	}
	want := []string{
		"sqs:receivemessage on resource: arn:aws:sqs:us-east-1:000000000000:dlq",
		"sqs:sendmessage on resource: arn:aws:sqs:us-east-1:000000000000:q", "none",
	}
	if diff := cmp.Diff(want, missing); diff != "" {
		t.Error(diff)
	}
	if _, err := sqs.ListMessageMoveTasks(g.as("AK1", nil), backend.ListMessageMoveTasksInput{SourceArn: in.SourceArn}); backend.KindOf(err) != backend.KindDenied {
		t.Errorf("listing tasks without GetQueueAttributes: %v", err)
	}
}

func TestTagsOnANewQueueNeedTheirOwnRight(t *testing.T) { // 1.1
	g := open(t, user("AK", "u", own, identity(t, `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sqs:CreateQueue","Resource":"*"}]}`)))
	_, err := g.engine.Stack().SQS.CreateQueue(g.as("AK", nil), backend.CreateQueueInput{QueueName: "q", Tags: map[string]string{"a": "b"}})
	if backend.KindOf(err) != backend.KindDenied || !strings.Contains(err.Error(), "sqs:tagqueue") {
		t.Errorf("with tags: %v", err)
	}
	if _, err := g.engine.Stack().SQS.CreateQueue(g.as("AK", nil), backend.CreateQueueInput{QueueName: "q"}); err != nil {
		t.Errorf("without: %v", err)
	}
}

func TestAPolicyThatChangesIsReadAnew(t *testing.T) {
	g := open(t, user("AK", "u", own))
	g.create("q", nil)
	allow := queuePolicy(`{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::000000000000:user/u"},"Action":"sqs:SendMessage","Resource":"*"}`)
	for _, c := range []struct {
		policy string
		ok     bool
	}{{"", false}, {allow[backend.AttrPolicy], true}, {"", false}, {allow[backend.AttrPolicy], true}} {
		err := g.engine.SetQueueAttributes(t.Context(), backend.SetQueueAttributesInput{QueueUrl: "q", Attributes: map[string]string{backend.AttrPolicy: c.policy}})
		if err != nil {
			t.Fatal(err)
		}
		if got := g.send(g.as("AK", nil), "q") == nil; got != c.ok {
			t.Errorf("policy %q: allowed %v", c.policy, got)
		}
	}
}
