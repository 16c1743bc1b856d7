package scenario

import (
	"encoding/base64"
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"sqscope/backend"
	"sqscope/backend/rules"
	"sqscope/backend/tomlfile"
)

// topicSpec is an SNS topic as the file declares it. One whose name ends in .fifo
// is a FIFO topic.
type topicSpec struct {
	name          string
	subscriptions []subscription
}

// subscription is a queue that gets what is published, as docs/SQS.md 10.8 says.
type subscription struct {
	queue  int
	raw    bool
	filter filter // nil: everything passes
	says   string // what it gets, in words
}

// topic hands what is published on to its subscriptions, there and then. What a
// queue refuses is tried again, as SNS does: by and by, and for long for a
// queue that is not there for a while.
type topic struct {
	topicSpec
	client
	place   backend.ARN // of the queues; without a name until it is known
	number  uint64      // of the last message of a FIFO topic
	pending []parcel
	retry   *wait
	writes  []string
	says    []string
}

// parcel is a message that a queue has refused.
type parcel struct {
	Queue    int                      `json:"queue"`
	Message  backend.SendMessageInput `json:"message"`
	Attempts int                      `json:"attempts"`
}

// topicRetry is how long a topic waits before it tries again what a queue has
// refused: SNS has about that in the middle of its delivery policy.
const topicRetry = 20 * time.Second

// Limits of what a topic keeps for queues that refuse it. Beyond these it gives
// up, and the message is lost.
const (
	maxPending  = 10_000
	maxAttempts = 100
)

type topicRecord struct {
	Number  uint64      `json:"number,omitempty"`
	Pending []parcel    `json:"pending,omitempty"`
	Retry   *waitRecord `json:"retry,omitempty"`
}

func newTopic(c client, spec topicSpec) *topic {
	t := &topic{topicSpec: spec, client: c}
	t.retry = c.run.wait(t.again)
	for _, s := range spec.subscriptions {
		t.writes = append(t.writes, c.queueName(s.queue))
		t.says = append(t.says, s.says)
	}
	return t
}

func (t *topic) start(time.Time) {}

func (t *topic) stop() { t.retry.end() }

func (t *topic) state() Actor { return t.client.state(Topic, "") }

func (t *topic) figure(time.Time) Figure {
	return Figure{Actor: t.state(), Writes: t.writes, Says: t.says}
}

// publish delivers a message to all subscriptions whose filters let it pass.
func (t *topic) publish(in backend.SendMessageInput, now time.Time) {
	t.Received++
	t.number++
	id, signature := uuidText(t.pen), ""
	if !isFIFO(t.name) {
		signature = base64.StdEncoding.EncodeToString(hexField(64).write(nil, t.pen))
	}
	for i := range t.subscriptions {
		s := &t.subscriptions[i]
		if !s.filter.passes(in.MessageAttributes) {
			t.Filtered++
			continue
		}
		out := s.of(in, t.queueName(s.queue))
		if !s.raw {
			out.MessageBody = t.envelope(in, id, signature, now)
		}
		t.deliver(parcel{Queue: s.queue, Message: out}, now)
	}
}

// of is what a subscription makes of a message, but for the envelope: a raw one
// keeps the attributes; the group goes everywhere, the deduplication id, or the
// digest of what was published, to FIFO queues.
func (s *subscription) of(in backend.SendMessageInput, queue string) backend.SendMessageInput {
	out := backend.SendMessageInput{MessageBody: in.MessageBody, MessageGroupId: in.MessageGroupId}
	if s.raw {
		out.MessageAttributes = in.MessageAttributes
	}
	if isFIFO(queue) {
		out.MessageDeduplicationId = in.MessageDeduplicationId
		if !out.MessageDeduplicationId.Set {
			out.MessageDeduplicationId = backend.Some(rules.ContentDeduplicationId(in.MessageBody))
		}
	}
	return out
}

func (t *topic) deliver(p parcel, now time.Time) {
	if t.send(target{queue: p.Queue}, p.Message, now) == nil {
		t.Done++
		return
	}
	p.Attempts++
	if p.Attempts > maxAttempts || len(t.pending) >= maxPending {
		t.Failed++
		t.Lost++
		return
	}
	p.Message.MessageAttributes = maps.Clone(p.Message.MessageAttributes) // which its sender's next message will have
	t.pending = append(t.pending, p)
	if !t.retry.on() {
		t.retry.begin(now.Add(topicRetry))
	}
}

func (t *topic) again(now time.Time) {
	pending := t.pending
	t.pending = nil
	for _, p := range pending {
		t.deliver(p, now)
	}
}

// where tells in which account and region the topic is, which is where its queues
// are.
func (t *topic) where() backend.ARN {
	if t.place.Name == "" {
		out, err := t.run.engine.GetQueueAttributes(t.run.ctx, backend.GetQueueAttributesInput{
			QueueUrl: t.writes[0], AttributeNames: []string{backend.AttrQueueArn},
		})
		if err != nil {
			return backend.ARN{Partition: "aws", Region: "us-east-1", Account: "000000000000"} // its queue is gone
		}
		t.place, _ = backend.ParseARN(out.Attributes[backend.AttrQueueArn])
	}
	return t.place
}

