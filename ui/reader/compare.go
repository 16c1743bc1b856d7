package reader

import (
	"cmp"
	"context"
	"maps"
	"slices"

	tea "charm.land/bubbletea/v2"

	"sqscope/backend"
	"sqscope/backend/decode"
	"sqscope/backend/decode/document"
	"sqscope/keymap"
	"sqscope/ui/screen"
)

// Compare shows over the screen how the second message differs from the first
// one: in its attributes, in the innermost layer of its body by paths if both are
// JSON, and line by line. What masks hide is hidden here too.
func (r *Reader) Compare(a, b Message) tea.Cmd {
	d := &comparison{env: r.base.Env, a: a, b: b}
	masksA, masksB := d.env.MasksFor(a.Queue, a.Message.Message), d.env.MasksFor(b.Queue, b.Message.Message)
	cmd, stop := r.base.Stoppable(screen.ReadLimit, func(ctx context.Context) tea.Msg {
		return compared{d, differenceOf(ctx,
			decode.Masked(ctx, decode.Decode(ctx, a.Body, a.MessageAttributes), masksA), a.Message.Message,
			decode.Masked(ctx, decode.Decode(ctx, b.Body, b.MessageAttributes), masksB), b.Message.Message)}
	})
	d.close = stop
	d.env.Host.Ask(d)
	return cmd
}

// compared brings what was found to the dialog that waits for it.
type compared struct {
	to   *comparison
	with difference
}

// difference is how one message differs from another.
type difference struct {
	changes []document.Change // of attributes and, where both bodies are JSON, of those
	whole   bool              // these are all
	pairs   []pair
	masked  bool
}

// pair is a line of each body beside the other. In one that is Added or Removed
// only one of them is there.
type pair struct {
	op   document.Op
	a, b string
}

func differenceOf(ctx context.Context, a decode.Result, ma backend.Message, b decode.Result, mb backend.Message) difference {
	d := difference{whole: true, masked: a.Masked || b.Masked}
	if docA, docB := a.Last().Doc, b.Last().Doc; docA != nil && docB != nil {
		d.changes, d.whole = document.Compare(ctx, docA, docB)
		for i := range d.changes {
			d.changes[i].Path = below(".json", d.changes[i].Path)
		}
	}
	if chainA, chainB := a.Chain(), b.Chain(); chainA != chainB {
		d.changes = append(d.changes, document.Change{Op: document.Changed, Path: ".body (layers)", Old: chainA, New: chainB})
	}
	d.changes = append(d.changes, attributeChanges(ma.MessageAttributes, mb.MessageAttributes)...)
	for _, name := range []string{backend.SysMessageGroupId, backend.SysMessageDeduplicationId, backend.SysAWSTraceHeader} {
		d.changes = append(d.changes, changeOf(".attributes."+name, ma.Attributes[name], mb.Attributes[name])...)
	}
	d.pairs = pairsOf(document.CompareLines(ctx, a.Last().Text(), b.Last().Text()))
	return d
}

func attributeChanges(a, b map[string]backend.MessageAttribute) []document.Change {
	names := map[string]bool{}
	for _, attributes := range []map[string]backend.MessageAttribute{a, b} {
		for name := range attributes {
			names[name] = true
		}
	}
	var all []document.Change
	for _, name := range slices.Sorted(maps.Keys(names)) {
		all = append(all, changeOf(".messageAttributes."+name, wordsOf(a, name), wordsOf(b, name))...)
	}
	return all
}

func wordsOf(attributes map[string]backend.MessageAttribute, name string) string {
	a, ok := attributes[name]
	if !ok {
		return ""
	}
	return AttributeWords(a)
}

// changeOf is the difference between two values, of which none is empty.
func changeOf(path, a, b string) []document.Change {
	op := document.Changed
	switch {
	case a == b:
		return nil
	case a == "":
		op = document.Added
	case b == "":
		op = document.Removed
	}
	return []document.Change{{Op: op, Path: path, Old: a, New: b}}
}

// pairsOf puts removed lines beside the added ones in their place.
func pairsOf(lines []document.Line) []pair {
	pairs := make([]pair, 0, len(lines))
	for i := 0; i < len(lines); {
		if lines[i].Op == document.Same {
			pairs = append(pairs, pair{document.Same, lines[i].Text, lines[i].Text})
			i++
			continue
		}
		gone, added := i, i
		for added < len(lines) && lines[added].Op == document.Removed {
			added++
		}
		end := added
		for end < len(lines) && lines[end].Op == document.Added {
			end++
		}
		for k := range max(added-gone, end-added) {
			switch {
			case gone+k >= added:
				pairs = append(pairs, pair{document.Added, "", lines[added+k].Text})
			case added+k >= end:
				pairs = append(pairs, pair{document.Removed, lines[gone+k].Text, ""})
			default:
				pairs = append(pairs, pair{document.Changed, lines[gone+k].Text, lines[added+k].Text})
			}
		}
		i = end
	}
	return pairs
}

// comparison is the dialog.
type comparison struct {
	env   *screen.Env
	a, b  Message
	close context.CancelFunc
	with  *difference // nil until it is known

	paths bool   // the differences by path, else by line
	all   bool   // all lines, else those around the differences
	items []item // what is shown then
	top   at     // of it

	w, height int // as last drawn
	most      int // lines that there were
}

