package awssqs

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/aws/smithy-go/encoding/cbor"

	"sqscope/backend"
)

// request is what somebody asked AWS for.
type request struct {
	action string
	host   string
	path   string
	query  url.Values
	form   url.Values // of the Query protocol
	cbor   cbor.Map
	key    string // the access key that it was signed with
}

// answer is an HTTP status and a body; the zero status is 200.
type answer struct {
	status int
	body   string
}

// fakeAWS answers for all services by action, without a network, and keeps what
// it was asked.
type fakeAWS struct {
	t       *testing.T
	answers map[string]func(request) answer

	mu    sync.Mutex
	asked []request
	calls []backend.ForeignCall // that were reported
}

func newFakeAWS(t *testing.T, answers map[string]func(request) answer) *fakeAWS {
	return &fakeAWS{t: t, answers: answers}
}

func always(status int, body string) func(request) answer {
	return func(request) answer { return answer{status, body} }
}

func (f *fakeAWS) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		f.t.Error(err)
	}
	req := request{host: r.Host, path: r.URL.Path, query: r.URL.Query()}
	_, credential, _ := strings.Cut(r.Header.Get("Authorization"), "Credential=")
	req.key, _, _ = strings.Cut(credential, "/")
	switch target := r.Header.Get("X-Amz-Target"); {
	case target != "":
		req.action = target
	case r.Header.Get("Smithy-Protocol") == "rpc-v2-cbor":
		_, req.action, _ = strings.Cut(r.URL.Path, "/operation/")
		w.Header().Set("Smithy-Protocol", "rpc-v2-cbor")
		w.Header().Set("Content-Type", "application/cbor")
		v, err := cbor.Decode(body)
		if req.cbor, _ = v.(cbor.Map); err != nil {
			f.t.Error(err)
		}
	case strings.HasPrefix(r.Header.Get("Content-Type"), "application/x-www-form-urlencoded"):
		req.form, _ = url.ParseQuery(string(body))
		req.action = req.form.Get("Action")
	default:
		req.action = r.Method + " " + r.URL.Path
		w.Header().Set("X-Aws-Ec2-Metadata-Token-Ttl-Seconds", "60") // the instance's token has no other place for it
	}
	f.mu.Lock()
	f.asked = append(f.asked, req)
	f.mu.Unlock()
	reply := answer{404, "<html>not here</html>"}
	if a := f.answers[req.action]; a != nil {
		reply = a(req)
	}
	if reply.status == 0 {
		reply.status = 200
	}
	w.WriteHeader(reply.status)
	io.WriteString(w, reply.body)
}

// Do is an [HTTPClient] that needs no network.
func (f *fakeAWS) Do(r *http.Request) (*http.Response, error) {
	if r.Body == nil {
		r.Body = http.NoBody
	}
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	r = r.Clone(r.Context())
	r.Host = r.URL.Host
	w := httptest.NewRecorder()
	f.ServeHTTP(w, r)
	return w.Result(), nil
}

func (f *fakeAWS) observe(c backend.ForeignCall) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.calls = append(f.calls, c)
}

// count is how many requests for an action were made.
func (f *fakeAWS) count(action string) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	n := 0
	for _, r := range f.asked {
		if r.action == action {
			n++
		}
	}
	return n
}

// last is the newest request for an action.
func (f *fakeAWS) last(action string) request {
	f.mu.Lock()
	defer f.mu.Unlock()
	for i := len(f.asked) - 1; i >= 0; i-- {
		if f.asked[i].action == action {
			return f.asked[i]
		}
	}
	f.t.Fatalf("nobody asked for %s", action)
	return request{}
}

// client opens a client whose requests to any service go to f.
func (f *fakeAWS) client(o Options) *Client {
	f.t.Helper()
	o.HTTPClient, o.Observe = f, f.observe
	c, _, err := Open(f.t.Context(), o)
	if err != nil {
		f.t.Fatal(err)
	}
	f.t.Cleanup(c.Close)
	return c
}

// keysOnAWS is a client with keys from a file, in eu-west-1.
func (f *fakeAWS) keysOnAWS(o Options) *Client {
	f.t.Helper()
	environment(f.t, ssoConfig, nil)
	o.Profile = "keys"
	return f.client(o)
}

func callerIdentity(account, arn, id string) string {
	return fmt.Sprintf(`<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>
		<Arn>%s</Arn><UserId>%s</UserId><Account>%s</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`, arn, id, account)
}

func queryError(code, message string) string {
	return fmt.Sprintf(`<ErrorResponse><Error><Type>Sender</Type><Code>%s</Code><Message>%s</Message></Error><RequestId>r</RequestId></ErrorResponse>`, code, message)
}

const listQueues = "AmazonSQS.ListQueues"

func list(ctx context.Context, c *Client) error {
	_, err := c.ListQueues(ctx, backend.ListQueuesInput{})
	return err
}
