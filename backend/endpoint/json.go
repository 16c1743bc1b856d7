package endpoint

import (
	"net/http"
	"strconv"
	"strings"

	"sqscope/backend"
)

const (
	jsonContentType = "application/x-amz-json-1.0"
	jsonTarget      = "AmazonSQS."
)

// isJSON tells whether a request speaks AWS JSON 1.0 (docs/SQS.md 11.1).
func isJSON(r *http.Request) bool {
	if r.Method != http.MethodPost || len(r.Header["X-Amz-Target"]) == 0 {
		return false
	}
	ct := r.Header["Content-Type"]
	if len(ct) == 0 {
		return false
	}
	if ct[0] == jsonContentType {
		return true
	}
	kind, _, _ := strings.Cut(ct[0], ";")
	return strings.EqualFold(strings.TrimSpace(kind), jsonContentType)
}

// serveJSON answers a request in AWS JSON 1.0. The path does not matter: the
// queue is in the body (11.2).
func (s *Server) serveJSON(w http.ResponseWriter, r *http.Request, x *exchange) {
	a, known := s.byName[r.Header["X-Amz-Target"][0]]
	if !known {
		s.writeJSONError(w, x, unknownTarget(r.Header["X-Amz-Target"][0]))
		return
	}
	var e *backend.Error
	if x.body, e = readBody(r, x.body); e != nil {
		w.Header().Set("Connection", "close")
		s.writeJSONError(w, x, e)
		return
	}
	if len(x.body) == 0 {
		x.body = append(x.body, "{}"...)
	}
	x.reader.reset(x.body)
	x.writer.buf = x.writer.buf[:0]
	x.call = call{server: s, ctx: r.Context(), w: w, r: r}
	if err := a.json(&x.call, &x.reader, &x.writer); err != nil {
		s.writeJSONError(w, x, backend.AsError(err))
		return
	}
	s.writeJSON(w, x, http.StatusOK)
}

func unknownTarget(target string) *backend.Error {
	return backend.ErrorOf(backend.ErrUnknownOperation, "The operation %s is not known.",
		strings.TrimPrefix(target, jsonTarget))
}

// writeJSON sends what the exchange's writer holds.
func (s *Server) writeJSON(w http.ResponseWriter, x *exchange, status int) {
	h := w.Header()
	h["Content-Type"] = s.jsonCT
	h[requestIDHeader] = []string{requestID()}
	h["Content-Length"] = []string{strconv.Itoa(len(x.writer.buf))}
	w.WriteHeader(status)
	_, _ = w.Write(x.writer.buf) // a client that is gone needs no answer
}

// writeJSONError sends an error as SQS does (11.3): the shape in the body, the
// legacy code in a header, on which all SDKs depend.
func (s *Server) writeJSONError(w http.ResponseWriter, x *exchange, e *backend.Error) {
	e = wireError(e)
	prefix := "com.amazon.coral.service#"
	if shape, ok := backend.ShapeOf(e.Shape); ok && shape.Modelled {
		prefix = "com.amazonaws.sqs#"
	}
	fault := ";Sender"
	if e.Status >= 500 {
		fault = ";Receiver"
	}
	w.Header()["X-Amzn-Query-Error"] = []string{e.Code + fault}
	x.writer.buf = x.writer.buf[:0]
	x.writer.begin('{')
	x.writer.text("__type", prefix+e.Shape)
	x.writer.text("message", e.Message)
	x.writer.end('}')
	s.writeJSON(w, x, e.Status)
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
		return backend.ErrorByCode("ServiceUnavailable", http.StatusServiceUnavailable, e.Error())
	}
	return backend.ErrorOf(shape, "%s", e.Error())
}
