package attributes

import (
	"maps"
	"slices"

	tea "charm.land/bubbletea/v2"

	"sqscope/backend"
	"sqscope/backend/awsline"
	"sqscope/backend/fleet"
	"sqscope/ui/dialog"
	"sqscope/ui/text"
)

// copyMenu offers what of the queue one wants elsewhere.
func (m *Model) copyMenu() tea.Cmd {
	q, place := m.seen, m.Conn.Place
	type item struct{ label, what, content, off string }
	items := []item{
		{label: "URL", what: "the URL", content: q.URL},
		{label: "ARN", what: "the ARN", content: q.ARN.String()},
	}
	for _, line := range []struct {
		label string
		in    any
	}{
		{"aws sqs create-queue", creation(q)},
		{"aws sqs get-queue-attributes", backend.GetQueueAttributesInput{QueueUrl: q.URL, AttributeNames: []string{backend.AttrAll}}},
		{"aws sqs receive-message", backend.ReceiveMessageInput{QueueUrl: q.URL, MaxNumberOfMessages: backend.Some(10), MessageSystemAttributeNames: []string{backend.AttrAll}, MessageAttributeNames: []string{backend.AttrAll}}},
	} {
		s, err := awsline.Line(place, line.in)
		it := item{label: line.label, what: "the command", content: s}
		if err != nil {
			it.off = err.Error()
		}
		items = append(items, it)
	}
	console := item{label: "address in AWS's console", what: "the address"}
	var there bool
	if console.content, there = awsline.ConsoleURL(place, q.ARN); !there {
		console.off = "this queue is not at AWS"
	}
	items = append(items, console)
	if raw := q.Attributes[backend.AttrPolicy]; raw != "" {
		items = append(items, item{label: "policy", what: "the policy", content: raw})
	}
	choices := make([]dialog.Choice, len(items))
	for i, it := range items {
		choices[i] = dialog.Choice{Label: it.label, Note: it.content, Off: it.off}
	}
	m.Env.Host.Ask(dialog.NewChoose(m.Env, text.Sprintf("Copy of %s", m.name()), choices, func(i int) tea.Cmd {
		return m.Env.Host.Clipboard(text.Sprintf("%s of %s", items[i].what, m.name()), items[i].content)
	}))
	return nil
}

// creation is the request that makes a queue like this one.
func creation(q *fleet.Queue) backend.CreateQueueInput {
	readOnly := []string{
		backend.AttrMessages, backend.AttrMessagesNotVisible, backend.AttrMessagesDelayed, backend.AttrCreatedTimestamp,
		backend.AttrLastModifiedTimestamp, backend.AttrQueueArn,
	}
	attrs := maps.Clone(q.Attributes)
	maps.DeleteFunc(attrs, func(name, _ string) bool { return slices.Contains(readOnly, name) })
	in := backend.CreateQueueInput{QueueName: q.ARN.Name, Attributes: attrs}
	if len(q.Tags) > 0 {
		in.Tags = q.Tags
	}
	return in
}
