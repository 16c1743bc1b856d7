package meter

import (
	"strconv"
	"strings"
	"testing"

	"sqscope/backend"
	"sqscope/backend/memory"
)

// A send into the embedded engine, bare and through the meter.
func BenchmarkSend(b *testing.B) {
	for _, c := range []struct {
		name string
		wrap func(backend.SQS) backend.SQS
	}{
		{"bare", func(s backend.SQS) backend.SQS { return s }},
		{"metered", func(s backend.SQS) backend.SQS { return New(Options{}).Wrap(backend.Stack{SQS: s}).SQS }},
	} {
		b.Run(c.name, func(b *testing.B) {
			e := memory.New(memory.Options{Seed: 1})
			defer e.Close()
			sqs := c.wrap(e)
			q, err := sqs.CreateQueue(b.Context(), backend.CreateQueueInput{QueueName: "q"})
			if err != nil {
				b.Fatal(err)
			}
			in := backend.SendMessageInput{QueueUrl: q.QueueUrl, MessageBody: strings.Repeat("x", 1024)}
			b.ReportAllocs()
			for b.Loop() {
				if _, err := sqs.SendMessage(b.Context(), in); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// What the meter itself costs: the backend does nothing.
func BenchmarkMeter(b *testing.B) {
	sqs := New(Options{}).Wrap(backend.Stack{SQS: &failing{}}).SQS
	for _, size := range []int{100, 1024} {
		in := backend.SendMessageInput{QueueUrl: "http://localhost:9324/000000000000/orders", MessageBody: strings.Repeat("x", size)}
		b.Run(strconv.Itoa(size)+" bytes", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := sqs.SendMessage(b.Context(), in); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
