package screen

import (
	"cmp"
	"time"

	"sqscope/backend"
	"sqscope/backend/memo"
	"sqscope/backend/outbox"
	"sqscope/backend/rules"
)

// Draft is a message that was being written, kept when the composer closes.
type Draft struct {
	outbox.Draft
	Again *Again // what it began as; nil: it was written anew
}

// Again is a message that is sent again, changed or not.
type Again struct {
	Queue   backend.ARN // where it was read
	Message backend.Message
	Settled bool   // whether to begin with what masks hide of it
	Body    string // that it begins with, once that is settled
}

// Empty tells whether nothing was written.
func (d Draft) Empty() bool { return d.Draft.Empty() && d.Again == nil }

// Draft is what was being written for a queue.
func (b *Base) Draft(queue backend.ARN) Draft { return b.Env.drafts[b.keyOf(queue)] }

// KeepDraft keeps it until the program ends; an empty one is forgotten.
func (b *Base) KeepDraft(queue backend.ARN, d Draft) {
	if b.Env.drafts == nil {
		b.Env.drafts = map[string]Draft{}
	}
	if d.Empty() {
		delete(b.Env.drafts, b.keyOf(queue))
		return
	}
	b.Env.drafts[b.keyOf(queue)] = d
}

// RuleOf is what a message for a queue is checked by. What is not known of the queue
// yet is taken as SQS's default; its own answer holds in any case.
func (c *Connection) RuleOf(queue backend.ARN) rules.Queue {
	rule := rules.Queue{Name: queue.Name, FIFO: queue.FIFO(), MaximumMessageSize: rules.MaxMessageSize}
	if q := c.Queue(queue); q != nil && !q.AsOf.IsZero() {
		rule.MaximumMessageSize = cmp.Or(q.Setting(backend.AttrMaximumMessageSize), rules.MaxMessageSize)
		rule.ContentBasedDeduplication = q.Attributes[backend.AttrContentBasedDeduplication] == "true"
	}
	return rule
}

// Sent are the messages that were sent to a queue in this run, the last one first.
// Where the configuration says so, those of earlier runs are in the memo.
func (b *Base) Sent(queue backend.ARN) []memo.Sent { return b.Env.sent[b.keyOf(queue)] }

// NoteSent remembers one.
func (b *Base) NoteSent(queue backend.ARN, s memo.Sent) {
	if b.Env.sent == nil {
		b.Env.sent = map[string][]memo.Sent{}
	}
	key := b.keyOf(queue)
	b.Env.sent[key] = memo.Latest(append([]memo.Sent{s}, b.Env.sent[key]...))
}

// SentAs is what was sent to the queue under a message id since then.
func (b *Base) SentAs(queue backend.ARN, id string, since time.Time) (memo.Sent, bool) {
	for _, s := range b.Sent(queue) {
		if s.MessageId == id && s.At.After(since) {
			return s, true
		}
	}
	return memo.Sent{}, false
}
