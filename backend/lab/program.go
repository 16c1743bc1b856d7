package lab

import (
	"strings"

	"sqscope/backend"
)

// Role is what a learner's own program does in a lesson.
type Role string

// The roles.
const (
	Consumer Role = "consumer" // receives, processes and deletes
	Sender   Role = "sender"
)

// Program says how a learner's own program can take part: in place of what would
// be done by hand. With it the same run is not promised any more.
type Program struct {
	Role  Role
	Queue string
	Text  string // what it has to do here, in words
}

// Language is what a program is written in.
type Language string

// The languages, in the order of a menu.
const (
	CLI        Language = "AWS CLI"
	Go         Language = "Go"
	Python     Language = "Python"
	JavaScript Language = "JavaScript"
)

// Languages are all of them.
func Languages() []Language { return []Language{CLI, Go, Python, JavaScript} }

// Snippet is a program to begin with, whole and runnable, which uses the engine
// as it is served at a place: Listen, Account and Region count. The credentials
// in it are placeholders, which the endpoint takes as it takes any. It is
// KindConflict while the engine is not served.
func (p *Program) Snippet(l Language, place backend.Place) (string, error) {
	if place.Listen == "" {
		return "", &backend.Error{
			Kind: backend.KindConflict, Subject: p.Queue, Message: "the engine is not served, so no program can reach it",
			Next: "e in the lesson serves its engine to other programs",
		}
	}
	text, ok := programs()[l][p.Role]
	if !ok {
		return "", backend.Errorf(backend.KindUnsupported, "there is no program in %q", l)
	}
	// Only letters, digits and a few signs can be in any of these.
	return strings.NewReplacer(
		"{endpoint}", place.Listen, "{region}", place.Region, "{url}", place.Listen+"/"+place.Account+"/"+p.Queue,
	).Replace(strings.TrimLeft(text, "\n")), nil
}

func programs() map[Language]map[Role]string {
	return map[Language]map[Role]string{
		CLI:        {Consumer: cliConsumer, Sender: cliSender},
		Go:         {Consumer: goConsumer, Sender: goSender},
		Python:     {Consumer: pythonConsumer, Sender: pythonSender},
		JavaScript: {Consumer: jsConsumer, Sender: jsSender},
	}
}

const cliSetup = `
export AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test AWS_DEFAULT_REGION={region}
export AWS_ENDPOINT_URL_SQS={endpoint}   # before 2.13 say --endpoint-url
queue={url}
`

const cliConsumer = cliSetup + `
aws sqs receive-message --queue-url "$queue" --attribute-names All \
    --max-number-of-messages 1 --wait-time-seconds 20

# process it, then delete it with its ReceiptHandle:
aws sqs delete-message --queue-url "$queue" --receipt-handle "AQEB..."
`

const cliSender = cliSetup + `
aws sqs send-message --queue-url "$queue" --message-body '{"order":1}'
# to a FIFO queue also: --message-group-id A --message-deduplication-id 1
`

const goSetup = `
package main

import (
	"context"
	"log"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
)

const queue = "{url}"

func main() {
	ctx := context.Background()
	cfg, err := config.LoadDefaultConfig(ctx, config.WithRegion("{region}"),
		config.WithCredentialsProvider(credentials.NewStaticCredentialsProvider("test", "test", "")))
	if err != nil {
		log.Fatal(err)
	}
	client := sqs.NewFromConfig(cfg, func(o *sqs.Options) { o.BaseEndpoint = aws.String("{endpoint}") })
`

const goConsumer = goSetup + `	for {
		out, err := client.ReceiveMessage(ctx, &sqs.ReceiveMessageInput{
			QueueUrl: aws.String(queue), MaxNumberOfMessages: 10, WaitTimeSeconds: 20,
		})
		if err != nil {
			log.Fatal(err)
		}
		for _, m := range out.Messages {
			log.Println("processing", aws.ToString(m.Body))
			_, err := client.DeleteMessage(ctx, &sqs.DeleteMessageInput{
				QueueUrl: aws.String(queue), ReceiptHandle: m.ReceiptHandle,
			})
			if err != nil {
				log.Println("not deleted, it will come back:", err)
			}
		}
	}
}
`

const goSender = goSetup + `	out, err := client.SendMessage(ctx, &sqs.SendMessageInput{
		QueueUrl: aws.String(queue), MessageBody: aws.String("{\"order\":1}"),
		// to a FIFO queue also: MessageGroupId, MessageDeduplicationId
	})
	if err != nil {
		log.Fatal(err)
	}
	log.Println("sent", aws.ToString(out.MessageId))
}
`

const pythonSetup = `
import boto3

queue = "{url}"
sqs = boto3.client("sqs", endpoint_url="{endpoint}", region_name="{region}",
                   aws_access_key_id="test", aws_secret_access_key="test")

`

const pythonConsumer = pythonSetup + `while True:
    out = sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10, WaitTimeSeconds=20)
    for m in out.get("Messages", []):
        print("processing", m["Body"])
        sqs.delete_message(QueueUrl=queue, ReceiptHandle=m["ReceiptHandle"])
`

const pythonSender = pythonSetup + `out = sqs.send_message(QueueUrl=queue, MessageBody='{"order":1}')
# to a FIFO queue also: MessageGroupId="A", MessageDeduplicationId="1"
print("sent", out["MessageId"])
`

const jsConsumer = `
import { DeleteMessageCommand, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";

const QueueUrl = "{url}";
const sqs = new SQSClient({
  endpoint: "{endpoint}", region: "{region}", credentials: { accessKeyId: "test", secretAccessKey: "test" },
});

for (;;) {
  const { Messages = [] } = await sqs.send(
    new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 20 }),
  );
  for (const { Body, ReceiptHandle } of Messages) {
    console.log("processing", Body);
    await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
  }
}
`

const jsSender = `
import { SQSClient, SendMessageCommand } from "@aws-sdk/client-sqs";

const QueueUrl = "{url}";
const sqs = new SQSClient({
  endpoint: "{endpoint}", region: "{region}", credentials: { accessKeyId: "test", secretAccessKey: "test" },
});

const MessageBody = JSON.stringify({ order: 1 });
// to a FIFO queue also: MessageGroupId: "A", MessageDeduplicationId: "1"
console.log("sent", (await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody }))).MessageId);
`
