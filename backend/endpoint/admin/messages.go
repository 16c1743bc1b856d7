package admin

import (
	"bufio"
	"fmt"
	"net/http"
	"slices"

	"sqscope/backend"
	"sqscope/backend/archive"
)

const (
	defaultPage = 100
	pageBuffer  = 64 << 10
)

// MessagePage is a part of what a queue holds. Next goes into the after of the
// request for the next part; it is null when there is no more.
type MessagePage struct {
	Messages []Message `json:"messages"`
	Next     *uint64   `json:"next"`
}

// Message is a stored message: the record of an export file (DESIGN.md section
// 7), with what is known of a message that need not be received.
type Message struct {
	archive.Record
	MD5OfMessageAttributes string `json:"md5OfMessageAttributes,omitempty"`
	Until                  *Time  `json:"until"`   // when in flight or delay ends; null if visible
	Expires                Time   `json:"expires"` // when retention ends
}

func messageOf(queue backend.ARN, m backend.StoredMessage) Message {
	return Message{
		Record:                 archive.RecordOf(queue, m.Message, m.State),
		MD5OfMessageAttributes: m.MD5OfMessageAttributes,
		Until:                  orNull(m.Until), Expires: Time(m.Expires),
	}
}

// Backend is the message as package backend has it. An encoding of the body that
// is neither text nor base64 is an error.
func (m Message) Backend() (backend.StoredMessage, error) {
	out := backend.StoredMessage{State: m.State, Until: m.Until.OrZero(), Expires: m.Expires.Std()}
	if m.BodyEncoding == "" { // a file may leave it out, this API does not
		return out, fmt.Errorf("message %s: its body has no encoding", m.MessageId)
	}
	var err error
	if out.Message, err = m.Message(); err != nil {
		return out, fmt.Errorf("message %s: %w", m.MessageId, err)
	}
	out.MD5OfMessageAttributes = m.MD5OfMessageAttributes
	return out, nil
}

// Removed is what came of messages that were to be deleted.
type Removed struct {
	Removed []string      `json:"removed"`
	Failed  []FailedEntry `json:"failed"`
}

// FailedEntry is a message that could not be deleted (docs/SQS.md 14.1).
type FailedEntry struct {
	ID          string `json:"id"`
	Code        string `json:"code"`
	Message     string `json:"message"`
	SenderFault bool   `json:"senderFault"`
}

// listMessages reads stored messages without receiving them. They are written
// one by one: together they may be larger than memory should bear.
func (h *handler) listMessages(c *call) error {
	if err := c.only("after", "limit", "state"); err != nil {
		return err
	}
	after, err := c.number("after", 0, 64)
	if err != nil {
		return err
	}
	limit, err := c.number("limit", defaultPage, 31)
	if err != nil {
		return err
	}
	states, err := c.states()
	if err != nil {
		return err
	}
	if h.Stack.Browse == nil || h.Stack.SQS == nil {
		return absent("messages to browse")
	}
	ctx, url := c.r.Context(), c.segments[0]
	out, err := h.Stack.Browse.Browse(ctx, backend.BrowseInput{QueueUrl: url, After: after, Limit: int(limit)})
	if err != nil {
		return err
	}
	attrs, err := h.Stack.SQS.GetQueueAttributes(ctx, backend.GetQueueAttributesInput{
		QueueUrl: url, AttributeNames: []string{backend.AttrQueueArn},
	})
	if err != nil {
		return err
	}
	arn, _ := backend.ParseARN(attrs.Attributes[backend.AttrQueueArn])
	return c.page(arn, out, states)
}

// states are those that are wanted; all, where none is named.
func (c *call) states() ([]backend.State, error) {
	known := []backend.State{backend.StateVisible, backend.StateInFlight, backend.StateDelayed}
	if !c.query.Has("state") {
		return known, nil
	}
	var wanted []backend.State
	for _, s := range c.query["state"] {
		if !slices.Contains(known, backend.State(s)) {
			return nil, wrong("state", fmt.Sprintf("%q is no state", s), "visible, inFlight or delayed was expected")
		}
		wanted = append(wanted, backend.State(s))
	}
	return wanted, nil
}

func (c *call) page(queue backend.ARN, out backend.BrowseOutput, states []backend.State) error {
	c.Header().Set("Content-Type", "application/json")
	w := bufio.NewWriterSize(c, pageBuffer)
	comma := `{"messages":[`
	for _, m := range out.Messages {
		if !slices.Contains(states, m.State) {
			continue
		}
		doc, err := encode(messageOf(queue, m))
		if err != nil {
			return err
		}
		_, _ = w.WriteString(comma) // the writer keeps its error for the next
		if _, err := w.Write(doc[:len(doc)-1]); err != nil {
			return err
		}
		comma = ",\n"
	}
	if comma == `{"messages":[` {
		_, _ = w.WriteString(comma)
	}
	next := "null"
	if out.Next != 0 {
		next = fmt.Sprint(out.Next)
	}
	_, _ = fmt.Fprintf(w, "],\"next\":%s}\n", next)
	return w.Flush()
}

// removeMessages deletes stored messages by id. To name none is refused rather
// than taken for all or for nothing.
func (h *handler) removeMessages(c *call) error {
	if err := c.only("id"); err != nil {
		return err
	}
	ids := c.query["id"]
	if len(ids) == 0 {
		return wrong("id", "no message is named", "?id=MESSAGE_ID was expected, once or more; PurgeQueue empties a queue")
	}
	out, err := h.remove(c, ids)
	if err != nil {
		return err
	}
	doc := Removed{Removed: out.Successful, Failed: []FailedEntry{}}
	if doc.Removed == nil {
		doc.Removed = []string{}
	}
	for _, f := range out.Failed {
		doc.Failed = append(doc.Failed, FailedEntry{f.Id, f.Code, f.Message, f.SenderFault})
	}
	return c.answer(http.StatusOK, doc)
}

func (h *handler) removeMessage(c *call) error {
	if err := c.only(); err != nil {
		return err
	}
	out, err := h.remove(c, c.segments[1:])
	if err != nil {
		return err
	}
	if len(out.Failed) > 0 {
		return &backend.Error{
			Kind: backend.KindNotFound, Action: "RemoveMessages", Subject: c.segments[1], Message: out.Failed[0].Message,
			Next: "list the messages of the queue",
		}
	}
	return c.done()
}

func (h *handler) remove(c *call, ids []string) (backend.BatchOutput, error) {
	if h.Stack.Browse == nil {
		return backend.BatchOutput{}, absent("messages to browse")
	}
	return h.Stack.Browse.RemoveMessages(c.r.Context(), backend.RemoveMessagesInput{QueueUrl: c.segments[0], MessageIds: ids})
}
