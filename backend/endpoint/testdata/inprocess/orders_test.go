// Package orders_test shows how a program's own tests use sqscope's engine: the
// AWS SDK talks to it in this process, without a socket, and its clock is ours.
package orders_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"sqscope/backend/endpoint"
	"sqscope/backend/memory"
)

// engine is an SQS of this test alone, with its clock standing still.
func engine(t testing.TB) (*sqs.Client, *memory.Clock) {
	clock := memory.NewClock(memory.ClockOptions{Start: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), Paused: true})
	e := memory.New(memory.Options{Clock: clock, NoCooldown: true})
	t.Cleanup(func() { e.Close(); clock.Close() })
	server := endpoint.New(e.Stack().SQS, endpoint.Options{})
	return sqs.NewFromConfig(aws.Config{
		Region:       "us-east-1",
		BaseEndpoint: aws.String("http://sqs.invalid"), // never looked up: nothing leaves the process
		HTTPClient:   server.Client(),
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "any", SecretAccessKey: "any"}, nil
		}),
	}), clock
}

func TestAnOrderThatIsNotDeletedComesBackAfterItsVisibilityTimeout(t *testing.T) {
	client, clock := engine(t)
	ctx := context.Background()
	created, err := client.CreateQueue(ctx, &sqs.CreateQueueInput{QueueName: aws.String("orders")})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := client.SendMessage(ctx, &sqs.SendMessageInput{QueueUrl: created.QueueUrl, MessageBody: aws.String("order 1")}); err != nil {
		t.Fatal(err)
	}
	receive := func() string {
		out, err := client.ReceiveMessage(ctx, &sqs.ReceiveMessageInput{
			QueueUrl: created.QueueUrl, VisibilityTimeout: 30, MessageSystemAttributeNames: []types.MessageSystemAttributeName{"ApproximateReceiveCount"},
		})
		if err != nil {
			t.Fatal(err)
		}
		if len(out.Messages) == 0 {
			return "nothing"
		}
		return fmt.Sprintf("%s, receive %s", *out.Messages[0].Body, out.Messages[0].Attributes["ApproximateReceiveCount"])
	}
	if got := receive(); got != "order 1, receive 1" {
		t.Errorf("at first: %s", got)
	}
	clock.Advance(29 * time.Second) // no test sleeps
	if got := receive(); got != "nothing" {
		t.Errorf("a second before its timeout ends: %s", got)
	}
	clock.Advance(time.Second)
	if got := receive(); got != "order 1, receive 2" {
		t.Errorf("when it has ended: %s", got)
	}
}
