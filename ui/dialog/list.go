package dialog

import (
	"slices"
	"strconv"
	"strings"

	tea "charm.land/bubbletea/v2"

	"sqscope/backend/find"
	"sqscope/keymap"
	"sqscope/themes"
	"sqscope/ui/screen"
	"sqscope/ui/text"
	"sqscope/ui/widget"
)

// Entry is a line of a list: an action or something else that can be called by
// its word or its id, or what is only to be read.
type Entry struct {
	Action  keymap.Action
	Section string         // what it stands under in a list that is not ranked
	More    string         // said of it while it is under the cursor
	Off     string         // why it cannot be called now, or ""
	Rare    bool           // it is shown only once something is typed
	Run     func() tea.Cmd // nil: it is only to be read
}

// List shows entries, narrows them by the words that are typed, and calls the
// one under the cursor. In a ranked list the best fit comes first; else entries
// stay in their order, under the names of their sections.
type List struct {
	env    *screen.Env
	title  text.Safe
	ranked bool
	all    []Entry
	rows   []Entry // as shown; a section's name is an entry that has only that
	rank   []int   // of the entries, in all, as they fit the words that are typed
	list   widget.List
	most   int // rows that there were, so that the box does not shrink under the eye
	filter widget.Input
}

// NewList shows entries in their order.
func NewList(env *screen.Env, title text.Safe, all []Entry) *List {
	return newList(env, title, all, false, text.Const("type to find"))
}

// NewPalette shows entries of which the best fit for what is typed comes first.
func NewPalette(env *screen.Env, title text.Safe, all []Entry) *List {
	return newList(env, title, all, true, text.Const("a word, or an id such as queues.send"))
}

func newList(env *screen.Env, title text.Safe, all []Entry, ranked bool, hint text.Safe) *List {
	d := &List{env: env, title: title, all: all, ranked: ranked, filter: widget.NewInput()}
	d.filter.Placeholder = hint
	d.narrow()
	return d
}

// Add puts more entries behind the others. The cursor stays where it is.
func (d *List) Add(more []Entry) {
	here := d.list.Key()
	d.all = append(d.all, more...)
	d.narrow()
	d.list.Select(here)
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
			return d.call()
		case "up", "ctrl+p":
			d.list.Move(-1)
		case "down", "ctrl+n":
			d.list.Move(1)
		case "pgup":
			d.list.Move(-d.list.Page())
		case "pgdown":
			d.list.Move(d.list.Page())
		default:
			if d.filter.Key(stroke, msg.Text) {
				d.narrow()
			}
		}
	}
	return nil
}

// call does what is under the cursor, or says why it cannot be done.
func (d *List) call() tea.Cmd {
	e := d.here()
	switch {
	case e == nil || e.Run == nil:
		return nil
	case e.Off != "":
		return d.env.Host.Say(themes.Warn, text.Sprintf("%s: %s", e.Action.Word, e.Off))
	}
	d.env.Host.Dismiss()
	return e.Run()
}

// here is the entry under the cursor, or nil.
func (d *List) here() *Entry {
	if d.list.Key() == "" {
		return nil
	}
	return &d.rows[d.list.At()]
}

// narrow keeps what fits the words that are typed, and puts the cursor on the
// first.
func (d *List) narrow() {
	words := strings.Fields(d.filter.Value())
	scores := make([]int, len(d.all))
	d.rank = d.rank[:0]
	for i := range d.all {
		if score, fits := d.all[i].fit(words); fits && (len(words) > 0 || !d.all[i].Rare) {
			scores[i] = score
			d.rank = append(d.rank, i)
		}
	}
	if d.ranked {
		slices.SortStableFunc(d.rank, func(a, b int) int { return scores[b] - scores[a] })
	}
	d.rows = d.rows[:0]
	var keys []string
	section := ""
	for _, i := range d.rank {
		if e := d.all[i]; !d.ranked && e.Section != section {
			section = e.Section
			d.rows, keys = append(d.rows, Entry{Section: section}), append(keys, "")
		}
		d.rows, keys = append(d.rows, d.all[i]), append(keys, strconv.Itoa(i))
	}
	d.list, d.most = widget.List{Single: true}, max(d.most, len(d.rows))
	d.list.SetKeys(keys)
}

// How much finding a word in the parts of an entry counts: its key outdoes all.
const (
	weightKey  = 2000
	weightSame = 400 // the word as a whole, beside what its parts count
	weightWord = 4
	weightID   = 2
)

