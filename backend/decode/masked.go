package decode

import (
	"context"
	"strings"

	"sqscope/backend/config"
	"sqscope/backend/decode/document"
)

// Masked is the result with what the masks cover replaced by [Hidden], in every
// stage: whatever is made of it, on a screen, in a search, a copy or an export,
// cannot tell more. The masks are those of the queue; of several, all hold.
//
// The paths of a mask begin at the body, at what each stage wraps, and at every
// JSON document in a string, whatever it is packed in; a path also goes on from a
// string into the document in it. A layer that cannot be written anew around what
// is left, such as base64 or gzip, is hidden whole.
//
// A mask that denies hides the values that its paths lead to; a body that is no
// JSON stays as it is, unless it was not opened to the end. A mask that allows
// hides all else, the names of members too, and a body that is no JSON whole.
func Masked(ctx context.Context, r Result, masks []config.Mask) Result {
	rules := rulesOf(masks)
	if len(rules) == 0 || len(r.Stages) == 0 {
		return r
	}
	m := masker{opener: opener{ctx: ctx, left: r.limits.Unpacked, limits: r.limits}, rules: rules}
	for _, rule := range rules {
		m.denies = m.denies || !rule.allow
	}
	stages, touch := m.stages(r.Stages, r.Stop, rooted(rules, nil))
	if touch == untouched {
		return r
	}
	r.Stages, r.Masked = stages, true
	return r
}

// touched says what masks have done to a stage.
type touched int

const (
	untouched touched = iota
	altered           // some of it is hidden, and its bytes say what is left
	covered           // its bytes are hidden whole
)

type masker struct {
	opener
	rules  []rule
	denies bool // one of the rules does
}

// stages masks a chain from its first stage on.
func (m *masker) stages(stages []Stage, stop Stop, v view) ([]Stage, touched) {
	s, rest := stages[0], stages[1:]
	switch {
	case len(rest) == 0 && stop != StopWhole:
		return cover(stages), covered
	case s.Doc != nil:
		return m.document(s, rest, stop, v)
	case len(rest) > 0:
		below, touch := m.stages(rest, stop, rooted(m.rules, v))
		if touch == untouched {
			return stages, untouched
		}
		return append(cover(stages[:1]), below...), covered
	case v.dim(m.rules):
		return cover(stages), covered
	}
	return stages, untouched
}

// cover hides stages whole.
func cover(stages []Stage) []Stage {
	out := make([]Stage, len(stages))
	for i, s := range stages {
		out[i] = Stage{Kind: s.Kind, Bytes: Hidden, hidden: true}
	}
	return out
}

// document masks a stage that is one, and those that are in it.
func (m *masker) document(s Stage, rest []Stage, stop Stop, v view) ([]Stage, touched) {
	if len(rest) > 0 && !s.inner.Exists() {
		return cover(append([]Stage{s}, rest...)), covered // masked before: nobody knows where the rest stands
	}
	w := walk{masker: m, stage: s, rest: rest, stop: stop, below: cover(rest)}
	seen := w.node(s.Doc.Root(), v)
	if len(w.edits) == 0 {
		return append([]Stage{s}, w.below...), untouched
	}
	if !seen {
		return append(cover([]Stage{s}), w.below...), covered
	}
	text := apply(s.Doc.Source(), w.edits)
	out := Stage{Kind: s.Kind, Bytes: text, Doc: made(text)}
	if s.Kind == Form || s.Kind == Protobuf {
		out.Bytes = Hidden // the document says what is left, and no bytes could
		return append([]Stage{out}, w.below...), covered
	}
	return append([]Stage{out}, w.below...), altered
}

// walk goes through a document and collects what is to be written in the place of
// what. Its recursion is as deep as the document, which is limited.
type walk struct {
	*masker
	stage Stage
	rest  []Stage // those that are in it
	stop  Stop
	below []Stage // the rest, masked
	edits []edit  // in order, none in another
}

