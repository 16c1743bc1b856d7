package dialog

import (
	"sort"
	"strings"

	tea "charm.land/bubbletea/v2"

	"sqscope/backend/find"
	"sqscope/themes"
	"sqscope/ui/screen"
	"sqscope/ui/text"
	"sqscope/ui/widget"
)

// Choice is one of a list to choose from.
type Choice struct {
	Label string
	Note  string // beside it
	Off   string // why it cannot be taken now, or ""
}

// Choose is a list to choose one from. It is narrowed by what is typed, in the
// language of the queue list's filter; the best fit comes first.
type Choose struct {
	env     *screen.Env
	title   text.Safe
	empty   text.Safe
	all     []Choice
	shown   []int // places in all
	filter  widget.Input
	run     func(i int) tea.Cmd
	at, top int
}

// NewChoose lets somebody choose. Run gets the place of what was chosen.
func NewChoose(env *screen.Env, title text.Safe, all []Choice, run func(i int) tea.Cmd) *Choose {
	d := &Choose{env: env, title: title, empty: text.Const("nothing fits"), all: all, run: run, filter: widget.NewInput()}
	d.filter.Placeholder = text.Const("type to find")
	d.narrow()
	return d
}

// At puts the cursor on a choice to begin with.
func (d *Choose) At(i int) *Choose {
	d.at = min(max(i, 0), max(len(d.shown)-1, 0))
	return d
}

// Update takes a key.
func (d *Choose) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case tea.PasteMsg:
		d.filter.Paste(msg.Content)
		d.narrow()
	case tea.KeyPressMsg:
		switch stroke := msg.String(); stroke {
		case "esc":
			d.env.Host.Dismiss()
		case "enter":
			return d.take()
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

func (d *Choose) take() tea.Cmd {
	if d.at >= len(d.shown) {
		return nil
	}
	i := d.shown[d.at]
	if why := d.all[i].Off; why != "" {
		return d.env.Host.Say(themes.Warn, text.Sprintf("%s: %s", d.all[i].Label, why))
	}
	d.env.Host.Dismiss()
	return d.run(i)
}

// narrow keeps what fits. A filter that cannot be read yet changes nothing.
func (d *Choose) narrow() {
	q, err := find.Parse(d.filter.Value())
	if err != nil {
		return
	}
	scores := make([]int, len(d.all))
	d.shown, d.at, d.top = d.shown[:0], 0, 0
	for i, c := range d.all {
		row := find.Row{Name: strings.TrimSpace(c.Label + " " + c.Note)}
		if verdict, score := q.Match(&row); verdict != find.No {
			scores[i] = score
			d.shown = append(d.shown, i)
		}
	}
	sort.SliceStable(d.shown, func(a, b int) bool { return scores[d.shown[a]] > scores[d.shown[b]] })
}

// View is the box.
func (d *Choose) View(w, h int) string {
	t, width := d.env.Theme, min(w, 76)
	inner, rows := width-4, max(1, h-5)
	label := 0
	for _, c := range d.all {
		label = min(max(label, widget.Width(c.Label)), inner/2)
	}
	d.top = max(min(d.top, d.at), d.at-rows+1, 0)
	lines := []string{t.Paint(themes.Accent, "› ") + d.filter.View(inner-2, t)}
	for i := d.top; i < len(d.shown) && i < d.top+rows; i++ {
		lines = append(lines, d.row(d.all[d.shown[i]], i == d.at, label, inner))
	}
	if len(d.shown) == 0 {
		lines = append(lines, t.Paint(themes.Dim, d.empty.String()))
	}
	if len(d.shown) > rows {
		lines = append(lines, t.Paint(themes.Dim, text.Sprintf("%d of %d shown", rows, len(d.shown)).String()))
	}
	return widget.Box(d.title, lines, width, t)
}

func (d *Choose) row(c Choice, here bool, label, w int) string {
	t := d.env.Theme
	mark := "  "
	if here {
		mark = "▸ "
	}
	name, note, role := text.Clean(c.Label).Truncate(label).Pad(label+2), text.Clean(c.Note), themes.Strong
	if c.Off != "" {
		note, role = text.Sprintf("off: %s", c.Off), themes.Dim
	}
	line := t.Paint(themes.Accent, mark) + t.Paint(role, name.String()) + t.Paint(themes.Dim, note.Truncate(max(0, w-label-4)).String())
	if here {
		return widget.Chosen(line, w, t)
	}
	return widget.Fit(line, w)
}

// Cursor is in the filter.
func (d *Choose) Cursor() (x, y int, ok bool) { return 4 + d.filter.CursorX(), 1, true }
