// Package dialog has what stands over a screen: a form that asks before
// something is done, a list of actions to find a key in or to call one by name,
// and an error in full. A dialog has the keys until it is answered; Esc always
// closes it and does nothing.
package dialog

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"sqscope/themes"
	"sqscope/ui/screen"
	"sqscope/ui/text"
	"sqscope/ui/widget"
)

// Form asks for values and a decision. Without fields Enter confirms.
type Form struct {
	Title   text.Safe
	Notes   []text.Safe // what will happen, with counts, and what cannot be undone
	Danger  bool
	Fields  []Field
	Confirm string                        // the word for doing it
	Run     func(values []string) tea.Cmd // called once, when every field passes its check
	Cancel  func() tea.Cmd                // called instead when Esc closes it; may be nil

	// Preview is shown under the fields, anew with every key: what the values
	// would do, or what is wrong with them. It is to be quick.
	Preview func(values []string) []Line
}

// Line is a line of a dialog; one that is too long is wrapped.
type Line struct {
	Role themes.Role
	Text text.Safe
}

// Field is a line to be filled in. Check says what is wrong with a value, or "".
type Field struct {
	Label string
	Value string
	Hint  string
	Must  string // what has to be typed, shown in full
	Check func(value string) string
}

// TypeName is the field that a dangerous act ends with: the queue's own name.
func TypeName(name string) Field {
	return Field{Label: "its name", Hint: "type it to go on", Must: name, Check: func(v string) string {
		if v != name {
			return "this is not " + name
		}
		return ""
	}}
}

// Without is what somebody types who goes on although no copy is left of what is
// lost.
const Without = "without evidence"

// TypeWithout is the field for that.
func TypeWithout() Field {
	return Field{Label: "evidence", Hint: "type it to go on", Must: Without, Check: func(v string) string {
		if v != Without {
			return "type " + Without
		}
		return ""
	}}
}

// FormDialog is a form on the screen.
type FormDialog struct {
	env    *screen.Env
	form   Form
	inputs []widget.Input
	at     int
	wrong  string
	x, y   int
}

// NewForm puts a form on the screen.
func NewForm(env *screen.Env, f Form) *FormDialog {
	d := &FormDialog{env: env, form: f}
	for _, field := range f.Fields {
		in := widget.NewInput()
		in.SetValue(field.Value)
		in.Placeholder = text.Clean(field.Hint)
		d.inputs = append(d.inputs, in)
	}
	return d
}

// Update takes a key.
func (d *FormDialog) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case tea.PasteMsg:
		if len(d.inputs) > 0 {
			d.inputs[d.at].Paste(msg.Content)
		}
	case tea.KeyPressMsg:
		switch stroke := msg.String(); stroke {
		case "esc":
			d.env.Host.Dismiss()
			if d.form.Cancel != nil {
				return d.form.Cancel()
			}
		case "enter":
			return d.enter()
		case "tab", "down":
			d.step(1)
		case "shift+tab", "up":
			d.step(-1)
		default:
			if len(d.inputs) > 0 {
				d.wrong = ""
				d.inputs[d.at].Key(stroke, msg.Text)
			}
		}
	}
	return nil
}

func (d *FormDialog) step(by int) {
	if n := len(d.inputs); n > 0 {
		d.at = (d.at + by + n) % n
	}
}

// enter goes to the next field that is not right yet, or does it.
func (d *FormDialog) enter() tea.Cmd {
	values := d.values()
	for i := range d.inputs {
		if check := d.form.Fields[i].Check; check != nil {
			if wrong := check(values[i]); wrong != "" {
				if d.at == i {
					d.wrong = wrong
				}
				d.at = i
				return nil
			}
		}
	}
	d.env.Host.Dismiss()
	return d.form.Run(values)
}

func (d *FormDialog) values() []string {
	values := make([]string, len(d.inputs))
	for i := range d.inputs {
		values[i] = strings.TrimSpace(d.inputs[i].Value())
	}
	return values
}

// preview are the lines under the fields: what the values would do or, where a
// field is wrong and nothing else says it, why.
func (d *FormDialog) preview(w int) (lines []string) {
	var all []Line
	if d.form.Preview != nil {
		all = append([]Line{{}}, d.form.Preview(d.values())...)
	} else if d.wrong != "" {
		all = []Line{{themes.Bad, text.Clean("✗ " + d.wrong)}}
	}
	for _, l := range all {
		for _, part := range widget.WrapPoint(l.Text, w) {
			lines = append(lines, d.env.Theme.Paint(l.Role, part.String()))
		}
	}
	return lines
}

// View is the box.
func (d *FormDialog) View(w, h int) string {
	t := d.env.Theme
	inner := min(w, 76) - 4
	var notes, lines []string
	for _, n := range d.form.Notes {
		for _, l := range widget.WrapPoint(n, inner) {
			notes = append(notes, t.Paint(themes.Text, l.String()))
		}
	}
	for _, f := range d.form.Fields {
		if f.Must != "" {
			for _, l := range widget.Wrap(text.Sprintf("Type %s to go on.", f.Must), inner) {
				lines = append(lines, t.Paint(themes.Strong, l.String()))
			}
		}
	}
	label := 0
	for _, f := range d.form.Fields {
		label = max(label, widget.Width(f.Label))
	}
	label = min(label, inner/2)
	for i, f := range d.form.Fields {
		if i == 0 {
			lines = append(lines, "")
		}
		role := themes.Dim
		if i == d.at {
			role = themes.Accent
		}
		name := text.Clean(f.Label).Truncate(label).Pad(label)
		lines = append(lines, t.Paint(role, name.String())+"  "+d.inputs[i].View(inner-label-2, t))
		if i == d.at {
			d.x, d.y = 2+label+2+d.inputs[i].CursorX(), len(lines)
		}
	}
	lines = append(lines, d.preview(inner)...)
	verb := themes.Key
	if d.form.Danger {
		verb = themes.Bad
	}
	lines = append(lines, "", t.Paint(verb, "enter")+" "+t.Paint(themes.Text, d.form.Confirm)+"   "+t.Paint(themes.Key, "esc")+" "+t.Paint(themes.Text, "cancel"))
	room := h - 2 - len(lines)
	if len(notes) > room && room > 0 { // the first note has the count
		notes = append(notes[:room-1], t.Paint(themes.Warn, text.Sprintf("… %d more lines; a taller window shows them", len(notes)-room+1).Truncate(inner).String()))
	}
	notes = notes[:min(len(notes), max(0, room))]
	d.y += len(notes)
	lines = append(notes, lines...)
	return widget.Box(d.form.Title, lines, min(w, 76), t)
}

// Cursor is in the field that has the keys.
func (d *FormDialog) Cursor() (x, y int, ok bool) { return d.x, d.y, len(d.inputs) > 0 }
