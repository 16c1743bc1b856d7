package backendtest

import (
	"context"
	"flag"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"sqscope/backend"
	"sqscope/backend/awssqs"
	"sqscope/backend/endpoint"
	"sqscope/backend/memory"
)

var listings = flag.Int("listings", 60, "how often each client lists in TestClientsList; the long run is 1000")

// loopback serves a backend on a socket and returns its URL.
func loopback(t *testing.T, sqs backend.SQS) string {
	t.Helper()
	server := endpoint.New(sqs, endpoint.Options{OnPanic: func(p any) { t.Error(p) }})
	if err := server.Listen(t.Context(), "127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	served := make(chan error, 1)
	go func() { served <- server.Serve() }()
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		if err := server.Shutdown(ctx); err != nil {
			t.Error(err)
		}
		if err := <-served; err != nil {
			t.Error(err)
		}
	})
	return server.URL()
}

// sdk is a client on the Go SDK, which does not retry: every error shows.
func sdk(t *testing.T, url string) backend.SQS {
	t.Helper()
	client, _, err := awssqs.Open(t.Context(), awssqs.Options{EndpointURL: url})
	if err != nil {
		t.Fatal(err)
	}
	return client
}

// oldSDK is a client in the Query protocol with connections of its own.
func oldSDK(t *testing.T, url string) backend.SQS {
	t.Helper()
	transport := &http.Transport{}
	t.Cleanup(transport.CloseIdleConnections)
	return queryClient{http: &http.Client{Transport: transport}, base: url, turns: new(atomic.Uint64)}
}

// Sixteen clients list a thousand queues over and over while more are made. Each
// answer is whole, and no client sees an error.
func TestClientsList(t *testing.T) {
	cleanEnvironment(t)
	const clients, queues = 16, 1000
	e := memory.New(memory.Options{Seed: 1})
	defer e.Close()
	create := func(sqs backend.SQS, name string) {
		if _, err := sqs.CreateQueue(t.Context(), backend.CreateQueueInput{QueueName: name}); err != nil {
			t.Error(err)
		}
	}
	for i := range queues {
		create(e, fmt.Sprintf("a-%04d", i))
	}
	url := loopback(t, e)
	var lists, makers sync.WaitGroup
	var over atomic.Bool
	maker := sdk(t, url)
	makers.Go(func() {
		for i := 0; !over.Load(); i++ {
			create(maker, fmt.Sprintf("b-%06d", i))
		}
	})
	for range clients {
		client := sdk(t, url)
		lists.Go(func() {
			for range *listings {
				out, err := client.ListQueues(t.Context(), backend.ListQueuesInput{MaxResults: backend.Some(queues)})
				if err != nil {
					t.Error(err)
					return
				}
				if n := len(out.QueueUrls); n != queues || out.QueueUrls[n-1] != url+"/000000000000/a-0999" {
					t.Errorf("%d queues listed", n)
					return
				}
			}
		})
	}
	lists.Wait()
	over.Store(true)
	makers.Wait()
	if err := e.Check(); err != nil {
		t.Error(err)
	}
}