// fit tells whether each word is somewhere in the entry, and how well. A help
// text has to have it in one piece: some of its characters fit any word.
func (e *Entry) fit(words []string) (score int, fits bool) {
	name := strings.ReplaceAll(strings.ToLower(e.Action.Word), " ", "-") // so that its parts begin words
	texts := strings.ToLower(e.Action.Help + " " + e.More + " " + e.Section)
	for _, w := range words {
		q := find.Words(strings.ToLower(w)) // a capital letter would make case matter
		best := 0
		for _, part := range []struct {
			in     string
			weight int
		}{{name, weightWord}, {string(e.Action.ID), weightID}} {
			if verdict, s := q.Match(&find.Row{Name: part.in}); verdict == find.Yes {
				best = max(best, s*part.weight)
			}
		}
		if slices.Contains(e.Action.Keys, w) {
			best = weightKey
		}
		if best == 0 && strings.Contains(texts, strings.ToLower(w)) {
			best = 1
		}
		if best == 0 {
			return 0, false
		}
		score += best
	}
	if strings.EqualFold(strings.Join(words, "-"), name) {
		score += weightSame
	}
	if e.Off != "" {
		score -= score / 4
	}
	return score, true
}

// told is how many lines say more of what is under the cursor.
const told = 3

// View is the box.
func (d *List) View(w, h int) string {
	t, width := d.env.Theme, min(w, 100)
	inner := width - 4
	lines := []string{t.Paint(themes.Accent, "› ") + d.filter.View(inner-2, t)}
	lines = append(lines, strings.Split(d.list.View(inner, max(1, min(d.most, h-4-told)), t, d.row), "\n")...)
	if len(d.rank) == 0 {
		lines[1] = t.Paint(themes.Dim, "nothing here fits")
	}
	lines = append(lines, t.Paint(themes.Faint, strings.Repeat("─", inner)))
	about := d.about(inner)
	for i := range told {
		line := ""
		if i < len(about) {
			line = about[i]
		}
		lines = append(lines, line)
	}
	return widget.Box(d.title, lines, width, t)
}

// The columns before the help text.
const (
	keyColumn  = 12
	wordColumn = 14
)

func (d *List) row(i, w int) []string {
	t, e := d.env.Theme, d.rows[i]
	if e.Action.Word == "" {
		return []string{t.Paint(themes.Header, text.Clean(e.Section).Truncate(w).String())}
	}
	help, role := text.Clean(e.Action.Help), themes.Text
	if e.Off != "" {
		help, role = text.Sprintf("off: %s", e.Off), themes.Dim
	}
	help = help.Truncate(w - keyColumn - wordColumn)
	rest := t.Paint(role, help.String())
	if e.Run == nil || len(e.Action.Keys) == 0 {
		word := text.Clean(e.Action.Word).Truncate(keyColumn + wordColumn - 1).Pad(keyColumn + wordColumn)
		return []string{t.Paint(themes.Strong, word.String()) + rest}
	}
	key := text.Clean(shown(e.Action.Keys)).Truncate(keyColumn - 1).Pad(keyColumn)
	word := text.Clean(e.Action.Word).Truncate(wordColumn - 1).Pad(wordColumn)
	return []string{t.Paint(themes.Key, key.String()) + t.Paint(themes.Strong, word.String()) + rest}
}

func shown(keys []string) string {
	out := make([]string, len(keys))
	for i, k := range keys {
		out[i] = keymap.Shown(k)
	}
	return strings.Join(out, " ")
}

// about is the entry under the cursor in full, in at most told lines: why it is
// off before anything else.
func (d *List) about(w int) []string {
	e := d.here()
	if e == nil {
		return nil
	}
	t := d.env.Theme
	var lines []string
	add := func(role themes.Role, s text.Safe) {
		for _, l := range widget.Wrap(s, w) {
			if len(lines) < told {
				lines = append(lines, t.Paint(role, l.String()))
			}
		}
	}
	if e.Off != "" {
		add(themes.Warn, text.Sprintf("! off: %s", e.Off))
	}
	add(themes.Text, text.Clean(e.Action.Help))
	more := []string{}
	for _, s := range []string{string(e.Action.ID), e.More} {
		if s != "" {
			more = append(more, s)
		}
	}
	if e.Action.Danger {
		more = append(more, "can change or lose messages")
	}
	add(themes.Dim, text.Clean(strings.Join(more, " · ")))
	return lines
}

// Cursor is in the filter.
func (d *List) Cursor() (x, y int, ok bool) { return 4 + d.filter.CursorX(), 1, true }
