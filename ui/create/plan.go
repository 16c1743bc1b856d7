package create

import (
	"cmp"
	"context"
	"encoding/json"
	"strconv"
	"strings"

	"sqscope/backend"
	"sqscope/backend/awsline"
	"sqscope/ui/format"
)

// usualReceives is the maxReceiveCount that is proposed (docs/SQS.md 10.7).
const usualReceives = "5"

// plan is what will be sent, in this order. Attributes that are SQS's default are
// left out.
type plan struct {
	dlq   *backend.CreateQueueInput // nil: none is made
	queue backend.CreateQueueInput
	wire  *backend.SetQueueAttributesInput // of the queue that this one is for
}

// planned makes the plan of what the fields say now.
func (m *Model) planned() plan {
	p := plan{queue: backend.CreateQueueInput{QueueName: m.value(name), Attributes: map[string]string{}}}
	set := p.queue.Attributes
	if m.fifo() {
		set[backend.AttrFifoQueue] = "true"
		if m.value(content) != "by id" {
			set[backend.AttrContentBasedDeduplication] = "true"
		}
		if m.value(throughput) == perGroup {
			set[backend.AttrDeduplicationScope], set[backend.AttrFifoThroughputLimit] = "messageGroup", "perMessageGroupId"
		}
	}
	for _, i := range []id{visibility, retention, delay, wait, size} {
		if m.value(i) != "" {
			set[attributes()[i]] = m.number(i)
		}
	}
	switch m.value(encrypted) {
	case sseKMS:
		set[backend.AttrKmsMasterKeyId] = cmp.Or(m.value(key), "alias/aws/sqs")
	case sseOff:
		set[backend.AttrSqsManagedSseEnabled] = "false"
	}
	if all, why := parseTags(m.value(tags)); why == "" && len(all) > 0 {
		p.queue.Tags = all
	}
	m.planLetters(&p)
	if len(set) == 0 {
		p.queue.Attributes = nil
	}
	return p
}

// planLetters adds what the choice of a dead-letter queue takes.
func (m *Model) planLetters(p *plan) {
	switch {
	case m.forSource():
		wire := backend.SetQueueAttributesInput{Attributes: map[string]string{
			backend.AttrRedrivePolicy: redrivePolicy(m.arn(p.queue.QueueName), m.count()),
		}}
		if q := m.Conn.Queue(m.source); q != nil {
			wire.QueueUrl = q.URL
		}
		p.wire = &wire
	case m.value(letters) == lettersToNew:
		in := backend.CreateQueueInput{QueueName: m.value(newDLQ), Attributes: map[string]string{backend.AttrMessageRetentionPeriod: m.number(keeps)}, Tags: p.queue.Tags}
		if m.fifo() {
			in.Attributes[backend.AttrFifoQueue] = "true"
		}
		p.dlq = &in
		p.queue.Attributes[backend.AttrRedrivePolicy] = redrivePolicy(m.arn(in.QueueName), m.count())
	case m.value(letters) == lettersToOld:
		p.queue.Attributes[backend.AttrRedrivePolicy] = redrivePolicy(m.arn(m.value(oldDLQ)), m.count())
	}
}

// number is what a field says as SQS has it; empty is what stands in the field.
func (m *Model) number(i id) string {
	v := cmp.Or(m.value(i), m.field(i).input.Placeholder.String())
	if i == size {
		return format.WholeBytes(v)
	}
	return format.WholeSeconds(v)
}

func (m *Model) count() string { return cmp.Or(m.value(receives), usualReceives) }

// arn is the ARN that a queue of this place has by its name, or the one that was
// typed.
func (m *Model) arn(name string) backend.ARN {
	if a, ok := backend.ParseARN(name); ok {
		return a
	}
	place := m.Conn.Place
	account := place.Account
	if all := m.Conn.Fleet.Snapshot().Queues; account == "" && len(all) > 0 {
		account = all[0].ARN.Account
	}
	return backend.ARN{Partition: backend.PartitionOf(place.Region), Region: place.Region, Account: cmp.Or(account, "000000000000"), Name: name}
}

