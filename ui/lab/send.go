package lab

import (
	"cmp"
	"context"
	"strconv"
	"strings"

	tea "charm.land/bubbletea/v2"

	"sqscope/backend"
	"sqscope/themes"
	"sqscope/ui/dialog"
	"sqscope/ui/format"
	"sqscope/ui/text"
)

// most is how many entries a batch has at most.
const most = 10

// numbered stands in a body for the number of the entry.
const numbered = "{n}"

// askSend asks for a message to send as a program would: what is wrong with it SQS
// says, and not the form. The composer checks before it sends.
func (p *Page) askSend() tea.Cmd {
	const queue, body, entries, delay, group, dedup = 0, 1, 2, 3, 4, 5
	p.Env.Host.Ask(dialog.NewForm(p.Env, dialog.Form{
		Title: text.Const("Send as a program"),
		Notes: []text.Safe{text.Sprintf("Nothing is checked before SQS does. With entries it is one SendMessageBatch, and %s in the body is the entry's number. Queues: %s.", numbered, strings.Join(p.names(), ", "))},
		Fields: []dialog.Field{
			{Label: "queue", Value: cmp.Or(p.sent[queue], p.queue()), Check: p.isQueue},
			{Label: "body", Value: p.sent[body], Hint: `such as {"n":1}`},
			{Label: "entries", Hint: "1-10 or 3 7: a batch; empty: one message", Check: func(v string) string {
				if _, ok := entriesOf(v); !ok {
					return "type numbers such as 1-10 or 3 7, at most ten of them"
				}
				return ""
			}},
			{Label: "delay", Hint: "DelaySeconds; empty: the queue's", Check: func(v string) string {
				if _, err := strconv.Atoi(v); v != "" && err != nil {
					return "type whole seconds"
				}
				return ""
			}},
			{Label: "group", Value: p.sent[group], Hint: "MessageGroupId"},
			{Label: "dedup id", Value: p.sent[dedup], Hint: "MessageDeduplicationId"},
		},
		Confirm: "send",
		Run: func(v []string) tea.Cmd {
			p.sent = [6]string(v)
			in := backend.SendMessageInput{QueueUrl: v[queue], MessageBody: v[body], DelaySeconds: optional(v[delay])}
			if v[group] != "" {
				in.MessageGroupId = backend.Some(v[group])
			}
			if v[dedup] != "" {
				in.MessageDeduplicationId = backend.Some(v[dedup])
			}
			if numbers, _ := entriesOf(v[entries]); len(numbers) > 0 { // was checked
				return p.sendBatch(in, numbers)
			}
			return p.send(in)
		},
	}))
	return nil
}

func (p *Page) send(in backend.SendMessageInput) tea.Cmd {
	sqs := p.Conn.Stack.SQS
	return p.Act(func(ctx context.Context) tea.Msg {
		url, err := sqs.GetQueueUrl(ctx, backend.GetQueueUrlInput{QueueName: in.QueueUrl})
		if err != nil {
			return acted{err: err}
		}
		queue := in.QueueUrl
		in.QueueUrl = url.QueueUrl
		out, err := sqs.SendMessage(ctx, in)
		if err != nil {
			return acted{err: err}
		}
		return acted{what: text.Sprintf("%s has accepted it as message %s", queue, out.MessageId), role: themes.Good}
	})
}

func (p *Page) sendBatch(in backend.SendMessageInput, numbers []int) tea.Cmd {
	sqs := p.Conn.Stack.SQS
	return p.Act(func(ctx context.Context) tea.Msg {
		url, err := sqs.GetQueueUrl(ctx, backend.GetQueueUrlInput{QueueName: in.QueueUrl})
		if err != nil {
			return acted{err: err}
		}
		batch := backend.SendMessageBatchInput{QueueUrl: url.QueueUrl}
		for _, n := range numbers {
			one := in
			one.QueueUrl = ""
			one.MessageBody = strings.ReplaceAll(in.MessageBody, numbered, strconv.Itoa(n))
			batch.Entries = append(batch.Entries, backend.SendMessageBatchEntry{Id: strconv.Itoa(n), SendMessageInput: one})
		}
		out, err := sqs.SendMessageBatch(ctx, batch)
		if err != nil {
			return acted{err: err}
		}
		if len(out.Failed) == 0 {
			return acted{what: text.Sprintf("SQS has accepted all %s", format.Plural(len(numbers), "entry")), role: themes.Good}
		}
		failed := make([]string, len(out.Failed))
		for i, f := range out.Failed {
			failed[i] = f.Id + " (" + f.Code + ")"
		}
		return acted{
			what: text.Sprintf("the request has succeeded: %d accepted, and in Failed: %s", len(numbers)-len(failed), strings.Join(failed, ", ")), role: themes.Warn,
		}
	})
}

// entriesOf reads numbers such as 1-10 or 3 7; none for an empty text.
func entriesOf(s string) (numbers []int, ok bool) {
	for _, word := range strings.FieldsFunc(s, func(r rune) bool { return r == ' ' || r == ',' }) {
		from, to, isRange := strings.Cut(word, "-")
		first, err := strconv.Atoi(from)
		last := first
		if isRange && err == nil {
			last, err = strconv.Atoi(to)
		}
		if err != nil || first < 0 || last < first || last-first >= most {
			return nil, false
		}
		for n := first; n <= last; n++ {
			numbers = append(numbers, n)
		}
	}
	return numbers, len(numbers) <= most
}
