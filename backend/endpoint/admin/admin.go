// Package admin serves what the embedded engine offers beyond SQS over HTTP,
// below /_sqscope/: queues and messages as they lie there, the clock, faults,
// snapshots and the stream of events. docs/ENDPOINT.md describes it for those
// who call it; package adminclient is the other end in Go.
//
// Every request needs the token. Whose host and origin may ask at all the
// endpoint has checked before ([WriteError] is how it says no). Answers are
// JSON, but for a snapshot and the events; an error is {"error":{…}} with the
// kind, the subject, what happened and what to do next.
//
// Delivery: a request that was answered with 2xx was done. Reading changes
// nothing: no receive count, no visibility, and no fault happens to it as long
// as [Options.Stack] is the engine itself. A context that ends (the client is
// gone, the server stops) ends what is under way; an event stream then simply
// stops.
package admin

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"net/http"
	"net/url"
	"strings"
	"time"

	"sqscope/backend"
)

// Prefix is where the paths of the admin API begin.
const Prefix = "/_sqscope/"

// Options say what is served and to whom.
type Options struct {
	// Stack is what can be seen and changed. An ability that is nil is answered
	// with 501. SQS should be the engine's own methods, not the boundary where
	// faults happen to clients: to look at a queue must not use up a fault.
	Stack backend.Stack
	// Reset brings everything back to the start; nil is answered with 501.
	Reset func(context.Context) error
	// Token is what every request must carry. Without one nobody is let in.
	Token string
	// Now tells the time where the stack has no clock; nil is [time.Now].
	Now func() time.Time
}

type handler struct {
	Options
	token  [sha256.Size]byte
	routes []route
}

// New makes a handler for everything below [Prefix].
func New(o Options) http.Handler {
	if o.Now == nil {
		o.Now = time.Now
	}
	h := &handler{Options: o, token: sha256.Sum256([]byte(o.Token))}
	h.routes = h.table()
	return h
}

// route is a resource and what can be done with it. A segment of its path that
// is in braces stands for any one that is not empty.
type route struct {
	method, path string
	serve        func(*call) error
}

func (h *handler) table() []route {
	return []route{
		{http.MethodGet, "queues", h.listQueues},
		{http.MethodGet, "queues/{queue}", h.getQueue},
		{http.MethodGet, "queues/{queue}/messages", h.listMessages},
		{http.MethodDelete, "queues/{queue}/messages", h.removeMessages},
		{http.MethodDelete, "queues/{queue}/messages/{id}", h.removeMessage},
		{http.MethodGet, "metrics", h.getMetrics},
		{http.MethodGet, "clock", h.getClock},
		{http.MethodPost, "clock", h.changeClock},
		{http.MethodGet, "faults", h.listFaults},
		{http.MethodPost, "faults", h.addFault},
		{http.MethodDelete, "faults", h.clearFaults},
		{http.MethodGet, "faults/{id}", h.getFault},
		{http.MethodPut, "faults/{id}", h.setFault},
		{http.MethodDelete, "faults/{id}", h.clearFault},
		{http.MethodGet, "events", h.streamEvents},
		{http.MethodGet, "snapshot", h.getSnapshot},
		{http.MethodPut, "snapshot", h.restore},
		{http.MethodPost, "reset", h.reset},
	}
}

// ServeHTTP answers one request.
func (h *handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c := newCall(w, r)
	defer c.bound()()
	err := h.serve(c)
	if err == nil {
		return
	}
	if c.begun {
		panic(http.ErrAbortHandler) // so that nobody takes what was sent for the whole
	}
	WriteError(c, err)
}

func (h *handler) serve(c *call) error {
	if !h.permitted(c.r.Header.Get("Authorization")) {
		c.w.Header().Set("WWW-Authenticate", `Bearer realm="sqscope"`)
		return &backend.Error{
			Kind: backend.KindCredentials, Message: "the admin token is missing or is another one",
			Next: "send the header Authorization: Bearer TOKEN, with the token that the server gave out when it started",
		}
	}
	rt, err := h.find(c)
	if err != nil {
		return err
	}
	if c.query, err = url.ParseQuery(c.r.URL.RawQuery); err != nil {
		return wrong(c.r.URL.RawQuery, "the query cannot be read", "name=value pairs joined by & were expected")
	}
	return rt.serve(c)
}

// permitted tells whether an Authorization header has the token. What is
// compared are digests, so that the time it takes says nothing about the token
// nor its length.
func (h *handler) permitted(authorization string) bool {
	scheme, token, _ := strings.Cut(authorization, " ")
	sum := sha256.Sum256([]byte(strings.TrimSpace(token)))
	same := subtle.ConstantTimeCompare(sum[:], h.token[:]) == 1
	return same && strings.EqualFold(scheme, "Bearer") && h.Token != ""
}

// find is the route of a request, whose segments in braces it notes.
func (h *handler) find(c *call) (route, error) {
	path := strings.TrimPrefix(c.r.URL.EscapedPath(), Prefix)
	var allowed []string
	for _, rt := range h.routes {
		segments, ok := match(rt.path, path)
		if !ok {
			continue
		}
		if rt.method == c.r.Method {
			c.segments = segments
			return rt, nil
		}
		allowed = append(allowed, rt.method)
	}
	if len(allowed) > 0 {
		allow := strings.Join(allowed, ", ")
		c.w.Header().Set("Allow", allow)
		return route{}, &backend.Error{
			Kind: backend.KindUnsupported, Status: http.StatusMethodNotAllowed, Subject: c.r.URL.Path,
			Message: c.r.Method + " is not possible here", Next: "use " + allow,
		}
	}
	return route{}, NoSuchPath(c.r.URL.Path)
}

// match tells whether a path, as it came, is one of a pattern, and what stands
// for the segments in braces.
func match(pattern, path string) (segments []string, ok bool) {
	want, got := strings.Split(pattern, "/"), strings.Split(path, "/")
	if len(want) != len(got) {
		return nil, false
	}
	for i, segment := range got {
		text, err := url.PathUnescape(segment)
		switch {
		case err != nil || text == "":
			return nil, false
		case want[i][0] == '{':
			segments = append(segments, text)
		case want[i] != text:
			return nil, false
		}
	}
	return segments, true
}

// NoSuchPath is the error for a path that is not there.
func NoSuchPath(path string) *backend.Error {
	return &backend.Error{
		Kind: backend.KindNotFound, Subject: path, Message: "there is nothing here",
		Next: "the admin API has " + Prefix + "queues, metrics, clock, faults, events, snapshot and reset",
	}
}

// absent is the error for an ability that the stack does not have.
func absent(ability string) error {
	return &backend.Error{
		Kind: backend.KindUnsupported, Message: "this server has no " + ability, Next: "ask a server of the embedded engine",
	}
}
