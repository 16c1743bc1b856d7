package ui

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"sqscope/backend"
)

// TestFramesOfRedriving keeps the look of the redrive and of the tasks.
func TestFramesOfRedriving(t *testing.T) {
	t.Parallel()
	inEveryLook(t, setup{fill: mourning}, redrivingFrames)
}

// mourning is a dead-letter queue that two queues share, with thirty messages, one
// of them from nobody.
func mourning(t *testing.T, sqs backend.SQS) {
	t.Helper()
	queue(t, sqs, "shop-dead", map[string]string{backend.AttrVisibilityTimeout: "30"})
	queue(t, sqs, "archive", nil)
	for _, name := range []string{"orders", "refunds"} {
		queue(t, sqs, name, map[string]string{backend.AttrVisibilityTimeout: "5", backend.AttrRedrivePolicy: `{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:000000000000:shop-dead","maxReceiveCount":"2"}`})
	}
	die(t, sqs, "orders", 20, func(i int) string { return fmt.Sprintf(`{"orderId":"A-%d","total":%d,"currency":null}`, i, i) })
	die(t, sqs, "refunds", 9, func(i int) string { return fmt.Sprintf(`{"refund":%d}`, i) })
	send(t, sqs, "shop-dead", "put here by hand")
}

// die has messages of a queue dead-lettered.
func die(t *testing.T, sqs backend.SQS, name string, n int, body func(i int) string) {
	t.Helper()
	for i := range n {
		in := backend.SendMessageInput{QueueUrl: url(t, sqs, name), MessageBody: body(i)}
		if strings.HasSuffix(name, ".fifo") {
			in.MessageGroupId, in.MessageDeduplicationId = backend.Some(fmt.Sprintf("g%d", i%3)), backend.Some(fmt.Sprintf("%s-%d", name, i))
		}
		put(t, sqs, in)
	}
	for range 1000 {
		out, err := sqs.ReceiveMessage(context.Background(), backend.ReceiveMessageInput{QueueUrl: url(t, sqs, name), MaxNumberOfMessages: backend.Some(10), VisibilityTimeout: backend.Some(0)})
		if err != nil {
			t.Fatal(err)
		}
		if len(out.Messages) == 0 {
			return
		}
	}
	t.Fatalf("%s is not drained", name)
}

// chance is what differs from one run to the next in these frames: the end of ids,
// and by a second when something ended.
var chance, instants = regexp.MustCompile(`-[A-Z2-7]{26}`), regexp.MustCompile(`\d\d:\d\d:\d\d|T\d{6}|\d\ds ago`)

func redrivingFrames(t *testing.T, name string, s setup) string {
	var all strings.Builder
	onScreen(t, s, func(t *testing.T, d *desk) {
		take := func(what string) {
			d.PNG("redrive-" + name + "-" + what)
			fmt.Fprintf(&all, "── %s\n%s\n", what, d.Text())
		}
		d.Press("Z")
		d.Wait(time.Second)
		d.Press("/")
		d.Type("shop")
		d.Press("Enter", "t")
		d.Wait(time.Second)
		take("no-tasks")
		d.Press("m")
		d.Wait(time.Second)
		take("plan")
		d.Press("v")
		take("dry-run")
		d.Press("j", "Enter")
		d.Wait(time.Second)
		take("destinations")
		d.Press("Esc", "j", "Enter", "Down", "Enter")
		d.Type(`.json.currency = "EUR" | del(.json.total)`)
		take("jq")
		d.Press("Enter")
		d.Wait(time.Second)
		take("changes")
		d.Press("j", "j", "Enter")
		take("canary")
		d.Press("Esc", "m")
		take("asked")
		d.Type("shop-dead")
		d.Press("Enter")
		d.Wait(8 * time.Second) // how many there are before that is a matter of chance
		take("watching")
		d.Press("Esc", "Esc")
		take("elsewhere")
		d.Press("t")
		d.Wait(3 * time.Second)
		take("tasks-running")
		d.Press("m")
		d.Wait(2 * time.Second)
		consume(t, d, "orders", func(body string) bool { return strings.Contains(body, "A-1") })
		d.Wait(2 * time.Second)
		take("came-back")
		d.Press("Enter")
		take("results")
		d.Press("Esc", "Space")
		take("report")
		d.Press("Esc", "n")
		d.Wait(time.Second)
		take("again")
		d.Press("Down", "Down", "Down", "Down", "Enter", "C-u")
		d.Type("0")
		d.Press("Enter")
		d.Wait(time.Second)
		goAhead(d, "shop-dead")
		d.Wait(5 * time.Second)
		d.PNG("redrive-" + name + "-moving") // which batch is first is not the same each time
		consume(t, d, "orders", none)
		consume(t, d, "refunds", none)
		d.Wait(20 * time.Second)
		consume(t, d, "orders", none)
		consume(t, d, "refunds", none)
		d.Wait(2 * time.Second)
		take("done")
		d.Press("t")
		d.Wait(time.Second)
		take("tasks")
		d.Press("n")
		take("native")
		d.Press("Esc")
		send(t, d.sqs, "shop-dead", "one more")
		d.Wait(12 * time.Second)
		d.Press("w")
		take("drain")
	})
	return instants.ReplaceAllString(chance.ReplaceAllString(all.String(), "-(chance)"), "(when)")
}
