package reader

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"sqscope/backend/decode"
	"sqscope/backend/decode/query"
	"sqscope/ui/screen"
	"sqscope/ui/text"
	"sqscope/ui/widget"
)

type (
	// opened is a body, opened and masked, with the page that is shown first.
	opened struct {
		turn   int
		result decode.Result
		masked bool // masks hide something, whether that was revealed or not
		stage  int
		page   page
	}
	turned struct {
		turn int
		page page
	}
	found struct {
		turn int
		at   []widget.Span
	}
)

// do makes a command of f, which ends with the screen and when the reader wants
// something else.
func (r *Reader) do(f func(ctx context.Context, turn int) tea.Msg) tea.Cmd {
	r.cancel()
	r.turn++
	turn := r.turn
	cmd, stop := r.base.Stoppable(screen.ReadLimit, func(ctx context.Context) tea.Msg { return f(ctx, turn) })
	r.cancel = stop
	return cmd
}

// open opens the message's body and makes its first page ready: the innermost
// layer, or the body as it came where that was being read.
func (r *Reader) open() tea.Cmd {
	m, mode, find, width, revealed := *r.message, r.mode, r.find, r.width, r.revealed
	r.opened, r.page, r.left = nil, nil, widget.Body{}
	masks := r.base.Env.MasksFor(m.Queue, m.Message.Message)
	facts := r.headText()
	return r.do(func(ctx context.Context, turn int) tea.Msg {
		result := decode.Decode(ctx, m.Body, m.MessageAttributes)
		covered := decode.Masked(ctx, result, masks)
		masked := covered.Masked
		if !revealed {
			result = covered
		}
		stage := len(result.Stages) - 1
		return opened{turn, result, masked, stage, pageOf(result, stage, mode, facts, find, width)}
	})
}

// turnTo shows another layer, or the same in another way.
func (r *Reader) turnTo(stage int, mode mode) tea.Cmd {
	if r.mode == formatted {
		r.left = r.body
	}
	r.stage, r.mode, r.page = stage, mode, nil
	result, find, width, facts := *r.opened, r.find, r.width, r.headText()
	return r.do(func(_ context.Context, turn int) tea.Msg {
		return turned{turn, pageOf(result, stage, mode, facts, find, width)}
	})
}

// pageOf makes a layer of a body ready to be shown, laid out for a width if that
// is known.
func pageOf(result decode.Result, stage int, mode mode, facts []fact, find *query.Find, width int) page {
	s := &result.Stages[stage]
	p := page{}
	switch mode {
	case formatted:
		p.doc = readable(s, width)
	case raw:
		s = &result.Stages[0]
		p.doc = widget.Plain(s.Bytes, s.Doc != nil && s.Doc.Source() == s.Bytes)
	case hexed:
		p.doc = widget.Plain(s.Hex(perLine(width)), false)
	case whole:
		p.doc = widget.Plain(inFull(facts, result), false)
	}
	p.find = find
	if mode != hexed {
		p.hidden = text.Hidden(p.doc.Text())
	}
	if find != nil {
		p.found = spans(find, p.doc.Text())
	}
	if width > 0 {
		p.doc = p.doc.At(width) // here, so that the first view need not
	}
	return p
}

// readable is a layer as people read it.
func readable(s *decode.Stage, width int) *widget.Document {
	switch s.Kind {
	case decode.Binary, decode.Gzip, decode.Zlib, decode.Zstd:
		return widget.Plain(s.Hex(perLine(width)), false)
	}
	if s.Doc != nil {
		return widget.Formatted(s.Doc)
	}
	return widget.Plain(s.Text(), false)
}

// perLine is how many bytes have room in a line of hex.
func perLine(width int) int {
	const sixteen = 10 + 16*3 + 1 + 16 // an offset, the bytes, a blank, what they are as text
	if width > 0 && width-widget.BodyRight < sixteen {
		return 8
	}
	return 16
}