// envelope is what SNS makes of a message where a subscription does not take it
// raw.
func (t *topic) envelope(in backend.SendMessageInput, id, signature string, now time.Time) string {
	type attribute struct{ Type, Value string }
	at := t.where()
	arn := "arn:" + at.Partition + ":sns:" + at.Region + ":" + at.Account + ":" + t.name
	e := struct {
		Type, MessageId   string
		SequenceNumber    string `json:",omitempty"`
		TopicArn, Message string
		Timestamp         string
		SignatureVersion  string               `json:",omitempty"`
		Signature         string               `json:",omitempty"`
		SigningCertURL    string               `json:",omitempty"`
		UnsubscribeURL    string               `json:",omitempty"`
		MessageAttributes map[string]attribute `json:",omitempty"`
	}{
		Type: "Notification", MessageId: id, TopicArn: arn, Message: in.MessageBody,
		Timestamp: now.UTC().Format("2006-01-02T15:04:05.000Z"),
	}
	if isFIFO(t.name) {
		e.SequenceNumber = "1" + pad(t.number, 19)
	} else {
		host := "https://sns." + at.Region + ".amazonaws.com/"
		e.SignatureVersion, e.Signature = "1", signature
		e.SigningCertURL = host + "SimpleNotificationService-0000000000000000.pem"
		e.UnsubscribeURL = host + "?Action=Unsubscribe&SubscriptionArn=" + arn + ":" + id
	}
	for name, a := range in.MessageAttributes {
		if e.MessageAttributes == nil {
			e.MessageAttributes = map[string]attribute{}
		}
		value := a.StringValue.Value
		if a.BinaryValue != nil {
			value = base64.StdEncoding.EncodeToString(a.BinaryValue)
		}
		e.MessageAttributes[name] = attribute{a.DataType, value}
	}
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(e); err != nil {
		panic("scenario: an envelope is no JSON: " + err.Error()) // it is texts throughout
	}
	return strings.TrimSuffix(b.String(), "\n")
}

func pad(n uint64, digits int) string {
	s := strconv.FormatUint(n, 10)
	return strings.Repeat("0", max(digits-len(s), 0)) + s
}

func (t *topic) save() actorRecord {
	r := t.record()
	r.Topic = &topicRecord{Number: t.number, Pending: t.pending, Retry: t.retry.record()}
	return r
}

func (t *topic) load(r actorRecord) error {
	if r.Topic == nil {
		return wrong("a topic was expected")
	}
	for _, p := range r.Topic.Pending {
		if p.Queue < 0 || p.Queue >= len(t.play.tallies) {
			return wrong("a queue of number 0 to %d was expected", len(t.play.tallies)-1)
		}
	}
	if len(r.Topic.Pending) > maxPending || (len(r.Topic.Pending) > 0) != (r.Topic.Retry != nil) {
		return wrong("a time of the next attempt was expected with messages that wait for one, and without them none")
	}
	t.number, t.pending = r.Topic.Number, r.Topic.Pending
	return t.retry.load(r.Topic.Retry)
}

func (t *topic) waiting() []resumption { return resumed(t.retry) }

type topicTable struct {
	Name          string              `toml:"name"`
	Subscriptions []subscriptionTable `toml:"subscriptions"`
}

type subscriptionTable struct {
	Queue  string         `toml:"queue"`
	Raw    bool           `toml:"raw"`
	Filter map[string]any `toml:"filter"`
}

func (c *compiler) compileTopics() error {
	for i, table := range c.file.Topics {
		path := tomlfile.Path("topics", i)
		spec := topicSpec{name: table.Name}
		if err := rules.QueueName(table.Name, isFIFO(table.Name)); err != nil { // SNS has the same rule but for its length
			return c.doc.Errorf(path+".name", "letters, digits, hyphens and underscores, with .fifo for a FIFO topic",
				"%q cannot be the name of a topic", table.Name)
		}
		if _, taken := c.queues[table.Name]; taken {
			return c.doc.Errorf(path+".name", "a name that no queue has", "there is a queue called %q", table.Name)
		}
		if _, err := c.actorName(path, table.Name, ""); err != nil {
			return err
		}
		for k, sub := range table.Subscriptions {
			s, err := c.subscription(tomlfile.Path("topics", i, "subscriptions", k), table.Name, sub)
			if err != nil {
				return err
			}
			if slices.ContainsFunc(spec.subscriptions, func(o subscription) bool { return o.queue == s.queue }) {
				return c.doc.Errorf(tomlfile.Path("topics", i, "subscriptions", k, "queue"), "another queue", "queue %q subscribes twice", sub.Queue)
			}
			spec.subscriptions = append(spec.subscriptions, s)
		}
		c.topics[spec.name] = len(c.s.topics)
		c.s.topics = append(c.s.topics, spec)
	}
	return nil
}

func (c *compiler) subscription(path, topic string, table subscriptionTable) (s subscription, err error) {
	if s.queue, err = c.queue(path+".queue", table.Queue); err != nil {
		return s, err
	}
	if isFIFO(table.Queue) && !isFIFO(topic) {
		return s, c.doc.Errorf(path+".queue", "a standard queue, or a topic whose name ends in .fifo",
			"the FIFO queue %q cannot subscribe to a standard topic", table.Queue)
	}
	s.raw = table.Raw
	s.says = saysOf(table)
	s.filter, err = c.filter(path+".filter", table.Filter)
	return s, err
}

// saysOf is a subscription in words, with its filter policy as SNS has it: JSON.
func saysOf(table subscriptionTable) string {
	words := table.Queue + ", in envelopes"
	if table.Raw {
		words = table.Queue + ", raw"
	}
	if len(table.Filter) == 0 {
		return words + ": everything"
	}
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(table.Filter); err != nil {
		return words + ": filtered" // no filter of SNS either, which the compiler says
	}
	return words + ": " + strings.TrimSpace(b.String())
}
