package dialog

import (
	"strconv"

	tea "charm.land/bubbletea/v2"

	"sqscope/backend"
	"sqscope/themes"
	"sqscope/ui/screen"
	"sqscope/ui/text"
	"sqscope/ui/widget"
)

// Error shows an error with all that is known of it.
type Error struct {
	env *screen.Env
	err *backend.Error
}

// NewError shows an error.
func NewError(env *screen.Env, err *backend.Error) *Error { return &Error{env, err} }

// Update closes it on esc and enter, and copies it on y.
func (d *Error) Update(msg tea.Msg) tea.Cmd {
	if key, ok := msg.(tea.KeyPressMsg); ok {
		switch key.String() {
		case "esc", "enter", "q":
			d.env.Host.Dismiss()
		case "y":
			d.env.Host.Dismiss()
			return d.env.Host.Clipboard(text.Const("the error"), d.err.Error())
		}
	}
	return nil
}

// View is the box.
func (d *Error) View(w, h int) string {
	t, width := d.env.Theme, min(w, 90)
	var lines []string
	for _, f := range []struct{ name, value string }{
		{"what", d.err.Message},
		{"to", d.err.Subject},
		{"action", d.err.Action},
		{"kind", d.err.Kind.String()},
		{"code", d.err.Code},
		{"status", status(d.err.Status)},
		{"next", d.err.Next},
		{"cause", cause(d.err)},
	} {
		if f.value == "" {
			continue
		}
		name := text.Const(f.name)
		for _, line := range text.Lines(f.value) {
			for _, l := range widget.Wrap(line, width-4-9) {
				lines = append(lines, t.Paint(themes.Dim, name.Pad(9).String())+t.Paint(themes.Text, l.String()))
				name = text.Safe{}
			}
		}
	}
	if len(lines) > h-4 {
		lines = append(lines[:max(0, h-5)], t.Paint(themes.Dim, "…"))
	}
	lines = append(lines, "", t.Paint(themes.Key, "y")+" copy   "+t.Paint(themes.Key, "esc")+" close")
	return widget.Box(text.Const("The last error"), lines, width, t)
}

func status(n int) string {
	if n == 0 {
		return ""
	}
	return "HTTP " + strconv.Itoa(n)
}

func cause(e *backend.Error) string {
	if e.Err == nil || e.Err.Error() == e.Message {
		return ""
	}
	return e.Err.Error()
}

// Cursor is nowhere.
func (d *Error) Cursor() (x, y int, ok bool) { return 0, 0, false }