// item is what a comparison shows of one pair, of lines that are the same and left
// out, or of one path. Its rows depend on the width and are made for what is seen
// alone.
type item struct {
	at     int  // the pair or the change
	alike  int  // lines that are left out
	begins bool // a place that differs begins here
}

// at is a row of an item.
type at struct{ item, row int }

// show takes the differences.
func (d *comparison) show(with difference) {
	d.with = &with
	d.paths = with.sameLines() && len(with.changes) > 0
	d.arrange()
}

// around is how many lines are shown before and after a difference.
const around = 3

// arrange makes the items anew and goes to their beginning.
func (d *comparison) arrange() {
	d.top, d.items = at{}, nil
	if d.paths {
		for i := range max(1, len(d.with.changes)) {
			d.items = append(d.items, item{at: i, begins: true})
		}
		return
	}
	pairs, near := d.with.pairs, d.near()
	for i := 0; i < len(pairs); i++ {
		from := i
		for i < len(pairs) && !near[i] {
			i++
		}
		if i > from {
			d.items = append(d.items, item{at: from, alike: i - from})
		}
		if i < len(pairs) {
			d.items = append(d.items, item{at: i, begins: pairs[i].op != document.Same && (i == 0 || pairs[i-1].op == document.Same)})
		}
	}
}

// near tells which lines are shown: all, or those around what differs.
func (d *comparison) near() []bool {
	pairs := d.with.pairs
	near := make([]bool, len(pairs))
	for i, p := range pairs {
		if d.all {
			near[i] = true
		}
		if p.op == document.Same {
			continue
		}
		for k := max(0, i-around); k <= min(len(pairs)-1, i+around); k++ {
			near[k] = true
		}
	}
	return near
}

// Update takes a key.
func (d *comparison) Update(msg tea.Msg) tea.Cmd {
	key, ok := msg.(tea.KeyPressMsg)
	if !ok {
		return nil
	}
	stroke := key.String()
	is := func(actions ...keymap.ID) bool {
		return slices.ContainsFunc(actions, func(id keymap.ID) bool { return d.env.Keys.Matches(id, stroke) })
	}
	switch {
	case is(keymap.Back, keymap.Quit):
		d.close()
		d.env.Host.Dismiss()
	case d.with == nil:
	case is(keymap.ComparePaths):
		d.paths = !d.paths
		d.arrange()
	case is(keymap.CompareWhole):
		d.all = !d.all
		d.arrange()
	case is(keymap.CompareNext):
		d.jump(1)
	case is(keymap.ComparePrev):
		d.jump(-1)
	default:
		for _, b := range screen.Moves(func(by int) tea.Cmd { d.scroll(by); return nil }, func() int { return d.height }) {
			if is(b.Action) {
				return b.Run()
			}
		}
	}
	return nil
}

// scroll moves what is seen by so many rows, up if negative.
func (d *comparison) scroll(by int) {
	switch {
	case by <= -screen.Far:
		d.top = at{}
	case by >= screen.Far:
		d.top = at{item: len(d.items)}
	}
	if by > -screen.Far && by < screen.Far {
		for ; by > 0; by-- {
			d.step(1)
		}
		for ; by < 0; by++ {
			d.step(-1)
		}
	}
	d.settle()
}

// step goes a row down or up, and tells whether there was one.
func (d *comparison) step(by int) bool {
	switch {
	case by > 0 && d.top.item >= len(d.items), by < 0 && d.top == (at{}):
		return false
	case by > 0 && d.top.row+1 < len(d.lay(d.items[d.top.item])):
		d.top.row++
	case by > 0:
		d.top = at{item: d.top.item + 1}
	case d.top.row > 0:
		d.top.row--
	default:
		d.top = at{d.top.item - 1, len(d.lay(d.items[d.top.item-1])) - 1}
	}
	return true
}

// settle goes up as long as there is room under the last row.
func (d *comparison) settle() {
	for n := len(d.seen(d.height)); n < d.height && d.step(-1); n++ {
	}
}

// jump goes to the next place that differs, or to the one before.
func (d *comparison) jump(by int) {
	for i := d.top.item + by; i >= 0 && i < len(d.items); i += by {
		if d.items[i].begins {
			d.top = at{item: i}
			d.settle()
			return
		}
	}
}

// Cursor is nowhere: nothing is typed.
func (d *comparison) Cursor() (x, y int, ok bool) { return 0, 0, false }

// sameLines tells whether no line differs.
func (d *difference) sameLines() bool {
	return !slices.ContainsFunc(d.pairs, func(p pair) bool { return p.op != document.Same })
}

// counts are how many differences there are of each sort.
func (d *difference) counts() (changed, added, removed int) {
	for _, c := range d.changes {
		switch c.Op {
		case document.Changed:
			changed++
		case document.Added:
			added++
		case document.Removed:
			removed++
		}
	}
	return changed, added, removed
}

// sign is what stands before a line of this sort.
func sign(op document.Op) string {
	return cmp.Or(map[document.Op]string{document.Added: "+", document.Removed: "-", document.Changed: "~"}[op], " ")
}
