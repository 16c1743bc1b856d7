// Package reader shows one message: what SQS says of it, its attributes, what its
// body is wrapped in, and the body itself, made readable. It is a part of a
// screen, not one: the screen hands on what it does not know itself to
// [Reader.Update] and adds [Reader.Bindings] to its own.
//
// Promises: bodies are opened, masked and laid out in commands, never in Update or
// View, and what nobody waits for any more is given up. What the masks of the
// configuration hide is gone before anything here can show, search or copy it; it
// comes back for one message at a time, when the journal has it that somebody
// asked.
package reader

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"sqscope/backend"
	"sqscope/backend/decode"
	"sqscope/backend/decode/query"
	"sqscope/backend/peek"
	"sqscope/themes"
	"sqscope/ui/screen"
	"sqscope/ui/text"
	"sqscope/ui/widget"
)

// Message is what the reader shows.
type Message struct {
	Queue backend.ARN // where it was read
	peek.Message
}

// Reader is the part of a screen. Make it with [New].
type Reader struct {
	base  *screen.Base
	stand func(peek.Message) (text.Safe, themes.Role)

	message  *Message
	revealed bool // what masks hide of it is shown
	cancel   context.CancelFunc
	turn     int // number of the last command; the results of others are dropped

	opened *decode.Result // nil until it is open
	masked bool           // masks hide something of the message
	stage  int            // of the opened body
	mode   mode
	page   *page // nil until it is made ready
	body   widget.Body
	left   widget.Body // the last that was laid out, for who comes back to it

	find  *query.Find // nil: nothing is looked for
	wrong string      // with what was to be looked for

	width, bodyTop int // of the body as last drawn, and the line where it began
}

// mode is how the chosen layer of a body is shown.
type mode int

const (
	formatted mode = iota
	raw            // the body as it came
	hexed          // the layer byte by byte
	whole          // all that is known beside the body
)

// page is what is shown of a message, made ready.
type page struct {
	doc    *widget.Document
	hidden int // characters that do not want to be seen
	find   *query.Find
	found  []widget.Span // of it
}

// New makes a reader for a screen. Stand says how a message stands: its state, how
// often it was received and what that means.
func New(base *screen.Base, stand func(peek.Message) (text.Safe, themes.Role)) *Reader {
	return &Reader{base: base, stand: stand, body: widget.Body{Pointed: true}, cancel: func() {}}
}

// Show brings a message into the reader. Of the one that is there only the facts
// are renewed: a body does not change.
func (r *Reader) Show(m Message) tea.Cmd {
	same := r.message != nil && r.message.MessageId == m.MessageId && r.message.Queue == m.Queue
	r.message = &m
	if same {
		return nil
	}
	r.revealed = false
	if r.mode != raw {
		r.mode = formatted
	}
	return r.open()
}

// Clear shows nothing.
func (r *Reader) Clear() {
	r.cancel()
	r.turn++
	r.message, r.opened, r.page, r.revealed, r.masked = nil, nil, nil, false, false
}

// Result is the message's body as it was opened, masked unless it was revealed;
// nil until it is open.
func (r *Reader) Result() *decode.Result { return r.opened }

// Text is what is shown, unfolded, and what that is: what a copy or a pager gets.
// It is "" until it is made ready.
func (r *Reader) Text() (shown string, kind decode.Kind) {
	switch {
	case r.page == nil:
		return "", decode.Text
	case r.mode == hexed || r.mode == whole:
		return r.page.doc.Text(), decode.Text
	case r.mode == raw:
		return r.page.doc.Text(), r.opened.Stages[0].Kind
	}
	return r.page.doc.Text(), r.opened.Stages[r.stage].Kind
}

// Masked tells whether something of the message is hidden now.
func (r *Reader) Masked() bool { return r.opened != nil && r.opened.Masked }

// Path is the jq expression for the line under the cursor in the message object
// of queries, or "" where there is none: lines of JSON that was laid out have one,
// in the innermost layer and in the body itself.
func (r *Reader) Path() string {
	if r.page == nil || r.mode != formatted {
		return ""
	}
	path := r.body.Path()
	switch {
	case path == "":
		return ""
	case r.stage == len(r.opened.Stages)-1:
		return below(".json", path)
	case r.stage == 0 && r.opened.Stages[0].Doc.Source() == r.opened.Stages[0].Bytes:
		return below("(.body | fromjson)", path)
	}
	return ""
}

// below is a path that goes on from an expression.
func below(expr, path string) string {
	if path == "." || len(path) > 1 && path[1] == '[' {
		return expr + path[1:]
	}
	return expr + path
}

// Move moves the cursor in the body by so many rows, up if negative.
func (r *Reader) Move(by int) { r.body.Move(by) }

// Scroll moves what is seen by so many rows, up if negative.
func (r *Reader) Scroll(by int) { r.body.Scroll(by) }

// Page is how many rows a page has, at least one.
func (r *Reader) Page() int { return r.body.Page() }

// Click puts the cursor on a line of the last View.
func (r *Reader) Click(y int) {
	if r.page != nil && y >= r.bodyTop && y < r.bodyTop+r.body.Page() {
		r.body.Point(y - r.bodyTop)
	}
}

// Update takes the results of the reader's commands, and nothing else.
func (r *Reader) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case opened:
		if msg.turn == r.turn {
			r.opened, r.masked, r.stage = &msg.result, msg.masked, msg.stage
			return r.take(msg.page)
		}
	case turned:
		if msg.turn == r.turn {
			return r.take(msg.page)
		}
	case found:
		if msg.turn == r.turn {
			r.body.Found(msg.at)
		}
	case journaled:
		return r.reveal(msg)
	case compared:
		msg.to.show(msg.with)
	}
	return nil
}

// take shows a page that has been made ready.
func (r *Reader) take(p page) tea.Cmd {
	r.page = &p
	if was := r.left.Document(); r.mode == formatted && was != nil && was.Text() == p.doc.Text() {
		r.body = r.left
	}
	r.body.SetDocument(p.doc)
	r.body.EndFound()
	switch {
	case r.find == nil:
	case r.find != p.find:
		return r.seek() // it was typed while the page was made
	default:
		r.body.Found(p.found)
	}
	return nil
}
