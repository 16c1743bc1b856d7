package admin

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"sqscope/backend"
	"sqscope/backend/jsonline"
)

const (
	// MaxDocument is the largest JSON document that is read, in bytes.
	MaxDocument = 1 << 20

	// patience is how long a client may take over the next piece of what is sent
	// or read; a whole snapshot may take longer.
	patience = time.Minute
	// farewell is how long it has once its request is over.
	farewell = time.Second
)

// call is a request and its answer, which it paces: each piece has its own
// deadline.
type call struct {
	w        http.ResponseWriter
	r        *http.Request
	control  *http.ResponseController
	segments []string // of the path, those that the route has in braces
	query    url.Values
	begun    bool // the status is on its way
}

func newCall(w http.ResponseWriter, r *http.Request) *call {
	h := w.Header()
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	return &call{w: w, r: r, control: http.NewResponseController(w)}
}

// bound has reading end with the request's context, and writing soon after.
// Whoever calls it must call what it returns before the request is over.
func (c *call) bound() (release func()) {
	done := make(chan struct{})
	stop := context.AfterFunc(c.r.Context(), func() {
		defer close(done)
		c.readBy(time.Unix(1, 0))
		c.writeBy(time.Now().Add(farewell))
	})
	return func() {
		if !stop() {
			<-done
		}
	}
}

// readBy and writeBy set deadlines. A handler without a connection has none,
// and a connection that is gone says so when it is used.
func (c *call) readBy(t time.Time)  { _ = c.control.SetReadDeadline(t) }
func (c *call) writeBy(t time.Time) { _ = c.control.SetWriteDeadline(t) }

// Header, WriteHeader and Write make a call the [http.ResponseWriter] of its
// answer.
func (c *call) Header() http.Header { return c.w.Header() }

func (c *call) WriteHeader(status int) {
	c.begin()
	c.w.WriteHeader(status)
}

func (c *call) Write(b []byte) (int, error) {
	c.begin()
	return c.w.Write(b)
}

// begin begins to write a piece of the answer.
func (c *call) begin() {
	c.begun = true
	c.writeBy(time.Now().Add(patience))
	if c.r.Context().Err() != nil { // ended before the deadline was set
		c.writeBy(time.Now().Add(farewell))
	}
}

// answer sends a JSON document.
func (c *call) answer(status int, doc any) error {
	b, err := encode(doc)
	if err != nil {
		return err
	}
	send(c, status, b)
	return nil
}

// done says that it was done and that there is nothing more to say.
func (c *call) done() error {
	c.WriteHeader(http.StatusNoContent)
	return nil
}

// encode makes JSON on one line that a terminal can be shown.
func encode(doc any) ([]byte, error) {
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(doc); err != nil {
		return nil, fmt.Errorf("the answer cannot be written as JSON: %w", err)
	}
	return jsonline.Escape([]byte(b.String())), nil
}

func send(w http.ResponseWriter, status int, doc []byte) {
	h := w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("Content-Length", strconv.Itoa(len(doc)))
	w.WriteHeader(status)
	_, _ = w.Write(doc) // a client that is gone needs no answer
}

// only refuses parameters in the URL that the resource does not have.
func (c *call) only(names ...string) error {
	for name := range c.query {
		if !slices.Contains(names, name) {
			expected := "no parameter was expected"
			if len(names) > 0 {
				expected = "one of " + strings.Join(names, ", ") + " was expected"
			}
			return wrong(name, "there is no such parameter", expected)
		}
	}
	return nil
}

// number is a parameter that is a whole number of so many bits, or def if it is
// not there.
func (c *call) number(name string, def uint64, bits int) (uint64, error) {
	if !c.query.Has(name) {
		return def, nil
	}
	n, err := strconv.ParseUint(c.query.Get(name), 10, bits)
	if err != nil {
		return 0, wrong(name, fmt.Sprintf("%q is no number that is possible here", c.query.Get(name)), "a whole number was expected")
	}
	return n, nil
}

// document reads the body as one JSON document and nothing else; expected says
// what it should have been.
func (c *call) document(into any, expected string) error {
	dec := json.NewDecoder(c.body(MaxDocument))
	dec.DisallowUnknownFields()
	err := dec.Decode(into)
	if err == nil {
		if _, more := dec.Token(); errors.Is(more, io.EOF) {
			return nil
		} else if err = more; err == nil {
			err = errors.New("something follows the document")
		}
	}
	if cause := unread(err); cause != nil {
		return cause
	}
	return wrong("the body", complaint(err), expected)
}

// body is what the client sends, of up to max bytes. Each piece must come in
// time.
func (c *call) body(max int64) io.Reader {
	return &pacedReader{c: c, in: http.MaxBytesReader(c.w, c.r.Body, max)}
}

type pacedReader struct {
	c   *call
	in  io.Reader
	err error // after the end there is no deadline to set: it would end the wait for the client's leaving
}

func (p *pacedReader) Read(b []byte) (n int, err error) {
	if p.err != nil {
		return 0, p.err
	}
	p.c.readBy(time.Now().Add(patience))
	if p.c.r.Context().Err() != nil { // ended before the deadline was set
		p.c.readBy(time.Unix(1, 0))
	}
	n, p.err = p.in.Read(b)
	return n, p.err
}

// unread is the error for a body that could not be read, nil if that was not
// what went wrong.
func unread(err error) error {
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		return &backend.Error{
			Kind: backend.KindInvalid, Status: http.StatusRequestEntityTooLarge, Subject: "the body",
			Message: fmt.Sprintf("is larger than %d bytes", tooLarge.Limit), Err: err,
		}
	case errors.Is(err, os.ErrDeadlineExceeded):
		return &backend.Error{
			Kind: backend.KindTimeout, Status: http.StatusRequestTimeout, Subject: "the body", Message: "did not come in time", Err: err,
		}
	}
	return nil
}

// complaint is what is wrong with a document, without the names of Go's types.
func complaint(err error) string {
	var kind *json.UnmarshalTypeError
	var syntax *json.SyntaxError
	switch {
	case errors.Is(err, io.EOF):
		return "is empty"
	case errors.Is(err, io.ErrUnexpectedEOF):
		return "ends too early"
	case errors.As(err, &kind) && kind.Field == "":
		return "is of type " + kind.Value
	case errors.As(err, &kind):
		return kind.Field + " is of type " + kind.Value
	case errors.As(err, &syntax):
		return fmt.Sprintf("is no JSON at byte %d", syntax.Offset)
	}
	return strings.TrimPrefix(err.Error(), "json: ")
}

// wrong is an error in the request.
func wrong(subject, message, expected string) error {
	return &backend.Error{Kind: backend.KindInvalid, Subject: subject, Message: message, Next: expected}
}

// words lists what may be said.
func words[T ~string](list []T) string {
	var b strings.Builder
	for i, w := range list {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(string(w))
	}
	return b.String()
}
