package ui

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"sqscope/backend"
)

// TestFramesOfTheQueue keeps the look of each part of the queue's screen, of its
// dialogs, and of the form for a new queue.
func TestFramesOfTheQueue(t *testing.T) {
	t.Parallel()
	inEveryLook(t, setup{fill: wired, wiring: company{}}, queueFrames)
}

const ordersPolicy = `{"Version":"2012-10-17","Statement":[` +
	`{"Sid":"sns-placed","Effect":"Allow","Principal":{"Service":"sns.amazonaws.com"},"Action":"sqs:SendMessage","Resource":"arn:aws:sqs:us-east-1:000000000000:orders","Condition":{"ArnEquals":{"aws:SourceArn":"arn:aws:sns:us-east-1:000000000000:placed"}}},` +
	`{"Sid":"anybody","Effect":"Allow","Principal":"*","Action":"sqs:SendMessage","Resource":"arn:aws:sqs:us-east-1:000000000000:orders"}]}`

// wired is a queue with everything a queue can have.
func wired(t *testing.T, sqs backend.SQS) {
	t.Helper()
	twoSources(t, sqs)
	queue(t, sqs, "payments.fifo", map[string]string{backend.AttrFifoQueue: "true"})
	set(t, sqs, "orders", map[string]string{backend.AttrPolicy: ordersPolicy, backend.AttrVisibilityTimeout: "120", backend.AttrReceiveMessageWaitTimeSeconds: "20"})
	if err := sqs.TagQueue(t.Context(), backend.TagQueueInput{QueueUrl: url(t, sqs, "orders"), Tags: map[string]string{"team": "checkout", "env": "prod", "owner": ""}}); err != nil {
		t.Fatal(err)
	}
}

func set(t *testing.T, sqs backend.SQS, name string, attrs map[string]string) {
	t.Helper()
	if err := sqs.SetQueueAttributes(t.Context(), backend.SetQueueAttributesInput{QueueUrl: url(t, sqs, name), Attributes: attrs}); err != nil {
		t.Fatal(err)
	}
}

// company is an account with two topics and a function at work on the queue.
type company struct{}

func (company) Subscriptions(_ context.Context, q backend.ARN) (backend.Subscriptions, error) {
	if q.Name != "orders" {
		return backend.Subscriptions{}, nil
	}
	return backend.Subscriptions{List: []backend.Subscription{
		{Arn: "arn:aws:sns:us-east-1:000000000000:placed:1", TopicArn: "arn:aws:sns:us-east-1:000000000000:placed", Owner: "000000000000"},
		{Arn: backend.SubscriptionPending, TopicArn: "arn:aws:sns:us-east-1:000000000000:returned", Owner: "000000000000"},
	}}, nil
}

func (company) SubscriptionDetails(context.Context, string) (backend.SubscriptionDetails, error) {
	return backend.SubscriptionDetails{Raw: true, FilterPolicy: `{"kind":["order"]}`}, nil
}

func (company) Mappings(_ context.Context, q backend.ARN) ([]backend.Mapping, error) {
	if q.Name != "orders" {
		return nil, nil
	}
	return []backend.Mapping{{
		UUID: "m1", FunctionArn: "arn:aws:lambda:us-east-1:000000000000:function:ship-orders", State: "Enabled", BatchSize: 10,
		MaximumConcurrency: backend.Some(5), ReportBatchItemFailures: true, LastResult: "OK",
	}}, nil
}

func (company) FunctionTimeout(context.Context, string) (time.Duration, error) {
	return time.Minute, nil
}

func (company) SendKey(context.Context, string, backend.ARN) error { return nil }

func (company) Forget() {}

func queueFrames(t *testing.T, name string, s setup) string {
	var all strings.Builder
	onScreen(t, s, func(t *testing.T, d *desk) {
		take := func(what string) {
			d.PNG(name + "-queue-" + what)
			fmt.Fprintf(&all, "── %s\n%s\n", what, d.Text())
		}
		d.Press("Z", "p")
		d.Wait(15 * time.Second)
		d.Press("/")
		d.Type("orders")
		d.Press("Enter", "a")
		d.Wait(time.Second)
		take("settings")
		d.Press("e")
		take("number")
		d.Type("5m")
		take("number-typed")
		d.Press("Esc", "Tab")
		take("policy")
		d.Press("a")
		take("templates")
		d.Press("Down", "Down", "Down", "Enter")
		take("difference")
		d.Press("Esc", "e")
		take("editor")
		d.Press("Esc", "Tab")
		d.Wait(time.Second)
		take("wiring")
		d.Press("Tab")
		take("doctor")
		d.Press("Enter")
		take("mend")
		d.Press("Esc", "Tab")
		take("tags")
		d.Press("a")
		d.Type("region")
		take("tag")
		d.Press("Esc", "Y")
		take("copy")
		d.Press("Esc", "X")
		take("delete")
		d.Press("Esc", "?")
		take("keys")
		d.Press("Esc", "Esc", "n")
		d.Wait(time.Second)
		d.Type("invoices")
		take("create")
		d.Press("Down", "Right")
		take("create-fifo")
	})
	return all.String()
}
