package endpoint

import (
	"bytes"
	"io"
	"net/http"
	"strconv"
)

// Client is an HTTP client whose requests this server answers in the same
// process, whatever host they name, without a socket and without Listen. An SDK
// that is given it talks to the engine inside a test: nothing listens, and the
// only time is the engine's clock. A request is answered in the goroutine that
// makes it; one that waits for messages ends with its context.
func (s *Server) Client() *http.Client { return &http.Client{Transport: inProcess{s}} }

type inProcess struct{ server *Server }

// RoundTrip answers a request. It changes nothing of it, and closes its body.
func (t inProcess) RoundTrip(r *http.Request) (*http.Response, error) {
	ctx := r.Context()
	in := r.Clone(ctx)
	in.Host = "localhost" // the real host's name is for a network to judge
	in.RemoteAddr = "127.0.0.1:0"
	if in.Body == nil {
		in.Body = http.NoBody
	}
	defer in.Body.Close()
	out := &answer{header: http.Header{}, status: http.StatusOK}
	t.server.ServeHTTP(out, in)
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return &http.Response{
		Status: strconv.Itoa(out.status) + " " + http.StatusText(out.status), StatusCode: out.status,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: out.header, Body: io.NopCloser(&out.body), ContentLength: int64(out.body.Len()), Request: r,
	}, nil
}

// answer is what a handler writes, kept.
type answer struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (a *answer) Header() http.Header         { return a.header }
func (a *answer) WriteHeader(status int)      { a.status = status }
func (a *answer) Write(b []byte) (int, error) { return a.body.Write(b) }