// redrivePolicy is the JSON of a RedrivePolicy.
func redrivePolicy(target backend.ARN, receives string) string {
	var count any = receives
	if n, err := strconv.Atoi(receives); err == nil {
		count = n
	}
	b, err := json.Marshal(map[string]any{"deadLetterTargetArn": target.String(), "maxReceiveCount": count})
	if err != nil {
		panic(err) // strings and numbers always encode
	}
	return string(b)
}

// parseTags reads key=value pairs with commas between.
func parseTags(s string) (all map[string]string, why string) {
	all = map[string]string{}
	for pair := range strings.SplitSeq(s, ",") {
		pair = strings.TrimSpace(pair)
		if pair == "" {
			continue
		}
		k, v, found := strings.Cut(pair, "=")
		if !found {
			return nil, "write key=value, with commas between: " + pair
		}
		all[strings.TrimSpace(k)] = strings.TrimSpace(v)
	}
	return all, ""
}

// carryOut makes the queues. The ARN of a dead-letter queue is asked for once it
// is there: an endpoint may make others than AWS does.
func (p plan) carryOut(ctx context.Context, sqs backend.SQS, count, source string) (out made) {
	out.name = p.queue.QueueName
	if p.dlq != nil {
		dlq, err := sqs.CreateQueue(ctx, *p.dlq)
		if err != nil {
			out.err, out.at = err, newDLQ
			return out
		}
		out.dlq = dlq.QueueUrl
		arn, err := ask(ctx, sqs, out.dlq)
		if err != nil {
			out.err, out.at = err, newDLQ
			return out
		}
		p.queue.Attributes[backend.AttrRedrivePolicy] = redrivePolicy(arn, count)
	}
	made, err := sqs.CreateQueue(ctx, p.queue)
	if err != nil {
		out.err, out.at = err, name
		return out
	}
	out.url = made.QueueUrl
	if p.wire != nil {
		out.err = p.rewire(ctx, sqs, out.url, count)
	}
	if out.err != nil {
		out.at, out.dlq, out.name = receives, out.url, "the redrive policy of "+source
	}
	return out
}

// rewire makes the source's failed messages go to the new queue.
func (p plan) rewire(ctx context.Context, sqs backend.SQS, url, count string) error {
	arn, err := ask(ctx, sqs, url)
	if err != nil {
		return err
	}
	p.wire.Attributes[backend.AttrRedrivePolicy] = redrivePolicy(arn, count)
	return sqs.SetQueueAttributes(ctx, *p.wire)
}

// ask is the ARN that a queue gives itself.
func ask(ctx context.Context, sqs backend.SQS, url string) (backend.ARN, error) {
	got, err := sqs.GetQueueAttributes(ctx, backend.GetQueueAttributesInput{QueueUrl: url, AttributeNames: []string{backend.AttrQueueArn}})
	if err != nil {
		return backend.ARN{}, err
	}
	arn, ok := backend.ParseARN(got.Attributes[backend.AttrQueueArn])
	if !ok {
		return arn, backend.Errorf(backend.KindInternal, "the new queue says that its ARN is %q", got.Attributes[backend.AttrQueueArn])
	}
	return arn, nil
}

// commands are the lines of the AWS CLI that would do the same.
func (p plan) commands(place backend.Place) string {
	var lines []string
	add := func(in any) {
		args, err := awsline.Args(place, in)
		if err != nil {
			lines = append(lines, err.Error())
			return
		}
		lines = append(lines, broken(args))
	}
	if p.dlq != nil {
		add(*p.dlq)
	}
	add(p.queue)
	if p.wire != nil {
		add(*p.wire)
	}
	return strings.Join(lines, "\n")
}

// broken is a command on several lines: where to, then one for each option, as a
// shell takes it.
func broken(args []string) string {
	var lines []string
	from := 0
	for i, a := range args {
		if i > from && (a == "--queue-name" || a == "--queue-url" || from > 0 && strings.HasPrefix(a, "--")) {
			lines = append(lines, awsline.Quote(args[from:i]))
			from = i
		}
	}
	return strings.Join(append(lines, awsline.Quote(args[from:])), " \\\n    ")
}
