// Package endpoint serves any [backend.SQS] over HTTP in SQS's own wire
// protocols, so that programs on any SDK can talk to the embedded engine.
//
// The table in actions.go has a row for each of the 23 actions; a protocol is a
// column of it with a reader and a writer of its own (json*.go is AWS JSON 1.0).
// What both protocols share, they share there: queue URLs on the host that the
// client used, the trace header, long polls that end with their client.
//
// It is made to be left running on a laptop: it listens on loopback unless told
// otherwise, answers only to host names that cannot be another site's (access.go),
// sends no CORS headers, and bounds the size and the time of everything.
//
// Delivery: a request that was answered was done. One whose answer could not be
// written was done too; a receive like that comes back after its visibility
// timeout, as on AWS. No lock is held while the backend works.
package endpoint

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"runtime/debug"
	"sync"
	"time"

	"sqscope/backend"
)

// Limits of a request.
const (
	// MaxBody is the largest request in bytes. A batch has up to 1 MiB after
	// unescaping (docs/SQS.md 1.12); a client may write each byte of it as six
	// (\u003c), and then come the attributes' base64, ids and a queue URL.
	MaxBody = 8 << 20

	headerTimeout = 10 * time.Second
	readTimeout   = 60 * time.Second
	writeTimeout  = 60 * time.Second
	idleTimeout   = 2 * time.Minute
	maxHeader     = 32 << 10 // signatures and session tokens are under 4 KiB
)

// Options say how to serve.
type Options struct {
	Public     bool         // may listen beyond loopback, and answers to names without a dot
	AllowHosts []string     // further host names to answer to, without ports
	Log        *slog.Logger // nil: nothing is logged
	OnPanic    func(any)    // told of a panic in a request, which is answered with 500; may be nil
}

// Server serves a backend. It is an [http.Handler] that works without a socket
// too; Listen and Serve give it one.
type Server struct {
	sqs     backend.SQS
	options Options
	hosts   map[string]bool   // of AllowHosts
	byName  map[string]action // by the value of X-Amz-Target
	pool    sync.Pool         // of *exchange
	jsonCT  []string          // the Content-Type header, shared by all answers

	stopping context.Context // ends when the server shuts down
	stop     context.CancelFunc
	http     *http.Server
	listener net.Listener
}

// exchange is the memory of one request, used again by a later one.
type exchange struct {
	call   call
	body   []byte
	reader jsonReader
	writer jsonWriter
}

// keepBuffer is the largest buffer kept for a later request.
const keepBuffer = 256 << 10

// New makes a server for a backend. It does not listen yet.
func New(sqs backend.SQS, o Options) *Server {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	s := &Server{
		sqs: sqs, options: o,
		hosts:  hostSet(o.AllowHosts),
		byName: make(map[string]action),
		jsonCT: []string{jsonContentType},
	}
	for _, a := range actions() {
		s.byName[jsonTarget+a.name] = a
	}
	s.pool.New = func() any { return new(exchange) }
	s.stopping, s.stop = context.WithCancel(context.Background())
	s.http = &http.Server{
		Handler:           s,
		ReadHeaderTimeout: headerTimeout,
		ReadTimeout:       readTimeout,
		WriteTimeout:      writeTimeout,
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    maxHeader,
		ErrorLog:          slog.NewLogLogger(o.Log.Handler(), slog.LevelWarn),
	}
	return s
}

// ServeHTTP answers one request. Errors are SQS's own in SQS's own form, never
// a page.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	x := s.pool.Get().(*exchange)
	defer s.release(x)
	defer s.recovered(w)
	if e := s.admit(r); e != nil {
		s.writeJSONError(w, x, e)
		return
	}
	if isJSON(r) {
		s.serveJSON(w, r, x)
		return
	}
	s.writeUnknown(w)
}

// writeUnknown answers what is in neither protocol (docs/SQS.md 11.1).
func (s *Server) writeUnknown(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "text/xml")
	w.Header()[requestIDHeader] = []string{requestID()}
	w.WriteHeader(http.StatusNotFound)
	_, _ = io.WriteString(w, "<UnknownOperationException/>\n") // a client that is gone needs no answer
}

// recovered answers a request that panicked. The program goes on: what other
// clients do is not this request's business.
func (s *Server) recovered(w http.ResponseWriter) {
	p := recover()
	if p == nil {
		return
	}
	if p == http.ErrAbortHandler {
		panic(p)
	}
	s.options.Log.Error("a request panicked", "panic", p, "stack", string(debug.Stack()))
	s.writeJSONError(w, new(exchange), backend.ErrorOf(backend.ErrInternalFailure,
		"The request could not be completed because of an error in sqscope."))
	if s.options.OnPanic != nil {
		s.options.OnPanic(p)
	}
}

func (s *Server) release(x *exchange) {
	x.call = call{}
	if cap(x.body) > keepBuffer || cap(x.writer.buf) > keepBuffer || cap(x.reader.scratch) > keepBuffer {
		return
	}
	s.pool.Put(x)
}

// readBody reads the whole request into buf. It believes no length before the
// bytes are there, so that a claim alone costs no memory.
func readBody(r *http.Request, buf []byte) ([]byte, *backend.Error) {
	buf = buf[:0]
	if r.Body == nil {
		return buf, nil
	}
	if r.ContentLength > MaxBody {
		return buf, tooLarge()
	}
	if want := min(r.ContentLength, keepBuffer) + 1; int64(cap(buf)) < want {
		buf = make([]byte, 0, want)
	}
	for {
		if len(buf) == cap(buf) {
			buf = append(buf, 0)[:len(buf)]
		}
		n, err := r.Body.Read(buf[len(buf):cap(buf)])
		buf = buf[:len(buf)+n]
		switch {
		case len(buf) > MaxBody:
			return buf, tooLarge()
		case err == io.EOF:
			return buf, nil
		case err != nil:
			return buf, backend.ErrorOf(backend.ErrSerialization, "The request could not be read to its end.")
		}
	}
}

func tooLarge() *backend.Error {
	return backend.ErrorByCode("RequestEntityTooLargeException", http.StatusRequestEntityTooLarge,
		fmt.Sprintf("The request is larger than %d bytes.", MaxBody))
}

// requestIDHeader is the spelling that net/http gives x-amzn-RequestId.
const requestIDHeader = "X-Amzn-Requestid"

// requestID is a random UUID. It names a request and guards nothing.
func requestID() string {
	const hex = "0123456789abcdef"
	hi, lo := rand.Uint64(), rand.Uint64()
	hi = hi&^0xF000 | 0x4000
	lo = lo&^(3<<62) | 2<<62
	var b [36]byte
	at := 0
	for i := range 32 {
		switch i {
		case 8, 12, 16, 20:
			b[at] = '-'
			at++
		}
		v := hi
		if i >= 16 {
			v = lo
		}
		b[at] = hex[v>>(60-4*uint(i&15))&15]
		at++
	}
	return string(b[:])
}
