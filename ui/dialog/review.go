package dialog

import (
	tea "charm.land/bubbletea/v2"

	"sqscope/themes"
	"sqscope/ui/screen"
	"sqscope/ui/text"
	"sqscope/ui/widget"
)

// Review asks for a decision about something that is too long for a form: the
// difference that a change makes. It is read to its end by scrolling.
type Review struct {
	Title   text.Safe
	Lines   []Line
	Danger  bool
	Confirm string         // the word for doing it
	Run     func() tea.Cmd // called once
}

// ReviewDialog is a review on the screen.
type ReviewDialog struct {
	env       *screen.Env
	review    Review
	top, rows int // as in the widgets: the first line shown, and how many when last drawn
	n         int
}

// NewReview puts a review on the screen.
func NewReview(env *screen.Env, r Review) *ReviewDialog { return &ReviewDialog{env: env, review: r} }

// Update takes a key.
func (d *ReviewDialog) Update(msg tea.Msg) tea.Cmd {
	key, ok := msg.(tea.KeyPressMsg)
	if !ok {
		return nil
	}
	switch key.String() {
	case "esc", "q":
		d.env.Host.Dismiss()
	case "enter":
		d.env.Host.Dismiss()
		return d.review.Run()
	case "up", "k":
		d.scroll(-1)
	case "down", "j":
		d.scroll(1)
	case "pgup":
		d.scroll(-d.rows)
	case "pgdown", "space":
		d.scroll(d.rows)
	}
	return nil
}

func (d *ReviewDialog) scroll(by int) { d.top = max(0, min(d.top+by, d.n-d.rows)) }

// View is the box.
func (d *ReviewDialog) View(w, h int) string {
	t, width := d.env.Theme, min(w, 92)
	var lines []string
	for _, l := range d.review.Lines {
		for _, part := range widget.Wrap(l.Text, width-4) {
			lines = append(lines, t.Paint(l.Role, part.String()))
		}
	}
	d.n, d.rows = len(lines), max(1, min(len(lines), h-4))
	d.scroll(0)
	verb := themes.Key
	if d.review.Danger {
		verb = themes.Bad
	}
	foot := t.Paint(verb, "enter") + " " + t.Paint(themes.Text, d.review.Confirm) + "   " + t.Paint(themes.Key, "esc") + " " + t.Paint(themes.Text, "cancel")
	if rest := d.n - d.top - d.rows; rest > 0 || d.top > 0 {
		foot += "   " + t.Paint(themes.Key, "↑↓") + " " + t.Paint(themes.Dim, text.Sprintf("lines %d to %d of %d", d.top+1, d.top+d.rows, d.n).String())
	}
	return widget.Box(d.review.Title, append(append([]string(nil), lines[d.top:d.top+d.rows]...), "", foot), width, t)
}

// Cursor is nowhere: nothing is typed.
func (d *ReviewDialog) Cursor() (x, y int, ok bool) { return 0, 0, false }
