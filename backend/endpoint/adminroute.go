package endpoint

import (
	"context"
	"net/http"
	"runtime/debug"
	"strings"

	"sqscope/backend"
	"sqscope/backend/endpoint/admin"
)

// isAdmin tells whether a path is one of the admin API's. No queue has such a
// one, and the plain way takes none (see [isPlainPath]).
func isAdmin(path string) bool {
	return strings.HasPrefix(path, admin.Prefix) || path == strings.TrimSuffix(admin.Prefix, "/")
}

// serveAdmin passes a request on to the admin API, after the checks that hold
// for every request. Its context ends when the server stops: an event stream
// would hold that up for ever.
func (s *Server) serveAdmin(w http.ResponseWriter, r *http.Request) {
	watched := &begunWriter{ResponseWriter: w}
	w = watched
	defer s.adminRecovered(watched)
	if s.draining.Load() {
		w.Header().Set("Connection", "close")
	}
	in := requestOf(r)
	if e := s.admit(&in); e != nil {
		if in.refused {
			w.Header().Set("Connection", "close")
		}
		admin.WriteError(w, e)
		return
	}
	if s.options.Admin == nil {
		admin.WriteError(w, &backend.Error{
			Kind: backend.KindNotFound, Subject: r.URL.Path, Message: "this server has no admin API", Next: "start it with sqscope serve",
		})
		return
	}
	ctx, cancel := context.WithCancel(r.Context())
	defer cancel()
	defer context.AfterFunc(s.stopping, cancel)()
	s.options.Admin.ServeHTTP(w, r.WithContext(ctx))
}

// adminRecovered is like [exchange.recovered]. An answer that was given up on
// purpose is none of its business.
func (s *Server) adminRecovered(w *begunWriter) {
	p := recover()
	if p == nil {
		return
	}
	if p == http.ErrAbortHandler {
		panic(p)
	}
	s.options.Log.Error("an admin request panicked", "panic", p, "stack", string(debug.Stack()))
	if s.options.OnPanic != nil {
		s.options.OnPanic(p)
	}
	if w.begun {
		panic(http.ErrAbortHandler) // so that nobody takes what was sent for the whole
	}
	admin.WriteError(w, backend.Errorf(backend.KindInternal, "the request could not be completed because of an error in sqscope"))
}

// begunWriter knows whether an answer has begun.
type begunWriter struct {
	http.ResponseWriter
	begun bool
}

func (w *begunWriter) WriteHeader(status int) {
	w.begun = true
	w.ResponseWriter.WriteHeader(status)
}

func (w *begunWriter) Write(b []byte) (int, error) {
	w.begun = true
	return w.ResponseWriter.Write(b)
}

// Unwrap lets deadlines and flushes through ([http.ResponseController]).
func (w *begunWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
