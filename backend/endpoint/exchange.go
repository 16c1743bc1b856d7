package endpoint

import (
	"context"
	"encoding/binary"
	"encoding/hex"
	"math/rand/v2"
	"net/http"
	"runtime/debug"
	"strings"

	"sqscope/backend"
)

// request is what the endpoint needs to know of an HTTP request, whichever way
// it came. A header that is not there is empty.
type request struct {
	method, path, query, host string
	secure                    bool // came through TLS
	refused                   bool // on a connection too many

	target      string // X-Amz-Target
	contentType string
	accept      string
	trace       string // X-Amzn-Trace-Id
	agent       string // User-Agent; like authorization
	origin      string
	fetchSite   string // Sec-Fetch-Site

	authorization string // on the plain way only where Options.Identify is set
	remote        string // address and port of the client
}

// client is who asked, and may go away while the answer waits.
type client interface {
	// body reads what is left of the request into [exchange.body].
	body(x *exchange) *backend.Error
	// waits is told that the request will wait for a message, perhaps for
	// longer than any deadline. The context it returns ends when the client is
	// gone or the server stops.
	waits() context.Context
	// waited is told that the wait is over.
	waited()
}

// protocol is one of the ways in which SQS is spoken (docs/SQS.md 11.1).
type protocol uint8

const (
	unknownProtocol protocol = iota
	jsonProtocol
	queryProtocol
	renderedProtocol // Query whose answer is wanted as JSON
)

// exchange is a request, the memory that it takes to answer it, and the answer.
// The memory is used again by a later one.
type exchange struct {
	server *Server
	ctx    context.Context // ends when the client is gone; knows the caller
	client client
	request
	protocol protocol
	id       [36]byte // of the request, a UUID
	body     []byte   // in room, or in memory of the client's

	room   []byte
	out    []byte
	reader jsonReader
	form   form
	json   jsonWriter
	xml    xmlWriter

	status     int
	answer     []byte
	answerType []string // the header, shared by all answers
	queryError string   // x-amzn-query-error
	closing    bool     // nothing more is read from this client
}

// keepBuffer is the largest buffer kept for a later request.
const keepBuffer = 256 << 10

// exchange is one to be used for a request, and to be released.
func (s *Server) exchange(ctx context.Context, c client) *exchange {
	x := s.pool.Get().(*exchange)
	x.server, x.ctx, x.client = s, ctx, c
	x.newID()
	return x
}

func (x *exchange) release() {
	s := x.server
	x.server, x.ctx, x.client, x.request, x.body = nil, nil, nil, request{}, nil
	x.answer, x.queryError, x.closing = nil, "", false
	if max(cap(x.room), cap(x.out), cap(x.json.buf), cap(x.xml.buf), cap(x.reader.scratch), cap(x.form.params)*paramSize) > keepBuffer {
		return
	}
	s.pool.Put(x)
}

// handle makes the answer to a request, which is SQS's own in SQS's own form
// whatever goes wrong, never a page.
func (x *exchange) handle() {
	defer x.recovered()
	x.json.buf, x.xml.buf = x.json.buf[:0], x.xml.buf[:0]
	x.protocol = x.request.protocol()
	x.json.rendering = x.protocol == renderedProtocol
	if e := x.server.admit(&x.request); e != nil {
		x.closing = x.refused
		x.fail(e)
		return
	}
	x.identify()
	switch x.protocol {
	case jsonProtocol:
		x.handleJSON()
	case queryProtocol, renderedProtocol:
		x.handleQuery()
	default:
		x.answerUnknown()
	}
}

// recovered answers a request that panicked. The program goes on: what other
// clients do is not this request's business.
func (x *exchange) recovered() {
	p := recover()
	if p == nil {
		return
	}
	s := x.server
	s.options.Log.Error("a request panicked", "panic", p, "stack", string(debug.Stack()))
	x.fail(backend.ErrorOf(backend.ErrInternalFailure,
		"The request could not be completed because of an error in sqscope."))
	if s.options.OnPanic != nil {
		s.options.OnPanic(p)
	}
}

func (r *request) protocol() protocol {
	switch {
	case r.isJSON():
		return jsonProtocol
	case !r.isQuery():
		return unknownProtocol
	case r.method == http.MethodGet && isMedia(r.accept, "application/json"):
		return renderedProtocol
	}
	return queryProtocol
}

// isMedia tells whether a Content-Type header names a media type, with or
// without parameters.
func isMedia(header, media string) bool {
	if header == media {
		return true
	}
	kind, _, _ := strings.Cut(header, ";")
	return strings.EqualFold(strings.TrimSpace(kind), media)
}

// fail answers with an error in the protocol that was used.
func (x *exchange) fail(e *backend.Error) {
	e = wireError(e)
	switch x.protocol {
	case jsonProtocol:
		x.failJSON(e)
	case renderedProtocol:
		x.failRendered(e)
	default:
		x.failQuery(e)
	}
}

// wireError gives an error that is not SQS's own a shape, a code and a status
// by its kind, since whoever calls knows no other.
func wireError(e *backend.Error) *backend.Error {
	if e.Shape != "" && e.Code != "" && e.Status >= 400 {
		return e
	}
	shape := backend.ErrInternalFailure
	switch e.Kind {
	case backend.KindDenied, backend.KindCredentials:
		shape = backend.ErrAccessDenied
	case backend.KindThrottled:
		shape = backend.ErrRequestThrottled
	case backend.KindNotFound, backend.KindInvalid, backend.KindConflict:
		shape = backend.ErrInvalidParameterValue
	case backend.KindUnsupported:
		shape = backend.ErrUnsupportedOperation
	case backend.KindNetwork, backend.KindTimeout, backend.KindCancelled:
		return unavailable(e.Error())
	}
	return backend.ErrorOf(shape, "%s", e.Error())
}

func unavailable(message string) *backend.Error {
	return backend.ErrorByCode("ServiceUnavailable", http.StatusServiceUnavailable, message)
}

// faultOf is who is to blame for an error, as SQS says it.
func faultOf(e *backend.Error) string {
	if e.Status >= 500 {
		return "Receiver"
	}
	return "Sender"
}

// reply is the answer, for the way on which the request came to send.
func (x *exchange) reply(status int, contentType []string, answer []byte) {
	x.status, x.answerType, x.answer = status, contentType, answer
}

// answerUnknown answers what is in neither protocol (11.1).
func (x *exchange) answerUnknown() {
	x.xml.buf = append(x.xml.buf[:0], "<UnknownOperationException/>\n"...)
	x.reply(http.StatusNotFound, x.server.xmlType, x.xml.buf)
}

// newID makes the request's id, a random UUID. It names a request and guards
// nothing.
func (x *exchange) newID() {
	var random [16]byte
	binary.LittleEndian.PutUint64(random[:8], rand.Uint64())
	binary.LittleEndian.PutUint64(random[8:], rand.Uint64())
	random[6] = random[6]&0x0F | 0x40
	random[8] = random[8]&0x3F | 0x80
	hex.Encode(x.id[:8], random[:4])
	hex.Encode(x.id[9:13], random[4:6])
	hex.Encode(x.id[14:18], random[6:8])
	hex.Encode(x.id[19:23], random[8:10])
	hex.Encode(x.id[24:], random[10:])
	x.id[8], x.id[13], x.id[18], x.id[23] = '-', '-', '-', '-'
}
