package compose

import (
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"sqscope/backend/outbox"
	"sqscope/backend/rules"
	"sqscope/ui/dialog"
	"sqscope/ui/text"
	"sqscope/ui/widget"
)

// place is a field: of an attribute, one of three.
type place struct {
	part   outbox.Part
	row    int // of an attribute
	column int // likewise: inName, inType or inValue
}

const (
	inName = iota
	inType
	inValue
	columns
)

// row is an attribute as it is written.
type row [columns]widget.Input

func newRow(a outbox.Attribute) *row {
	r := &row{}
	for i, v := range []string{a.Name, a.Type, a.Value} {
		r[i] = widget.NewInput()
		r[i].SetValue(v)
	}
	r[inType].Placeholder = text.Const("String")
	return r
}

func (r *row) attribute() outbox.Attribute {
	return outbox.Attribute{Name: r[inName].Value(), Type: strings.TrimSpace(r[inType].Value()), Value: r[inValue].Value()}
}

// empty tells whether nothing at all was written, not even a type.
func (r *row) empty() bool { return r.attribute() == outbox.Attribute{} }

// fill writes a draft into the form. What the queue's kind does not have is left out.
func (m *Model) fill(d outbox.Draft) {
	m.body.Replace(d.Body)
	for p, v := range map[outbox.Part]string{outbox.PartGroup: d.Group, outbox.PartDedup: d.Dedup, outbox.PartDelay: d.Delay, outbox.PartTrace: d.Trace} {
		if !m.has(p) {
			v = ""
		}
		m.lines[p].SetValue(v)
	}
	m.rows = nil
	for _, a := range d.Attributes {
		m.rows = append(m.rows, newRow(a))
	}
	m.at = place{part: outbox.PartBody}
	m.tidy()
}

// has tells whether messages to the queue have such a part.
func (m *Model) has(p outbox.Part) bool {
	switch p {
	case outbox.PartDedup:
		return m.rule.FIFO
	case outbox.PartDelay:
		return !m.rule.FIFO
	}
	return true
}

// tidy keeps one empty row at the end for one more attribute.
func (m *Model) tidy() {
	for len(m.rows) > 1 && m.rows[len(m.rows)-1].empty() && m.rows[len(m.rows)-2].empty() {
		m.rows = m.rows[:len(m.rows)-1]
	}
	if n := len(m.rows); n == 0 || n < rules.MaxMessageAttributes && !m.rows[n-1].empty() {
		m.rows = append(m.rows, newRow(outbox.Attribute{}))
	}
	m.at.row = min(m.at.row, len(m.rows)-1)
}

// draft is what is written.
func (m *Model) draft() outbox.Draft {
	d := outbox.Draft{
		Body: m.body.Value(), Group: m.lines[outbox.PartGroup].Value(), Dedup: m.lines[outbox.PartDedup].Value(),
		Delay: m.lines[outbox.PartDelay].Value(), Trace: m.lines[outbox.PartTrace].Value(),
	}
	for _, r := range m.rows {
		d.Attributes = append(d.Attributes, r.attribute())
	}
	if n := len(d.Attributes); n > 0 && d.Attributes[n-1].Empty() {
		d.Attributes = d.Attributes[:n-1]
	}
	return d
}

// input is the field of one line that has the keys.
func (m *Model) input() *widget.Input {
	if m.at.part == outbox.PartAttribute {
		return &m.rows[m.at.row][m.at.column]
	}
	return m.lines[m.at.part]
}

// parts are those that are shown, from the top.
func (m *Model) parts() []outbox.Part {
	return []outbox.Part{outbox.PartBody, outbox.PartGroup, outbox.PartDedup, outbox.PartDelay, outbox.PartTrace, outbox.PartAttribute}
}

// places are the fields in the order of tab.
func (m *Model) places() (all []place) {
	for _, p := range m.parts() {
		switch {
		case p == outbox.PartAttribute:
			for i := range m.rows {
				for c := range columns {
					all = append(all, place{p, i, c})
				}
			}
		case m.has(p):
			all = append(all, place{part: p})
		}
	}
	return all
}

func (m *Model) step(by int) {
	all := m.places()
	m.at = all[(slices.Index(all, m.at)+by+len(all))%len(all)]
}

// vertical goes to the field above or below: of attributes to the same column.
func (m *Model) vertical(by int) {
	if m.at.part == outbox.PartAttribute {
		if to := m.at.row + by; to >= 0 && to < len(m.rows) {
			m.at.row = to
			return
		}
		m.at.column = inName
		if by > 0 {
			m.at.column = columns - 1
		}
	}
	m.step(by)
}

func (m *Model) noRow() string {
	if m.at.part != outbox.PartAttribute || m.rows[m.at.row].empty() {
		return "the cursor stands on no attribute"
	}
	return ""
}

// remove takes the attribute under the cursor away.
func (m *Model) remove() tea.Cmd {
	m.rows = slices.Delete(m.rows, m.at.row, m.at.row+1)
	return m.changed()
}

func (m *Model) noChoice() string {
	switch {
	case m.at.part != outbox.PartAttribute:
		return "there is a list for the types of attributes and for binary values"
	case m.at.column == inName, m.at.column == inValue && !m.rows[m.at.row].attribute().Binary():
		return "here is nothing to choose from; the type has a list, and the value of a Binary one"
	}
	return ""
}

// choose lets somebody choose the type of an attribute, or how bytes are written.
func (m *Model) choose() tea.Cmd {
	in, title := m.input(), text.Const("What sort of value it is")
	choices := []dialog.Choice{
		{Label: "String", Note: "text"},
		{Label: "Number", Note: "up to 38 digits, as 12, -0.5 or 1e3"},
		{Label: "Binary", Note: "bytes: as text, in hex or base64, or of a file"},
		{Label: "Number.int", Note: "a label of your own may stand behind a period"},
	}
	take := func(i int) { in.SetValue(choices[i].Label) }
	if m.at.column == inValue {
		title = text.Const("How the bytes are written")
		choices = []dialog.Choice{
			{Label: "text:", Note: "the bytes of the text behind it"},
			{Label: "hex:", Note: "as 00 ff, with blanks or without"},
			{Label: "base64:", Note: "as AP8="},
			{Label: "@", Note: "what is in the file that is named behind it, read when it is sent"},
		}
		take = func(i int) {
			value := in.Value()
			for _, c := range choices {
				value = strings.TrimPrefix(value, c.Label)
			}
			in.SetValue(choices[i].Label + value)
		}
	}
	m.Env.Host.Ask(dialog.NewChoose(m.Env, title, choices, func(i int) tea.Cmd {
		take(i)
		return m.changed()
	}))
	return nil
}
