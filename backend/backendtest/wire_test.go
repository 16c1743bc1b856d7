package backendtest

import (
	"context"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"sqscope/backend"
	"sqscope/backend/awssqs"
	"sqscope/backend/endpoint"
	"sqscope/backend/meter"
)

// direct is an HTTP client that calls a handler without a network, so that it
// works inside a bubble.
type direct struct{ handler http.Handler }

func (c direct) Do(r *http.Request) (*http.Response, error) {
	in := r.Clone(r.Context())
	in.Host = r.URL.Host
	w := httptest.NewRecorder()
	c.handler.ServeHTTP(w, in)
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	res := w.Result()
	res.Request = r
	return res, nil
}

// cleanEnvironment keeps the machine's own AWS configuration out.
func cleanEnvironment(t *testing.T) {
	t.Helper()
	t.Setenv("AWS_CONFIG_FILE", t.TempDir()+"/config")
	t.Setenv("AWS_SHARED_CREDENTIALS_FILE", t.TempDir()+"/credentials")
	for _, name := range []string{
		"AWS_PROFILE", "AWS_REGION", "AWS_DEFAULT_REGION", "AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_SQS", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY",
		"AWS_CA_BUNDLE",
	} {
		t.Setenv(name, "")
	}
}

// The meter, the real SDK's client, the endpoint's JSON protocol and the engine
// behind it, all at once.
func TestSDKToEndpointToMemory(t *testing.T) {
	cleanEnvironment(t)
	Run(t, func(t *testing.T) Harness {
		server := endpoint.New(engine(t), endpoint.Options{})
		client, _, err := awssqs.Open(t.Context(), awssqs.Options{EndpointURL: "http://localhost:9324", HTTPClient: direct{server}})
		if err != nil {
			t.Fatal(err)
		}
		return Harness{Stack: meter.New(meter.Options{}).Wrap(backend.Stack{SQS: client}), Advance: time.Sleep}
	})
}

// A client of the old SDKs' kind, the endpoint's Query protocol and the engine
// behind it.
func TestQueryToEndpointToMemory(t *testing.T) {
	Run(t, func(t *testing.T) Harness {
		server := endpoint.New(engine(t), endpoint.Options{})
		client := queryClient{http: direct{server}, base: "http://localhost:9324", turns: new(atomic.Uint64)}
		return Harness{Stack: backend.Stack{SQS: client}, Advance: time.Sleep, Query: true}
	})
}

// polled is a backend that tells when a receive has come in.
type polled struct {
	backend.SQS
	in chan struct{}
}

func (p polled) ReceiveMessage(ctx context.Context, in backend.ReceiveMessageInput) (backend.ReceiveMessageOutput, error) {
	p.in <- struct{}{}
	return p.SQS.ReceiveMessage(ctx, in)
}

// The same over a socket, with the client's own transport: a poll is woken by a
// send, and a server that stops answers the one that is open.
func TestOverALoopbackSocket(t *testing.T) {
	cleanEnvironment(t)
	p := polled{SQS: engine(t), in: make(chan struct{}, 1)}
	server := endpoint.New(p, endpoint.Options{})
	if err := server.Listen(t.Context(), "127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	served := make(chan error, 1)
	go func() { served <- server.Serve() }()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	client, _, err := awssqs.Open(ctx, awssqs.Options{EndpointURL: server.URL()})
	if err != nil {
		t.Fatal(err)
	}
	created, err := client.CreateQueue(ctx, backend.CreateQueueInput{QueueName: "orders"})
	if err != nil {
		t.Fatal(err)
	}
	if want := server.URL() + "/" + Account + "/orders"; created.QueueUrl != want {
		t.Errorf("queue URL %s, want %s", created.QueueUrl, want)
	}
	type answer struct {
		out backend.ReceiveMessageOutput
		err error
	}
	poll := func() chan answer {
		done := make(chan answer, 1)
		go func() {
			out, err := client.ReceiveMessage(ctx, backend.ReceiveMessageInput{QueueUrl: created.QueueUrl, WaitTimeSeconds: backend.Some(20)})
			done <- answer{out, err}
		}()
		<-p.in
		return done
	}
	woken := poll()
	if _, err := client.SendMessage(ctx, backend.SendMessageInput{QueueUrl: created.QueueUrl, MessageBody: "hello"}); err != nil {
		t.Fatal(err)
	}
	if a := <-woken; a.err != nil || len(a.out.Messages) != 1 || a.out.Messages[0].Body != "hello" {
		t.Errorf("the poll got %+v, %v", a.out, a.err)
	}
	open := poll()
	if err := server.Shutdown(ctx); err != nil {
		t.Error(err)
	}
	if a := <-open; a.err != nil || len(a.out.Messages) != 0 {
		t.Errorf("the open poll got %+v, %v", a.out, a.err)
	}
	if err := <-served; err != nil {
		t.Error(err)
	}
	_, err = client.ListQueues(ctx, backend.ListQueuesInput{})
	if backend.KindOf(err) != backend.KindNetwork {
		t.Errorf("after the end: %v", err)
	}
}
