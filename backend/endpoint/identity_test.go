package endpoint

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sqscope/backend"
)

// callers is a backend that notes who asks.
type callers struct {
	*stub
	seen []backend.Caller
}

func (c *callers) note(ctx context.Context) {
	caller, _ := backend.CallerOf(ctx)
	c.seen = append(c.seen, caller)
}

func (c *callers) PurgeQueue(ctx context.Context, _ backend.PurgeQueueInput) error {
	c.note(ctx)
	return nil
}

func (c *callers) ReceiveMessage(ctx context.Context, _ backend.ReceiveMessageInput) (backend.ReceiveMessageOutput, error) {
	c.note(ctx)
	return backend.ReceiveMessageOutput{}, nil
}

func TestARequestIsKnownByItsAccessKey(t *testing.T) {
	eachWay(t, func(t *testing.T, plain bool) {
		c := &callers{stub: &stub{}}
		s, dial := network(t, c)
		s.options.Identify = func(c backend.Caller) backend.Caller {
			c.UserID = "id of " + c.AccessKey
			return c
		}
		p := dial()
		signed := func(action, body, key string) string {
			const to = "Host: localhost:9324\r\n"
			return strings.Replace(text(plain, action, body), to, to+"Authorization: AWS4-HMAC-SHA256 Credential="+key+
				"/20261122/us-east-1/sqs/aws4_request, SignedHeaders=host, Signature=0\r\n", 1)
		}
		for _, request := range []string{
			signed("PurgeQueue", "{}", "AKONE"), signed("ReceiveMessage", `{"WaitTimeSeconds":20}`, "AKTWO"), text(plain, "PurgeQueue", "{}"),
		} {
			p.send(request)
			if _, _, way := p.answer(); way != plain {
				t.Errorf("it went the plain way: %v", way)
			}
		}
		insecure := map[string][]string{"aws:SecureTransport": {"false"}}
		want := []backend.Caller{
			{AccessKey: "AKONE", UserID: "id of AKONE", Context: insecure},
			{AccessKey: "AKTWO", UserID: "id of AKTWO", Context: insecure},
			{UserID: "id of ", Context: insecure},
		}
		if diff := cmp.Diff(want, c.seen); diff != "" {
			t.Error(diff)
		}
	})
}

func TestARequestSignedBeforehandIsKnownToo(t *testing.T) {
	c := &callers{stub: &stub{}}
	s := New(c, Options{Identify: func(c backend.Caller) backend.Caller { return c }})
	for _, query := range []string{
		"X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKONE%2F20261122%2Fus-east-1%2Fsqs%2Faws4_request", "AWSAccessKeyId=AKTWO&SignatureVersion=2", "X=Y",
	} {
		r := httptest.NewRequest(http.MethodGet, "http://localhost/000000000000/q?Action=PurgeQueue&"+query, nil)
		r.Header.Set("User-Agent", "curl/8")
		r.RemoteAddr = "192.0.2.1:4711"
		s.ServeHTTP(httptest.NewRecorder(), r)
	}
	known := map[string][]string{"aws:SecureTransport": {"false"}, "aws:SourceIp": {"192.0.2.1"}, "aws:UserAgent": {"curl/8"}}
	want := []backend.Caller{{AccessKey: "AKONE", Context: known}, {AccessKey: "AKTWO", Context: known}, {Context: known}}
	if diff := cmp.Diff(want, c.seen); diff != "" {
		t.Error(diff)
	}
}