// edit replaces a piece of a document.
type edit struct {
	start, end int
	text       string
}

func apply(src string, edits []edit) string {
	var b strings.Builder
	b.Grow(len(src))
	last := 0
	for _, e := range edits {
		b.WriteString(src[last:e.start])
		b.WriteString(e.text)
		last = e.end
	}
	b.WriteString(src[last:])
	return b.String()
}

var hiddenJSON = document.Quote(Hidden)

func (w *walk) replace(n document.Node, text string) {
	start, end := n.Span()
	w.edits = append(w.edits, edit{start, end, text})
}

// node masks a value, and tells whether any of it is left to see.
func (w *walk) node(n document.Node, v view) bool {
	dim := v.dim(w.rules)
	switch {
	case !dim && !w.denies:
		if w.holds(n) {
			w.below = w.rest
		}
		return true
	case len(w.rest) > 0 && w.stage.inner.Is(n):
		return w.inner(n, v)
	case n.Kind() == document.String:
		return w.text(n, v, dim)
	case n.Len() == 0:
		if dim {
			w.replace(n, hiddenJSON)
		}
		return !dim
	}
	return w.container(n, v, dim)
}

// holds tells whether the next stage stands in the value.
func (w *walk) holds(n document.Node) bool {
	if len(w.rest) == 0 || !w.stage.inner.Exists() {
		return false
	}
	start, end := n.Span()
	at, _ := w.stage.inner.Span()
	return start <= at && at < end
}

func (w *walk) container(n document.Node, v view, dim bool) bool {
	mark, seen, gone, last := len(w.edits), false, false, 0
	isArray := n.Kind() == document.Array
	var in view
	var hide bool
	if isArray {
		in, hide = enter(w.rules, v, "", true) // the same for all of them
	}
	for child := range n.Values() {
		if !isArray {
			in, hide = enter(w.rules, v, child.Name(), false)
		}
		before, left := len(w.edits), false
		if hide {
			w.replace(child, hiddenJSON)
		} else {
			left = w.node(child, in)
		}
		seen = seen || left
		_, end := child.Span()
		if dim && !left && !isArray {
			// All members of which nothing is left become one.
			w.edits = w.edits[:before]
			if gone {
				w.edits = append(w.edits, edit{last, end, ""})
			} else {
				w.edits = append(w.edits, edit{child.NameStart(), end, hiddenJSON + ":" + hiddenJSON})
			}
			gone = true
		}
		last = end
	}
	if dim && !seen {
		w.edits = w.edits[:mark]
		w.replace(n, hiddenJSON)
		return false
	}
	return true
}

// inner masks the stages that stand in this value.
func (w *walk) inner(n document.Node, v view) bool {
	below, touch := w.stages(w.rest, w.stop, rooted(w.rules, v))
	w.below = below
	return w.rewrite(n, below[0].Bytes, touch)
}

// rewrite puts a masked text in the place of a value.
func (w *walk) rewrite(n document.Node, text string, touch touched) bool {
	switch touch {
	case covered:
		w.replace(n, hiddenJSON)
		return false
	case altered:
		if n.Kind() == document.String {
			text = document.Quote(text)
		}
		w.replace(n, text)
	}
	return true
}

// shortest is how long a text must be to hold a document with a value that a path
// leads to.
const shortest = len(`{"":0}`)

// text masks a string, and what it may hold.
func (w *walk) text(n document.Node, v view, dim bool) bool {
	if content := n.Text(); len(content) >= shortest {
		r := w.chain(content)
		if doc := r.Stages[0].Doc; len(r.Stages) > 1 || r.Stop != StopWhole || doc != nil && container(doc.Root()) {
			stages, touch := w.stages(r.Stages, r.Stop, rooted(w.rules, v))
			return w.rewrite(n, stages[0].Bytes, touch)
		}
	}
	if dim {
		w.replace(n, hiddenJSON)
	}
	return !dim
}
