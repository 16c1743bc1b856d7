package memory_test

import (
	"context"
	"testing"

	"sqscope/backend"
	"sqscope/backend/memory"
)

const ownUser = "AIDASQSCOPEENGINE2345"

func TestTheSenderIsWhoeverSent(t *testing.T) { // 5.1
	d := open(t)
	d.create("dlq")
	q := d.create("q", backend.AttrRedrivePolicy, redrive("dlq", 1))
	as := func(id, body string, group backend.Opt[string]) {
		ctx := backend.WithCaller(d.ctx, backend.Caller{AccessKey: "AKIA", UserID: id})
		_, err := d.SendMessage(ctx, backend.SendMessageInput{QueueUrl: q, MessageBody: body, MessageGroupId: group})
		d.must(err)
	}
	as("AIDAALICE", "1", backend.Opt[string]{})
	as("AIDABOB", "2", backend.Some("g"))
	as("AIDAALICE", "3", backend.Opt[string]{})
	as("", "4", backend.Opt[string]{})
	d.send(q, "5")
	var got []string
	for _, m := range d.receive(q, 10) {
		got = append(got, m.Body+" "+m.Attributes[backend.SysSenderId])
	}
	d.same(got, []string{"1 AIDAALICE", "2 AIDABOB", "3 AIDAALICE", "4 " + ownUser, "5 " + ownUser})
	d.pass(31e9)
	d.receive(q, 10) // all dead
	d.same(d.receive("dlq", 1)[0].Attributes[backend.SysSenderId], "AIDAALICE")
}

func TestAuthorisationComesBeforeExistence(t *testing.T) { // 1.0, 10.1
	type asked struct{ Action, ARN, Policy string }
	var last []asked
	var refusal error
	d := openWith(t, memory.Options{Authorize: func(_ context.Context, action string, queue backend.ARN, policy string) error {
		last = append(last, asked{action, queue.String(), policy})
		return refusal
	}})
	sqs := d.Stack().SQS
	q := d.create("q")
	d.must(d.AddPermission(d.ctx, backend.AddPermissionInput{
		QueueUrl: q, Label: "l", AWSAccountIds: []string{"111111111111"}, Actions: []string{"SendMessage"},
	}))
	policy := d.attribute(q, backend.AttrPolicy)
	if len(last) > 0 {
		t.Errorf("the engine's own methods were authorised: %v", last)
	}
	_, err := sqs.SendMessage(d.ctx, backend.SendMessageInput{QueueUrl: q, MessageBody: "m"})
	d.must(err)
	_, err = sqs.ListQueues(d.ctx, backend.ListQueuesInput{})
	d.must(err)
	_, err = sqs.CreateQueue(d.ctx, backend.CreateQueueInput{QueueName: "new"})
	d.must(err)
	d.same(last, []asked{
		{"SendMessage", arn("q"), policy}, {"ListQueues", arn("*"), ""}, {"CreateQueue", arn("new"), ""},
	})
	refusal, last = backend.ErrorOf(backend.ErrAccessDenied, "no"), nil
	err = sqs.DeleteMessage(d.ctx, backend.DeleteMessageInput{QueueUrl: "http://x/222222222222/q"})
	d.wantError(err, backend.ErrAccessDenied, "no")
	err = sqs.PurgeQueue(d.ctx, backend.PurgeQueueInput{QueueUrl: "http://x/000000000000/nowhere"})
	d.wantError(err, backend.ErrAccessDenied, "no")
	_, err = sqs.StartMessageMoveTask(d.ctx, backend.StartMessageMoveTaskInput{SourceArn: arn("dlq")})
	d.wantError(err, backend.ErrAccessDenied, "no")
	d.same(last, []asked{
		{"DeleteMessage", "arn:aws:sqs:us-east-1:222222222222:q", ""}, // not ours, so not our policy
		{"PurgeQueue", arn("nowhere"), ""}, {"StartMessageMoveTask", arn("dlq"), ""},
	})
	d.wantDepth(q, depth{1, 0, 0})
}
