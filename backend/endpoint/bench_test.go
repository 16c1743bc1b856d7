package endpoint

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"strings"
	"testing"

	"sqscope/backend"
)

// quiet is a backend that costs nothing, so that the endpoint is measured.
type quiet struct {
	backend.SQS
	received backend.ReceiveMessageOutput
}

func (*quiet) SendMessage(context.Context, backend.SendMessageInput) (backend.SendMessageOutput, error) {
	return backend.SendMessageOutput{
		MessageId:        "5a2a2b6e-6f4e-4f0e-8a39-1d1f0b6c7d10",
		MD5OfMessageBody: "78e731027d8fd50ed642340b7c9a63b3",
	}, nil
}

func (q *quiet) ReceiveMessage(context.Context, backend.ReceiveMessageInput) (backend.ReceiveMessageOutput, error) {
	return q.received, nil
}

// sink is a ResponseWriter that keeps nothing.
type sink struct{ h http.Header }

func (s *sink) Header() http.Header         { return s.h }
func (s *sink) Write(b []byte) (int, error) { return len(b), nil }
func (s *sink) WriteHeader(int)             {}

func benchmark(b *testing.B, sqs backend.SQS, action, body string) {
	s := New(sqs, Options{})
	w := &sink{h: http.Header{}}
	r := jsonRequest(action, body)
	raw := []byte(body)
	reader := bytes.NewReader(raw)
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		reader.Reset(raw)
		r.Body = io.NopCloser(reader)
		clear(w.h)
		s.ServeHTTP(w, r)
	}
}

// BenchmarkHandler is a request through the handler without a socket, with a
// body of 1 KiB and a backend that does nothing.
func BenchmarkHandler(b *testing.B) {
	const url = `"QueueUrl":"http://localhost:9324/000000000000/orders"`
	text := strings.Repeat("x", 1024)
	quoted := strings.Repeat(`{\"id\":12},`, 1024/10)
	entry := `{"Id":"1","MessageBody":"` + text + `"}`
	b.Run("send", func(b *testing.B) {
		benchmark(b, &quiet{}, "SendMessage", `{`+url+`,"MessageBody":"`+text+`"}`)
	})
	b.Run("send JSON", func(b *testing.B) {
		benchmark(b, &quiet{}, "SendMessage", `{`+url+`,"MessageBody":"`+quoted+`"}`)
	})
	b.Run("batch of ten", func(b *testing.B) {
		benchmark(b, &stub{}, "SendMessageBatch", `{`+url+`,"Entries":[`+strings.Repeat(entry+",", 9)+entry+`]}`)
	})
	m := backend.Message{
		MessageId: "5a2a2b6e-6f4e-4f0e-8a39-1d1f0b6c7d10", ReceiptHandle: strings.Repeat("AQEB", 40),
		MD5OfBody: "78e731027d8fd50ed642340b7c9a63b3", Body: text,
	}
	q := &quiet{}
	for range 10 {
		q.received.Messages = append(q.received.Messages, m)
	}
	b.Run("receive ten", func(b *testing.B) {
		benchmark(b, q, "ReceiveMessage", `{`+url+`,"MaxNumberOfMessages":10,"WaitTimeSeconds":0}`)
	})
}
