package reader

import (
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"sqscope/keymap"
	"sqscope/themes"
	"sqscope/ui/screen"
	"sqscope/ui/text"
)

// Bindings are the reader's actions, the most useful first: while it is active
// those of its cursor too.
func (r *Reader) Bindings(active bool) []screen.Binding {
	turn := func(m mode) func() tea.Cmd { return func() tea.Cmd { return r.turnTo(r.stage, r.other(m)) } }
	look := screen.Binding{Action: keymap.ReaderRaw, Off: r.notOpen, Run: turn(raw)}
	layers := []screen.Binding{
		{Action: keymap.ReaderOuter, Off: r.noOuter, Run: func() tea.Cmd { return r.turnTo(r.stage-1, formatted) }},
		{Action: keymap.ReaderInner, Off: r.noInner, Run: func() tea.Cmd { return r.turnTo(r.stage+1, formatted) }},
		{Action: keymap.ReaderHead, Off: r.notOpen, Run: turn(whole)},
	}
	rare := []screen.Binding{
		{Action: keymap.ReaderReveal, Off: r.noReveal, Run: r.askReveal},
		{Action: keymap.ReaderBytes, Off: r.notOpen, Run: turn(hexed)},
	}
	if !active {
		return slices.Concat([]screen.Binding{look}, layers, rare)
	}
	matches := []screen.Binding{
		{Action: keymap.ReaderNext, Off: r.noMatch, Run: do(r.body.Next)},
		{Action: keymap.ReaderPrev, Off: r.noMatch, Run: do(r.body.Prev)},
	}
	fold := []screen.Binding{
		{Action: keymap.ReaderFold, Off: r.noFold, Run: do(func() { r.body.FoldHere() })},
		{Action: keymap.ReaderUnfold, Off: r.nothingFolded, Run: r.unfold},
	}
	more := []screen.Binding{
		{Action: keymap.ReaderPath, Off: r.noPath, Run: r.copyPath},
		{Action: keymap.ReaderFoldAll, Off: r.noFold, Run: do(func() { r.body.FoldTo(1) })},
		{Action: keymap.ReaderDeeper, Off: r.nothingFolded, Run: do(r.body.Deeper)},
		{Action: keymap.ReaderOpenAll, Off: r.nothingFolded, Run: do(r.body.UnfoldAll)},
	}
	if r.noMatch() == "" {
		return slices.Concat(matches, []screen.Binding{look}, fold, layers, rare, more)
	}
	return slices.Concat([]screen.Binding{look}, fold, layers, rare, more, matches)
}

func do(f func()) func() tea.Cmd { return func() tea.Cmd { f(); return nil } }

func (r *Reader) unfold() tea.Cmd {
	if !r.body.UnfoldHere() {
		return r.base.Env.Host.Say(themes.Dim, text.Const("nothing is folded in this line"))
	}
	return nil
}

func (r *Reader) copyPath() tea.Cmd {
	path := r.Path()
	return r.base.Env.Host.Clipboard(text.Sprintf("the path %s", path), path)
}

// other is the mode, or if it is on already the formatted one.
func (r *Reader) other(m mode) mode {
	if r.mode == m {
		return formatted
	}
	return m
}

func (r *Reader) notOpen() string {
	switch {
	case r.message == nil:
		return "there is no message"
	case r.opened == nil:
		return "the body is being opened"
	}
	return ""
}

func (r *Reader) noOuter() string {
	if why := r.notOpen(); why != "" {
		return why
	}
	if r.stage == 0 {
		return "this is the outermost layer"
	}
	return ""
}

func (r *Reader) noInner() string {
	if why := r.notOpen(); why != "" {
		return why
	}
	if r.stage == len(r.opened.Stages)-1 {
		return "this is the innermost layer"
	}
	return ""
}

func (r *Reader) noFold() string {
	switch {
	case r.page == nil:
		return "nothing is shown yet"
	case !r.body.Foldable():
		return "only JSON that is laid out can be folded"
	}
	return ""
}

func (r *Reader) nothingFolded() string {
	if !r.body.Folded() {
		return "nothing is folded"
	}
	return ""
}

func (r *Reader) noPath() string {
	if r.Path() == "" {
		return "paths are of JSON that is laid out, in the innermost layer and in the body itself"
	}
	return ""
}

func (r *Reader) noMatch() string {
	if !r.Searching() {
		keys := r.base.Env.Keys.Action(keymap.Filter).Keys
		return "nothing has been searched for; " + strings.Join(keys, " or ") + " searches"
	}
	if _, of := r.body.Matches(); of == 0 {
		return "nothing was found"
	}
	return ""
}
