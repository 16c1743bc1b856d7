// Package adminclient reaches the abilities of an embedded engine in another
// process through the admin API of its endpoint (package admin), so that it can
// be browsed, stopped and watched like one in this process.
//
// Delivery is as over any network: a change whose answer was lost may have been
// made. What the API's form cannot hold is the same as in the engine: bytes of
// bodies, nanoseconds of times, the kind, code and words of errors. Contexts
// bound every call; there is no other deadline.
package adminclient

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"sqscope/backend"
	"sqscope/backend/endpoint/admin"
	"sqscope/backend/rules"
)

// maxQuery is how long the query of a URL may get. A server reads heads of up to
// 32 KiB.
const maxQuery = 16 << 10

const brokenOff = "the answer broke off or cannot be read"

// Client calls the admin API of one endpoint.
type Client struct {
	base  string // with admin.Prefix at its end
	token string
	http  *http.Client
}

var (
	_ backend.Browser   = (*Client)(nil)
	_ backend.Clock     = (*Client)(nil)
	_ backend.Metrics   = (*Client)(nil)
	_ backend.Events    = (*Client)(nil)
	_ backend.Faults    = (*Client)(nil)
	_ backend.Snapshots = (*Client)(nil)
)

// New makes a client for an endpoint, as in http://127.0.0.1:9324. Its timeout
// and what h does about redirects are not used: a stream has no end, and a token
// is for one server. A nil h is [http.DefaultClient].
func New(baseURL, token string, h *http.Client) *Client {
	if h == nil {
		h = http.DefaultClient
	}
	own := *h
	own.Timeout = 0
	own.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &Client{base: strings.TrimRight(baseURL, "/") + admin.Prefix, token: token, http: &own}
}

// Stack is everything that the API offers: all abilities but SQS itself, which
// the endpoint serves in SQS's own protocols.
func (c *Client) Stack() backend.Stack {
	return backend.Stack{Browse: c, Clock: c, Metrics: c, Events: c, Faults: c, Snapshots: c}
}

// Reset brings the engine back to the start of its scenario.
func (c *Client) Reset(ctx context.Context) error {
	return c.call(ctx, "Reset", http.MethodPost, "reset", nil, nil, nil)
}

// call sends a document, where there is one, and reads the one that comes back.
func (c *Client) call(ctx context.Context, action, method, path string, query url.Values, send, receive any) error {
	var body io.Reader
	if send != nil {
		doc, err := json.Marshal(send)
		if err != nil {
			return &backend.Error{Kind: backend.KindInvalid, Action: action, Message: "cannot be written as JSON", Err: err}
		}
		body = bytes.NewReader(doc)
	}
	answer, err := c.do(ctx, action, method, path, query, body)
	if err != nil {
		return err
	}
	defer answer.Close()
	if receive == nil {
		return nil
	}
	if err := json.NewDecoder(answer).Decode(receive); err != nil {
		return c.failed(ctx, action, brokenOff, err)
	}
	return nil
}

// do sends a request and returns the body of its answer, which is to be closed,
// or the error that was answered.
func (c *Client) do(ctx context.Context, action, method, path string, query url.Values, body io.Reader) (io.ReadCloser, error) {
	address := c.base + path
	if len(query) > 0 {
		address += "?" + query.Encode()
	}
	r, err := http.NewRequestWithContext(ctx, method, address, body)
	if err != nil {
		return nil, &backend.Error{Kind: backend.KindInvalid, Action: action, Subject: c.base, Message: "is no address", Err: err}
	}
	r.Header.Set("Authorization", "Bearer "+c.token)
	r.Header.Set("User-Agent", "sqscope")
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	if _, small := body.(*bytes.Reader); body != nil && !small {
		r.Header.Set("Content-Type", admin.SnapshotType)
		r.Header.Set("Expect", "100-continue") // so that a refusal is heard
	}
	res, err := c.http.Do(r)
	if err != nil {
		return nil, c.failed(ctx, action, "the endpoint could not be reached", err)
	}
	if res.StatusCode < 300 {
		return res.Body, nil
	}
	defer res.Body.Close()
	return nil, c.refused(action, res)
}

// refused is the error in an answer.
func (c *Client) refused(action string, res *http.Response) error {
	var doc admin.Failure
	err := json.NewDecoder(io.LimitReader(res.Body, admin.MaxDocument)).Decode(&doc)
	if err != nil || doc.Error.Kind == "" {
		return &backend.Error{
			Kind: backend.KindUnsupported, Action: action, Subject: c.base,
			Message: fmt.Sprintf("the answer %d is none of an admin API", res.StatusCode),
			Next:    "give the address of an endpoint that sqscope serves", Err: err,
		}
	}
	e := doc.Error.Backend()
	if e.Action == "" {
		e.Action = action
	}
	return e
}

// failed is an error that came from no answer. The context's end is that,
// wherever it was noticed; what a caller's own reader or writer said stays what
// it was.
func (c *Client) failed(ctx context.Context, action, message string, err error) error {
	e := &backend.Error{
		Kind: backend.KindNetwork, Action: action, Subject: c.base, Message: message,
		Next: "see whether the endpoint is still running", Err: err,
	}
	var own *theirs
	switch {
	case ctx.Err() != nil:
		e.Kind, e.Message, e.Next = backend.KindOf(ctx.Err()), ctx.Err().Error(), ""
	case errors.As(err, &own):
		e.Kind, e.Message, e.Next = backend.KindOf(own.error), own.Error(), ""
	}
	return e
}

// queuePath is the path of a queue that is called by its URL or name.
func queuePath(action, queueURL string) (string, error) {
	if queueURL == "" {
		e := rules.Missing("QueueUrl")
		e.Action = action
		return "", e
	}
	return "queues/" + url.PathEscape(queueURL), nil
}

// chunks calls do for parts of a list of which each makes a query of bearable
// length.
func chunks(list []string, do func(part []string) error) error {
	for len(list) > 0 {
		n, size := 0, 0
		for n < len(list) && (n == 0 || size < maxQuery) {
			size += len(url.QueryEscape(list[n])) + len("queue=&")
			n++
		}
		if err := do(list[:n]); err != nil {
			return err
		}
		list = list[n:]
	}
	return nil
}
