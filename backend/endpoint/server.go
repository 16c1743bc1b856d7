// Package endpoint serves any [backend.SQS] over HTTP in SQS's own wire
// protocols, so that programs on any SDK can talk to the embedded engine.
//
// The table in actions.go has a row for each of the 23 actions; a protocol is a
// column of it with a reader and a writer of its own (json*.go is AWS JSON 1.0,
// query*.go is Query with its answers in XML). What both protocols share, they
// share there: queue URLs on the host that the client used, the trace header,
// long polls that end with their client.
//
// A request comes on one of two ways. What SDKs write goes the plain way
// (plain*.go), which reads and answers it on the connection itself; with the
// first request of any other form the connection goes to net/http for good
// (nethttp.go). Either way makes an [exchange] of it, and from there on there is
// no difference.
//
// It is made to be left running on a laptop: it listens on loopback unless told
// otherwise, answers only to host names that cannot be another site's (access.go),
// sends no CORS headers, and bounds the size and the time of everything and the
// number of connections.
//
// Delivery: a request that was answered was done. One whose answer could not be
// written was done too; a receive like that comes back after its visibility
// timeout, as on AWS. No lock is held while the backend works.
package endpoint

import (
	"context"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"sqscope/backend"
)

// Limits of a request.
const (
	// MaxBody is the largest request in bytes. A batch has up to 1 MiB after
	// unescaping (docs/SQS.md 1.12); a client may write each byte of it as six
	// (\u003c, or %3C in a form), and then come the attributes' base64, ids and a
	// queue URL.
	MaxBody = 8 << 20

	headerTimeout = 10 * time.Second
	readTimeout   = 60 * time.Second
	writeTimeout  = 60 * time.Second
	idleTimeout   = 2 * time.Minute
	maxHeader     = 32 << 10 // signatures and session tokens are under 4 KiB
)

// Options say how to serve.
type Options struct {
	Public     bool     // may listen beyond loopback, and answers to names without a dot
	AllowHosts []string // further host names to answer to, without ports
	// Identify tells who makes a request, given the access key and what is known
	// of the request; nobody checks a signature. nil: requests have no caller.
	Identify func(backend.Caller) backend.Caller
	Admin    http.Handler // of paths below /_sqscope/ (package admin); nil: they are not there
	Log      *slog.Logger // nil: nothing is logged
	OnPanic  func(any)    // told of a panic in a request, which is answered with 500; may be nil
}

// Server serves a backend. It is an [http.Handler] that works without a socket
// too; Listen and Serve give it one.
type Server struct {
	sqs     backend.SQS
	options Options
	hosts   map[string]bool // of AllowHosts
	pool    sync.Pool       // of *exchange

	byTarget map[string]*action // by the value of X-Amz-Target
	byName   map[string]*action

	jsonType, xmlType, renderedType []string // the Content-Type headers, shared by all answers

	stopping context.Context // ends when the server shuts down
	stop     context.CancelFunc
	listener net.Listener
	crowd
	handed *handed // for http, what the plain way does not take
	http   *http.Server
	second atomic.Pointer[second]
}

// New makes a server for a backend. It does not listen yet.
func New(sqs backend.SQS, o Options) *Server {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	s := &Server{
		sqs: sqs, options: o,
		hosts:    hostSet(o.AllowHosts),
		byTarget: make(map[string]*action),
		byName:   make(map[string]*action),
		handed:   newHanded(),
		jsonType: []string{jsonContentType}, xmlType: []string{xmlContentType}, renderedType: []string{"application/json"},
	}
	for _, a := range actions() {
		s.byTarget[jsonTarget+a.name] = &a
		s.byName[a.name] = &a
	}
	s.pool.New = func() any { return new(exchange) }
	s.plain, s.emptied = make(map[*plainConn]struct{}), make(chan struct{})
	s.stopping, s.stop = context.WithCancel(context.Background())
	s.http = &http.Server{
		Handler:           s,
		ReadHeaderTimeout: headerTimeout,
		ReadTimeout:       readTimeout,
		WriteTimeout:      writeTimeout,
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    maxHeader,
		ConnContext:       markRefused,
		ErrorLog:          slog.NewLogLogger(o.Log.Handler(), slog.LevelWarn),
	}
	return s
}

// second is a time of day as HTTP writes it.
type second struct {
	unix int64
	text string
}

// date is the Date header.
func (s *Server) date(now time.Time) string {
	d := s.second.Load()
	if unix := now.Unix(); d == nil || d.unix != unix {
		d = &second{unix, now.UTC().Format(http.TimeFormat)}
		s.second.Store(d)
	}
	return d.text
}
