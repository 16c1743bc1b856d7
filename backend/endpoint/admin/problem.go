package admin

import (
	"net/http"

	"sqscope/backend"
)

// Failure is the document that answers a request that failed.
type Failure struct {
	Error Problem `json:"error"`
}

// Problem is a [backend.Error] as JSON. Kind is one in words ([backend.Kind]);
// Code and Shape are there where the error is SQS's own (docs/SQS.md 14.1).
type Problem struct {
	Kind    string `json:"kind"`
	Action  string `json:"action,omitempty"`
	Code    string `json:"code,omitempty"`
	Shape   string `json:"shape,omitempty"`
	Subject string `json:"subject"`
	Message string `json:"message"`
	Next    string `json:"next"`
}

// WriteError answers with an error in the form of the admin API. The status is
// that of the error's kind: SQS says 400 to nearly everything. Its 5xx count, and
// [backend.Error.Status] where the error is not SQS's own.
func WriteError(w http.ResponseWriter, err error) {
	e := backend.AsError(err)
	status := e.Status
	if status < 400 || status < 500 && e.Code != "" {
		status = statusOf(e.Kind)
	}
	doc, err := encode(Failure{Problem{
		Kind: e.Kind.String(), Action: e.Action, Code: e.Code, Shape: e.Shape, Subject: e.Subject, Message: e.Message, Next: e.Next,
	}})
	if err != nil {
		doc, status = []byte(`{"error":{"kind":"internal","subject":"","message":"the error cannot be written","next":""}}`), 500
	}
	send(w, status, doc)
}

// Backend is the error as package backend has it. SQS's own gets its status back.
func (p Problem) Backend() *backend.Error {
	shape, _ := backend.ShapeOf(p.Shape)
	return &backend.Error{
		Kind: kindOf(p.Kind), Action: p.Action, Code: p.Code, Shape: p.Shape, Status: shape.Status,
		Subject: p.Subject, Message: p.Message, Next: p.Next,
	}
}

// kindOf is the kind that is called so; internal, if none is.
func kindOf(words string) backend.Kind {
	for k := backend.KindInternal; k <= backend.KindUnsupported; k++ {
		if k.String() == words {
			return k
		}
	}
	return backend.KindInternal
}

func statusOf(k backend.Kind) int {
	switch k {
	case backend.KindCredentials:
		return http.StatusUnauthorized
	case backend.KindDenied:
		return http.StatusForbidden
	case backend.KindThrottled:
		return http.StatusTooManyRequests
	case backend.KindNotFound:
		return http.StatusNotFound
	case backend.KindInvalid:
		return http.StatusBadRequest
	case backend.KindConflict:
		return http.StatusConflict
	case backend.KindNetwork:
		return http.StatusBadGateway
	case backend.KindTimeout:
		return http.StatusGatewayTimeout
	case backend.KindCancelled:
		return http.StatusServiceUnavailable
	case backend.KindUnsupported:
		return http.StatusNotImplemented
	}
	return http.StatusInternalServerError
}
