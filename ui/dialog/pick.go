package dialog

import (
	tea "charm.land/bubbletea/v2"

	"sqscope/themes"
	"sqscope/ui/screen"
	"sqscope/ui/text"
	"sqscope/ui/widget"
)

// Item is one of a list from which several are picked.
type Item struct {
	ID    string
	Label string
	Note  string
	On    bool
	Fixed bool // it cannot be taken off
}

// Pick is a list from which several are picked and put in order.
type Pick struct {
	env     *screen.Env
	title   text.Safe
	items   []Item
	run     func(ids []string) tea.Cmd
	at, top int
}

// NewPick lets somebody pick. Run gets the ids of what is on, in order.
func NewPick(env *screen.Env, title text.Safe, items []Item, run func(ids []string) tea.Cmd) *Pick {
	return &Pick{env: env, title: title, items: items, run: run}
}

// Update takes a key.
func (d *Pick) Update(msg tea.Msg) tea.Cmd {
	key, ok := msg.(tea.KeyPressMsg)
	if !ok || len(d.items) == 0 {
		return nil
	}
	switch key.String() {
	case "esc":
		d.env.Host.Dismiss()
	case "enter":
		var ids []string
		for _, it := range d.items {
			if it.On {
				ids = append(ids, it.ID)
			}
		}
		d.env.Host.Dismiss()
		return d.run(ids)
	case "up", "k":
		d.at = max(0, d.at-1)
	case "down", "j":
		d.at = min(len(d.items)-1, d.at+1)
	case "space", "x":
		if !d.items[d.at].Fixed {
			d.items[d.at].On = !d.items[d.at].On
		}
	case "shift+up", "K":
		d.shift(-1)
	case "shift+down", "J":
		d.shift(1)
	}
	return nil
}

func (d *Pick) shift(by int) {
	to := d.at + by
	if to < 0 || to >= len(d.items) || d.items[d.at].Fixed || d.items[to].Fixed {
		return
	}
	d.items[d.at], d.items[to] = d.items[to], d.items[d.at]
	d.at = to
}

// View is the box.
func (d *Pick) View(w, h int) string {
	t, width := d.env.Theme, min(w, 76)
	inner, rows := width-4, max(1, h-4)
	d.top = max(min(d.top, d.at), d.at-rows+1, 0)
	var lines []string
	for i := d.top; i < len(d.items) && i < d.top+rows; i++ {
		it := d.items[i]
		mark, box := "  ", "[ ] "
		if i == d.at {
			mark = "▸ "
		}
		if it.On {
			box = "[x] "
		}
		line := t.Paint(themes.Accent, mark+box) + t.Paint(themes.Strong, text.Clean(it.Label).Truncate(15).Pad(16).String()) + t.Paint(themes.Dim, text.Clean(it.Note).Truncate(inner-22).String())
		if i == d.at {
			line = widget.Chosen(line, inner, t)
		}
		lines = append(lines, line)
	}
	lines = append(lines, widget.Hints(t, []widget.Hint{{Key: "space", Word: "on or off"}, {Key: "K J", Word: "up or down the order"}, {Key: "enter", Word: "take"}}, nil, inner))
	return widget.Box(d.title, lines, width, t)
}

// Cursor stands on the item under the cursor in low motion; nothing is typed.
func (d *Pick) Cursor() (x, y int, ok bool) {
	return 2, 1 + d.at - d.top, d.env.LowMotion && len(d.items) > 0
}
