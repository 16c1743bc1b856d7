package dialog

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"sqscope/keymap"
	"sqscope/themes"
	"sqscope/ui/screen"
	"sqscope/ui/text"
	"sqscope/ui/widget"
)

// Entry is an action in a list: what it is, why it is off now (or ""), and how
// to call it.
type Entry struct {
	Action keymap.Action
	Off    string
	Run    func() tea.Cmd
}

// List shows actions, narrows them by the words that are typed, and calls the
// one under the cursor.
type List struct {
	env     *screen.Env
	title   text.Safe
	all     []Entry
	shown   []Entry
	filter  widget.Input
	at, top int
}

// NewList shows actions.
func NewList(env *screen.Env, title text.Safe, all []Entry) *List {
	d := &List{env: env, title: title, all: all, shown: all, filter: widget.NewInput()}
	d.filter.Placeholder = text.Const("type to find")
	return d
}

// Update takes a key.
func (d *List) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case tea.PasteMsg:
		d.filter.Paste(msg.Content)
		d.narrow()
	case tea.KeyPressMsg:
		switch stroke := msg.String(); stroke {
		case "esc":
			d.env.Host.Dismiss()
		case "enter":
			if d.at >= 0 && d.at < len(d.shown) {
				d.env.Host.Dismiss()
				return d.shown[d.at].Run()
			}
		case "up", "ctrl+p":
			d.at = max(0, d.at-1)
		case "down", "ctrl+n":
			d.at = max(0, min(len(d.shown)-1, d.at+1))
		default:
			if d.filter.Key(stroke, msg.Text) {
				d.narrow()
			}
		}
	}
	return nil
}

func (d *List) narrow() {
	words := strings.Fields(strings.ToLower(d.filter.Value()))
	d.shown, d.at, d.top = nil, 0, 0
	for _, e := range d.all {
		if all(words, strings.ToLower(e.Action.Word+" "+e.Action.Help+" "+strings.Join(e.Action.Keys, " "))) {
			d.shown = append(d.shown, e)
		}
	}
}

func all(words []string, in string) bool {
	for _, w := range words {
		if !strings.Contains(in, w) {
			return false
		}
	}
	return true
}

// View is the box.
func (d *List) View(w, h int) string {
	t, width := d.env.Theme, min(w, 92)
	inner, rows := width-4, max(1, h-5)
	d.top = max(min(d.top, d.at), d.at-rows+1, 0)
	lines := []string{t.Paint(themes.Accent, "› ") + d.filter.View(inner-2, t)}
	for i := d.top; i < len(d.shown) && i < d.top+rows; i++ {
		lines = append(lines, d.row(d.shown[i], i == d.at, inner))
	}
	if len(d.shown) == 0 {
		lines = append(lines, t.Paint(themes.Dim, "no such action here"))
	}
	if rest := len(d.shown) - rows; rest > 0 {
		lines = append(lines, t.Paint(themes.Dim, text.Sprintf("%d of %d shown", rows, len(d.shown)).String()))
	}
	return widget.Box(d.title, lines, width, t)
}

func (d *List) row(e Entry, here bool, w int) string {
	t := d.env.Theme
	var keys []string
	for _, k := range e.Action.Keys {
		keys = append(keys, keymap.Shown(k))
	}
	mark, base := "  ", ""
	if here {
		mark, base = "▸ ", t.SGR(themes.Selected)
	}
	key := text.Clean(strings.Join(keys, " ")).Truncate(11).Pad(12)
	word := text.Clean(e.Action.Word).Truncate(13).Pad(14)
	help, role := text.Clean(e.Action.Help), themes.Text
	if e.Off != "" {
		help, role = text.Sprintf("off: %s", e.Off), themes.Dim
	}
	line := t.Paint(themes.Accent, mark) + t.Paint(themes.Key, key.String()) + t.Paint(themes.Strong, word.String()) + t.Paint(role, help.Truncate(w-28).String())
	return base + strings.ReplaceAll(widget.Fit(line, w), themes.Reset, themes.Reset+base) + themes.Reset
}

// Cursor is in the filter.
func (d *List) Cursor() (x, y int, ok bool) { return 4 + d.filter.CursorX(), 1, true }
