package reader

import (
	"slices"
	"strings"

	"sqscope/backend/decode"
	"sqscope/keymap"
	"sqscope/themes"
	"sqscope/ui/format"
	"sqscope/ui/text"
	"sqscope/ui/widget"
)

// View draws the message as h lines of w cells: its head, a rule that says what of
// the body is shown, the body, and where the cursor is in it. While the reader is
// active, the keys are its own.
func (r *Reader) View(w, h int, active bool) string {
	t := r.base.Env.Theme
	if r.message == nil {
		return widget.Center(t.Paint(themes.Dim, "no message"), w, h)
	}
	var lines []string
	if r.mode != whole {
		lines = r.head(w, h/2)
	}
	lines = append(lines, r.rule(w, active))
	for i := range lines {
		lines[i] = widget.Fit(lines[i], w)
	}
	rest := h - len(lines) - 1
	r.bodyTop, r.width = len(lines), w-widget.BodyGutter
	if r.page == nil {
		return strings.Join(lines, "\n") + "\n" + widget.Center(t.Paint(themes.Dim, "making it readable …"), w, rest+1)
	}
	r.body.Active = active
	return strings.Join(lines, "\n") + "\n" + r.body.View(w, rest, t) + "\n" + r.foot(w)
}

// head are the facts in at most room lines. What has no room is counted, with the
// key that shows it.
func (r *Reader) head(w, room int) []string {
	t := r.base.Env.Theme
	facts := r.facts()
	if r.opened != nil {
		if stages := len(r.opened.Stages); stages > 1 || r.opened.Stop != decode.StopWhole {
			facts = append(facts, fact{name: "opened", value: chain(r.opened, r.stage), role: themes.Accent})
		}
		if why := r.opened.Stop.Words(); why != "" {
			facts = append(facts, fact{name: "not all", value: why, role: themes.Warn})
		}
		facts = append(facts, envelope(r.opened)...)
	}
	facts = slices.Concat(facts, r.attributes(), r.asides())
	const least = 9
	label := least
	for _, f := range facts {
		label = max(label, min(text.Clean(f.name).Width(), w/3))
	}
	var lines []string
	cut := false
	for _, f := range facts {
		more, short := briefly(f, label, w)
		cut = cut || short
		for _, l := range more {
			lines = append(lines, t.Paint(themes.Dim, l[0].String()+" ")+t.Paint(f.role, l[1].String()))
		}
	}
	key := r.base.Env.Keys.Action(keymap.ReaderHead).Key()
	switch {
	case len(lines) > room && room > 1:
		words := format.Plural(len(lines)-room+1, "more line")
		return append(lines[:room-1], t.Paint(themes.Dim, text.Sprintf("… %s: %s shows all", words, key).Truncate(w).String()))
	case len(lines) > room:
		return lines[:max(room, 0)]
	case cut && len(lines) < room:
		return append(lines, t.Paint(themes.Dim, text.Sprintf("%s shows what is cut off", key).Truncate(w).String()))
	}
	return lines
}

// briefly is a fact in at most two lines of a label and words, and whether that
// cuts it short. The type of an attribute is said all the same.
func briefly(f fact, label, w int) (lines [][2]text.Safe, short bool) {
	const most = 2
	room := max(1, w-label-1)
	if limit := 4 * most * room; len(f.value) > limit { // bytes of a cell, in most scripts
		f.value, short = strings.ToValidUTF8(f.value[:limit], ""), true
	}
	name := text.Clean(f.name).Pad(label)
	for i, l := range widget.Wrap(text.Clean(f.words()), room) {
		if i == most {
			short = true
			break
		}
		lines = append(lines, [2]text.Safe{name, l})
		name = text.Safe{}.Pad(label)
	}
	if short {
		end := text.Safe{}
		if f.kind != "" {
			end = text.Clean("  " + f.kind).Truncate(room / 2)
		}
		last := &lines[len(lines)-1][1]
		*last = text.Join(last.Truncate(min(room-end.Width(), last.Width()-1)), end)
	}
	return lines, short
}

// rule says what of the body is shown.
func (r *Reader) rule(w int, active bool) string {
	t, words := r.base.Env.Theme, []string{}
	switch {
	case r.mode == whole:
		words = append(words, "all that is known of it")
	case r.opened == nil:
		words = append(words, "body")
	case r.mode == raw:
		words = append(words, "body as it came")
	case r.mode == hexed:
		words = append(words, r.opened.Stages[r.stage].Kind.String()+", byte by byte")
	default:
		words = append(words, r.opened.Stages[r.stage].Kind.String())
	}
	if r.mode != whole && r.opened != nil {
		switch {
		case r.opened.Masked:
			words = append(words, "masked")
		case r.revealed:
			words = append(words, "UNMASKED")
		}
	}
	if p := r.page; p != nil && p.hidden > 0 {
		words = append(words, format.Plural(p.hidden, "hidden character")+" shown")
	}
	if s := r.body.MatchWords(); s != "" && r.page != nil {
		words = append(words, s)
	}
	role := themes.Faint
	if active {
		role = themes.Accent
	}
	title := text.Clean("── " + strings.Join(words, " · ") + " ").Truncate(w)
	return t.Paint(role, title.String()+strings.Repeat("─", max(0, w-title.Width())))
}

// foot says where the cursor is: its path, and its line.
func (r *Reader) foot(w int) string {
	t := r.base.Env.Theme
	if r.wrong != "" {
		return widget.Fit(t.Paint(themes.Bad, text.Clean("✗ "+r.wrong).Truncate(w).String()), w)
	}
	line, lines, offset, bytes := r.body.Position()
	where := "line " + format.Count(line) + " of " + format.Count(lines)
	if lines == 1 && bytes > 1000 {
		where = "byte " + format.Count(offset) + " of " + format.Count(bytes)
	}
	right := text.Const(where).Truncate(w)
	path := text.Clean(r.Path()).TruncateMiddle(w - right.Width() - 2)
	if path.Width() < 2 {
		path = text.Safe{}
	}
	gap := max(0, w-path.Width()-right.Width())
	return widget.Fit(t.Paint(themes.JSONKey, path.String())+strings.Repeat(" ", gap)+t.Paint(themes.Dim, right.String()), w)
}
