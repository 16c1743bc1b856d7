package backendtest

import (
	"bytes"
	"net/http"
	"strings"
	"testing"

	"sqscope/backend"
	"sqscope/backend/endpoint"
	"sqscope/backend/memory"
)

// discard is a ResponseWriter that keeps nothing but the status.
type discard struct {
	header http.Header
	status int
}

func (d *discard) Header() http.Header         { return d.header }
func (d *discard) Write(b []byte) (int, error) { return len(b), nil }
func (d *discard) WriteHeader(status int)      { d.status = status }

// BenchmarkSendMessage is a send of 1 KiB through the endpoint's handler into
// the engine, without a socket, beside the same send in process.
func BenchmarkSendMessage(b *testing.B) {
	body := strings.Repeat("x", 1024)
	queue := func(b *testing.B) (*memory.Engine, string) {
		e := memory.New(memory.Options{})
		b.Cleanup(e.Close)
		out, err := e.CreateQueue(b.Context(), backend.CreateQueueInput{QueueName: "orders"})
		if err != nil {
			b.Fatal(err)
		}
		return e, out.QueueUrl
	}
	b.Run("in process", func(b *testing.B) {
		e, url := queue(b)
		b.ReportAllocs()
		for b.Loop() {
			if _, err := e.SendMessage(b.Context(), backend.SendMessageInput{QueueUrl: url, MessageBody: body}); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("through the handler", func(b *testing.B) {
		e, url := queue(b)
		s := endpoint.New(e, endpoint.Options{})
		request := []byte(`{"QueueUrl":"` + url + `","MessageBody":"` + body + `"}`)
		r, err := http.NewRequestWithContext(b.Context(), http.MethodPost, "http://localhost:9324/", nil)
		if err != nil {
			b.Fatal(err)
		}
		r.Header.Set("Content-Type", "application/x-amz-json-1.0")
		r.Header.Set("X-Amz-Target", "AmazonSQS.SendMessage")
		r.ContentLength = int64(len(request))
		in := &rewound{Reader: bytes.NewReader(request)}
		r.Body = in
		w := &discard{header: http.Header{}}
		b.ReportAllocs()
		for b.Loop() {
			in.Reset(request)
			clear(w.header)
			if s.ServeHTTP(w, r); w.status != http.StatusOK {
				b.Fatal(w.status)
			}
		}
	})
}

type rewound struct{ *bytes.Reader }

func (rewound) Close() error { return nil }
