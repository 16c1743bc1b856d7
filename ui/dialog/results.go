package dialog

import (
	tea "charm.land/bubbletea/v2"

	"sqscope/themes"
	"sqscope/ui/screen"
	"sqscope/ui/text"
	"sqscope/ui/widget"
)

// Results tell what became of each of many: which, what happened, and why.
type Results struct {
	Title text.Safe
	Notes []Line // what came of it as a whole
	Rows  []Outcome

	// Again tries once more those that failed, and Word is what that is called. It
	// is nil where nothing is left to try.
	Again func() tea.Cmd
	Word  string
	// Copy is what y copies: the path of a file, the list as text; "": nothing.
	Copy     string
	CopyWhat text.Safe
}

// Outcome is what became of one.
type Outcome struct {
	Role themes.Role
	Sign string // ✓, ✗, ?, for those who see no colours
	What text.Safe
	Why  text.Safe // under it, wrapped
}

// ResultsDialog is a list of results on the screen.
type ResultsDialog struct {
	env       *screen.Env
	results   Results
	top, rows int // the first line shown, and how many when last drawn
	n         int
}

// NewResults puts results on the screen.
func NewResults(env *screen.Env, r Results) *ResultsDialog {
	return &ResultsDialog{env: env, results: r}
}

// Update takes a key.
func (d *ResultsDialog) Update(msg tea.Msg) tea.Cmd {
	key, ok := msg.(tea.KeyPressMsg)
	if !ok {
		return nil
	}
	switch key.String() {
	case "esc", "q", "enter":
		d.env.Host.Dismiss()
	case "a":
		if d.results.Again != nil {
			d.env.Host.Dismiss()
			return d.results.Again()
		}
	case "y":
		if d.results.Copy != "" {
			return d.env.Host.Clipboard(d.results.CopyWhat, d.results.Copy)
		}
	case "up", "k":
		d.scroll(-1)
	case "down", "j":
		d.scroll(1)
	case "pgup":
		d.scroll(-d.rows)
	case "pgdown", "space":
		d.scroll(d.rows)
	case "home", "g":
		d.scroll(-screen.Far)
	case "end", "G":
		d.scroll(screen.Far)
	}
	return nil
}

func (d *ResultsDialog) scroll(by int) { d.top = max(0, min(d.top+by, d.n-d.rows)) }

// View is the box.
func (d *ResultsDialog) View(w, h int) string {
	t, width := d.env.Theme, min(w, 92)
	inner := width - 4
	var notes, lines []string
	for _, l := range d.results.Notes {
		for _, part := range widget.Wrap(l.Text, inner) {
			notes = append(notes, t.Paint(l.Role, part.String()))
		}
	}
	for _, o := range d.results.Rows {
		lines = append(lines, t.Paint(o.Role, o.Sign)+" "+t.Paint(themes.Text, o.What.Truncate(inner-2).String()))
		for _, part := range widget.Wrap(o.Why, inner-4) {
			lines = append(lines, "    "+t.Paint(themes.Dim, part.String()))
		}
	}
	if len(lines) > 0 && len(notes) > 0 {
		notes = append(notes, "")
	}
	d.n, d.rows = len(lines), max(0, min(len(lines), h-4-len(notes)))
	d.scroll(0)
	foot := t.Paint(themes.Key, "esc") + " " + t.Paint(themes.Text, "close")
	if d.results.Again != nil {
		foot = t.Paint(themes.Key, "a") + " " + t.Paint(themes.Text, d.results.Word) + "   " + foot
	}
	if d.results.Copy != "" {
		foot += "   " + t.Paint(themes.Key, "y") + " " + t.Paint(themes.Text, "copy "+d.results.CopyWhat.String())
	}
	if d.n > d.rows {
		foot += "   " + t.Paint(themes.Key, "↑↓") + " " + t.Paint(themes.Dim, text.Sprintf("lines %d to %d of %d", d.top+1, d.top+d.rows, d.n).String())
	}
	all := append(append(notes, lines[d.top:d.top+d.rows]...), "", foot)
	return widget.Box(d.results.Title, all, width, t)
}

// Cursor is nowhere: nothing is typed.
func (d *ResultsDialog) Cursor() (x, y int, ok bool) { return 0, 0, false }
