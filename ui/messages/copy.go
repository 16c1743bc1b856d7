package messages

import (
	"bytes"
	"context"
	"encoding/json"
	"strings"

	tea "charm.land/bubbletea/v2"

	"sqscope/backend"
	"sqscope/backend/archive"
	"sqscope/backend/awsline"
	"sqscope/backend/jsonline"
	"sqscope/backend/peek"
	"sqscope/backend/snippet"
	"sqscope/ui/dialog"
	"sqscope/ui/export"
	"sqscope/ui/format"
	"sqscope/ui/screen"
	"sqscope/ui/text"
)

// original is a message as it may leave the screen: with masks, unless it is the
// one that the reader shows without them.
func (m *Model) original(msg peek.Message) export.Original {
	o := export.Original{Message: msg, Queue: m.queue}
	if !m.reader.Revealed(m.queue, msg.MessageId) {
		o.Masks = m.Env.MasksFor(m.queue, msg.Message)
	}
	if q := m.Conn.Queue(m.queue); q != nil {
		o.URL = q.URL
	}
	return o
}

// again is the request that sends a message once more.
func again(ctx context.Context, o export.Original) backend.SendMessageInput {
	in := o.Again(o.URL, o.Queue.FIFO())
	in.MessageBody, _ = o.Body(ctx)
	return in
}

// form is something that a message can be copied as.
type form struct {
	label, note string
	what        string // as a toast calls it
	make        func(ctx context.Context, o export.Original) (string, error)
}

// forms are all of them, the commonest first.
func (m *Model) forms() []form {
	place, shown := m.Conn.Place, m.asShown()
	forms := []form{
		{"message id", "", "the message id", func(_ context.Context, o export.Original) (string, error) { return o.MessageId, nil }},
		{"body", "as the reader shows it", "the body", func(ctx context.Context, o export.Original) (string, error) {
			body, _ := shown(ctx, o)
			return body, nil
		}},
		{"raw body", "as it was received", "the raw body", func(ctx context.Context, o export.Original) (string, error) {
			body, _ := o.Body(ctx)
			return body, nil
		}},
		{"attributes", "JSON, in SQS's own names", "the attributes", func(_ context.Context, o export.Original) (string, error) { return attributesJSON(o) }},
		{"message", "JSON, as an export has it", "the message", func(ctx context.Context, o export.Original) (string, error) {
			var b strings.Builder
			err := archive.Write(&b, []archive.Record{o.Record(ctx)})
			return strings.TrimSuffix(b.String(), "\n"), err
		}},
		{"aws", "aws sqs send-message, one line", "the aws command", func(ctx context.Context, o export.Original) (string, error) {
			return awsline.Line(place, again(ctx, o))
		}},
	}
	notes := map[snippet.Language]string{
		snippet.Curl: "JSON protocol", snippet.Go: "aws-sdk-go-v2, a whole program", snippet.Python: "boto3", snippet.JavaScript: "AWS SDK v3",
	}
	for _, l := range snippet.Languages() {
		forms = append(forms, form{string(l), "sends this message; " + notes[l], "what sends it with " + string(l), func(ctx context.Context, o export.Original) (string, error) {
			return snippet.Send(l, place, again(ctx, o))
		}})
	}
	return forms
}

// attributesJSON are the sender's attributes and SQS's own, as `aws sqs
// receive-message` prints them.
func attributesJSON(o export.Original) (string, error) {
	type attribute struct {
		DataType    string
		StringValue *string `json:",omitempty"`
		BinaryValue []byte  `json:",omitempty"`
	}
	all := struct {
		MessageAttributes map[string]attribute
		Attributes        map[string]string
	}{map[string]attribute{}, o.Attributes}
	for name, a := range o.MessageAttributes {
		out := attribute{DataType: a.DataType, BinaryValue: a.BinaryValue}
		if a.StringValue.Set {
			out.StringValue = &a.StringValue.Value
		}
		all.MessageAttributes[name] = out
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(all); err != nil {
		return "", err
	}
	return string(bytes.TrimSuffix(jsonline.Escape(b.Bytes()), []byte("\n"))), nil
}

// copied is something to be put into the clipboard.
type copied struct {
	what    text.Safe
	content string
	err     error
}

// copyAs copies the message under the cursor.
func (m *Model) copyAs(f form) tea.Cmd {
	msg := m.message()
	if msg == nil {
		return nil // it went while the key was on its way
	}
	o := m.original(*msg)
	return m.Do(screen.ReadLimit, func(ctx context.Context) tea.Msg {
		content, err := f.make(ctx, o)
		return copied{text.Const(f.what), content, err}
	})
}

func (m *Model) copied(c copied) tea.Cmd {
	if c.err != nil {
		return m.Env.Host.Fail(c.err)
	}
	return m.Env.Host.Clipboard(c.what, c.content)
}

// copyBody copies the body as the reader shows it.
func (m *Model) copyBody() tea.Cmd { return m.copyAs(m.forms()[1]) }

// copyIDs copies the ids of the marked messages, a line each, or the one's under
// the cursor.
func (m *Model) copyIDs() tea.Cmd {
	ids := m.chosen()
	what := text.Const("the message id")
	if len(ids) > 1 {
		what = text.Sprintf("%s", format.Plural(len(ids), "message id"))
	}
	return m.Env.Host.Clipboard(what, strings.Join(ids, "\n"))
}

// askCopy offers all that a message can be copied as.
func (m *Model) askCopy() tea.Cmd {
	msg := m.message()
	if msg == nil {
		return nil
	}
	forms := m.forms()
	choices := make([]dialog.Choice, len(forms))
	for i, f := range forms {
		choices[i] = dialog.Choice{Label: f.label, Note: f.note}
	}
	title := text.Const("Copy the message as")
	if len(m.original(*msg).Masks) > 0 {
		title = text.Const("Copy the message, without what masks hide, as")
	}
	m.Env.Host.Ask(dialog.NewChoose(m.Env, title, choices, func(i int) tea.Cmd { return m.copyAs(forms[i]) }))
	return nil
}
