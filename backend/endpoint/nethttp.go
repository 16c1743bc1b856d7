package endpoint

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"

	"sqscope/backend"
)

// The way of a request through net/http: of every request to the handler, and on
// the server's own connections of those that the plain way does not take.

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if isAdmin(r.URL.Path) {
		s.serveAdmin(w, r)
		return
	}
	c := &visitor{server: s, w: w, r: r}
	x := s.exchange(r.Context(), c)
	defer x.release()
	x.request = requestOf(r)
	x.handle()
	h := w.Header()
	values := [...]string{string(x.id[:]), strconv.Itoa(len(x.answer)), x.queryError}
	h["Content-Type"] = x.answerType
	h["X-Amzn-Requestid"] = values[0:1:1] // as net/http spells x-amzn-RequestId
	h["Content-Length"] = values[1:2:2]
	if x.queryError != "" {
		h["X-Amzn-Query-Error"] = values[2:]
	}
	if x.closing || s.draining.Load() {
		h["Connection"] = []string{"close"}
	}
	w.WriteHeader(x.status)
	_, _ = w.Write(x.answer) // a client that is gone needs no answer
}

func requestOf(r *http.Request) request {
	header := func(name string) string {
		if v := r.Header[name]; len(v) > 0 {
			return v[0]
		}
		return ""
	}
	return request{
		method: r.Method, path: r.URL.EscapedPath(), query: r.URL.RawQuery, host: r.Host, secure: r.TLS != nil,
		target: header("X-Amz-Target"), contentType: header("Content-Type"), accept: header("Accept"),
		trace: header("X-Amzn-Trace-Id"), agent: header("User-Agent"),
		origin: header("Origin"), fetchSite: header("Sec-Fetch-Site"),
		refused:       r.Context().Value(refusedKey{}) != nil,
		authorization: header("Authorization"), remote: r.RemoteAddr,
	}
}

// visitor is the client of a request through net/http.
type visitor struct {
	server *Server
	w      http.ResponseWriter
	r      *http.Request

	cancel context.CancelFunc // of a wait
	stop   func() bool
}

func (c *visitor) body(x *exchange) (e *backend.Error) {
	x.room, e = readBody(c.r, x.room[:0])
	x.body = x.room
	return e
}

func (c *visitor) waits() context.Context {
	ctx, cancel := context.WithCancel(c.r.Context())
	c.cancel, c.stop = cancel, context.AfterFunc(c.server.stopping, cancel)
	return ctx
}

// waited sets the deadline for writing anew, which may be over. The one for
// reading net/http itself has lifted with the end of the body. A handler without
// a connection has no deadline, and nobody who would hear of it.
func (c *visitor) waited() {
	c.stop()
	c.cancel()
	_ = http.NewResponseController(c.w).SetWriteDeadline(time.Now().Add(writeTimeout))
}

// readBody appends the whole request to buf. It believes no length before the
// bytes are there, so that a claim alone costs no memory.
func readBody(r *http.Request, buf []byte) ([]byte, *backend.Error) {
	if r.Body == nil {
		return buf, nil
	}
	if r.ContentLength > MaxBody {
		return buf, tooLarge()
	}
	if want := int(min(r.ContentLength, keepBuffer)) + 1; cap(buf) < want {
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
			return buf, cutShort()
		}
	}
}

func tooLarge() *backend.Error {
	return backend.ErrorByCode("RequestEntityTooLargeException", http.StatusRequestEntityTooLarge,
		fmt.Sprintf("The request is larger than %d bytes.", MaxBody))
}

func cutShort() *backend.Error {
	return backend.ErrorOf(backend.ErrSerialization, "The request could not be read to its end.")
}
