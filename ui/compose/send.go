package compose

import (
	"context"
	"errors"
	"time"

	tea "charm.land/bubbletea/v2"

	"sqscope/backend"
	"sqscope/backend/memo"
	"sqscope/backend/outbox"
	"sqscope/backend/rules"
	"sqscope/themes"
	"sqscope/ui/format"
	"sqscope/ui/text"
)

// sent is the answer to a send.
type sent struct {
	queue    string
	draft    outbox.Draft
	out      backend.SendMessageOutput
	err      error
	unkept   error         // why the memo does not have it; nil: it has, or should not
	swallows bool          // SQS takes it for one that was sent before
	ago      time.Duration // how long
}

// Late says how the send went; the screen may have gone.
func (s sent) Late() (themes.Role, text.Safe) {
	switch {
	case s.err != nil:
		return themes.Bad, text.Sprintf("not sent to %s: %s", s.queue, s.err.Error())
	case s.swallows:
		return themes.Warn, text.Sprintf("swallowed by %s: nothing new is in the queue; SQS takes it for %s, sent %s ago", s.queue, s.out.MessageId, format.Span(s.ago))
	}
	line := text.Sprintf("sent to %s as %s", s.queue, s.out.MessageId)
	if s.out.SequenceNumber != "" {
		line = text.Join(line, text.Sprintf(" · sequence %s", s.out.SequenceNumber))
	}
	line = text.Join(line, text.Const(" · MD5 verified"))
	if s.unkept != nil {
		return themes.Warn, text.Join(line, text.Sprintf(" · not remembered: %s", s.unkept.Error()))
	}
	return themes.Good, line
}

// send checks what is written and sends it. What is sent again is compared first.
func (m *Model) send() tea.Cmd {
	d := m.draft()
	if _, err := d.Message(m.rule, laterRead); err != nil {
		return m.refuse(err)
	}
	if m.Conn.Queue(m.queue) == nil {
		return m.Env.Host.Fail(&backend.Error{Kind: backend.KindNotFound, Subject: m.queue.Name, Message: "the queue is not in the list", Next: "the text is kept; refresh the queues"})
	}
	if m.again != nil {
		return m.compare(d)
	}
	return m.deliver(d)
}

// laterRead stands for a file that is read when the message is sent.
func laterRead(string) ([]byte, error) { return []byte{0}, nil }

// refuse goes to the field that is wrong.
func (m *Model) refuse(err error) tea.Cmd {
	var f *outbox.Fault
	if !errors.As(err, &f) {
		return m.Env.Host.Fail(err)
	}
	m.refused = f
	m.at = place{part: f.Part}
	if f.Part == outbox.PartAttribute {
		m.at.row, m.at.column = min(f.Row, len(m.rows)-1), inValue
	}
	return m.Env.Host.Say(themes.Bad, text.Clean("not sent: "+reason(f.Err)))
}

func reason(e *backend.Error) string {
	s := e.Message
	if e.Subject != "" {
		s = e.Subject + ": " + s
	}
	if e.Next != "" {
		s += " (" + e.Next + ")"
	}
	return s
}

// deliver sends a draft.
func (m *Model) deliver(d outbox.Draft) tea.Cmd {
	q := m.Conn.Queue(m.queue)
	if q == nil {
		return nil // it went while the question stood
	}
	m.sending, m.refused = true, nil
	sqs, rule, url := m.Conn.Stack.SQS, m.rule, q.URL
	store, keep, queue := m.Env.Memo, m.Env.History, m.queue
	return m.Act(func(ctx context.Context) tea.Msg {
		s := sent{queue: queue.Name, draft: d}
		in, err := d.Message(rule, outbox.ReadFile)
		if err != nil {
			s.err = err
			return s
		}
		in.QueueUrl = url
		if s.out, s.err = sqs.SendMessage(ctx, in); s.err == nil {
			s.err = verify(in, s.out)
		}
		if s.err == nil && keep {
			_, s.unkept = store.Change(func(all *memo.Memo) {
				all.NoteSent(queue, memo.Sent{At: time.Now(), MessageId: s.out.MessageId, Draft: d})
			})
		}
		return s
	})
}

// verify compares the digests of what SQS says that it has with what was sent
// (docs/SQS.md 4).
func verify(in backend.SendMessageInput, out backend.SendMessageOutput) error {
	if out.MD5OfMessageBody == rules.MD5OfBody(in.MessageBody) &&
		(len(in.MessageAttributes) == 0 || out.MD5OfMessageAttributes == rules.MD5OfAttributes(in.MessageAttributes)) {
		return nil
	}
	e := backend.Errorf(backend.KindInternal, "the queue has something else than was sent: the digests differ")
	e.Subject, e.Next = out.MessageId, "look at it in the queue before it is sent again"
	return e
}

// answered closes the composer when the message is known to be taken. Otherwise
// the text stays.
func (m *Model) answered(s sent) tea.Cmd {
	m.sending = false
	m.Conn.Fleet.Refresh(m.queue)
	var f *outbox.Fault
	switch {
	case errors.As(s.err, &f):
		return m.refuse(s.err)
	case s.err != nil:
		return m.Env.Host.Fail(s.err)
	}
	now := m.Conn.Now()
	if before, ok := m.SentAs(m.queue, s.out.MessageId, now.Add(-rules.DeduplicationWindow)); ok {
		s.swallows, s.ago = true, now.Sub(before.At)
		return m.Env.Host.Say(s.Late())
	}
	m.NoteSent(m.queue, memo.Sent{At: now, MessageId: s.out.MessageId, Draft: s.draft})
	m.sent++
	said := m.Env.Host.Say(s.Late())
	if m.stay {
		return said
	}
	m.again = nil
	m.fill(outbox.Draft{})
	return tea.Batch(said, m.Env.Host.Back())
}
