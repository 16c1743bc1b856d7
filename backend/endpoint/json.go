package endpoint

import (
	"net/http"
	"strings"

	"sqscope/backend"
)

const (
	jsonContentType = "application/x-amz-json-1.0"
	jsonTarget      = "AmazonSQS."
)

// isJSON tells whether a request speaks AWS JSON 1.0 (docs/SQS.md 11.1).
func (r *request) isJSON() bool {
	return r.method == http.MethodPost && r.target != "" && isMedia(r.contentType, jsonContentType)
}

// handleJSON answers a request in AWS JSON 1.0. The path does not matter: the
// queue is in the body (11.2).
func (x *exchange) handleJSON() {
	a, known := x.server.byTarget[x.target]
	if !known {
		x.fail(unknownTarget(x.target))
		return
	}
	if e := x.client.body(x); e != nil {
		x.closing = true
		x.fail(e)
		return
	}
	if len(x.body) == 0 {
		x.body = []byte("{}")
	}
	x.reader.reset(x.body)
	if err := a.json(x); err != nil {
		x.fail(backend.AsError(err))
		return
	}
	x.reply(http.StatusOK, x.server.jsonType, x.json.buf)
}

func unknownTarget(target string) *backend.Error {
	return backend.ErrorOf(backend.ErrUnknownOperation, "The operation %s is not known.",
		strings.TrimPrefix(target, jsonTarget))
}

// failJSON sends an error as SQS does (11.3): the shape in the body, the legacy
// code in a header, on which all SDKs depend.
func (x *exchange) failJSON(e *backend.Error) {
	prefix := "com.amazon.coral.service#"
	if shape, ok := backend.ShapeOf(e.Shape); ok && shape.Modelled {
		prefix = "com.amazonaws.sqs#"
	}
	x.queryError = e.Code + ";" + faultOf(e)
	w := &x.json
	w.buf = w.buf[:0]
	w.begin('{')
	w.text("__type", prefix+e.Shape)
	w.text("message", e.Message)
	w.end('}')
	x.reply(e.Status, x.server.jsonType, w.buf)
}
