package many

import (
	"strings"

	"sqscope/backend/outbox"
	"sqscope/ui/text"
	"sqscope/ui/widget"
)

// id names a field.
type id int

const (
	source id = iota
	count
	file
	fill
	seed
	speed
)

// field is a line of the form: text, or one of several choices.
type field struct {
	id      id
	label   string
	note    string // beside it
	input   widget.Input
	choices []string
	chosen  int
}

func newFields() []*field {
	line := func(i id, label, value, hint, note string) *field {
		f := &field{id: i, label: label, note: note, input: widget.NewInput()}
		f.input.SetValue(value)
		f.input.Placeholder = text.Const(hint)
		return f
	}
	choice := func(i id, label, note string, words ...string) *field {
		return &field{id: i, label: label, note: note, choices: words}
	}
	return []*field{
		choice(source, "what", "", "copies of the message", "one for each entry of a file", "the messages of a file"),
		line(count, "how many", "100", "1 to 1,000,000", "messages"),
		line(file, "file", "", "orders.csv or .tsv with a first line of names, or orders.jsonl", ""),
		choice(fill, "variables", "{{seq}}, {{uuid}} and others", "are filled in", "stay as they stand"),
		line(seed, "seed", "", "a number", "the same one: the same values"),
		line(speed, "rate", "", "as fast as answers come", "messages a second"),
	}
}

func (f *field) turn(by int) { f.chosen = (f.chosen + by + len(f.choices)) % len(f.choices) }

func (m *Model) field(i id) *field { return m.fields[i] }

func (m *Model) value(i id) string { return strings.TrimSpace(m.field(i).input.Value()) }

func (m *Model) here() *field { return m.fields[m.at] }

func (m *Model) from() outbox.From { return outbox.From(m.field(source).chosen) }

// shown tells whether a field matters now.
func (m *Model) shown(f *field) bool {
	switch f.id {
	case count:
		return m.from() == outbox.Copies
	case file:
		return m.from() != outbox.Copies
	case seed:
		return m.field(fill).chosen == 0
	}
	return true
}

// step goes to another field that is shown.
func (m *Model) step(by int) {
	for {
		m.at = (m.at + by + len(m.fields)) % len(m.fields)
		if m.shown(m.here()) {
			return
		}
	}
}
