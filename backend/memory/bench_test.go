package memory_test

import (
	"crypto/md5"
	"fmt"
	"io"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"sqscope/backend"
	"sqscope/backend/memory"
)

// Run with: go test ./backend/memory -run '^$' -bench . -benchmem

var kilobyte = strings.Repeat("x", 1024)

const million = 1_000_000

// BenchmarkMD5 is what no send can be faster than.
func BenchmarkMD5(b *testing.B) {
	body := []byte(kilobyte)
	for b.Loop() {
		md5.Sum(body)
	}
}

func BenchmarkSend1KiB(b *testing.B) {
	d := open(b)
	q := d.create("q")
	in := backend.SendMessageInput{QueueUrl: q, MessageBody: kilobyte}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := d.SendMessage(d.ctx, in); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkSendFIFO1KiB(b *testing.B) {
	d := open(b)
	q := d.create("q.fifo")
	in := backend.SendMessageInput{QueueUrl: q, MessageBody: kilobyte}
	b.ReportAllocs()
	n := 0
	for b.Loop() {
		n++
		in.MessageGroupId, in.MessageDeduplicationId = backend.Some(strconv.Itoa(n%100)), backend.Some(strconv.Itoa(n))
		if _, err := d.SendMessage(d.ctx, in); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkParallel sends, receives and deletes on one queue for each processor,
// or all on the same.
func BenchmarkParallel(b *testing.B) {
	for _, queues := range []int{1, runtime.GOMAXPROCS(0)} {
		b.Run(fmt.Sprintf("queues=%d", queues), func(b *testing.B) {
			d := open(b)
			urls := make(chan string, 100)
			for i := range 100 {
				urls <- d.create("q" + strconv.Itoa(i%queues))
			}
			b.RunParallel(func(pb *testing.PB) {
				q := <-urls
				for pb.Next() {
					pass(b, d, q, kilobyte)
				}
			})
		})
	}
}

// BenchmarkSendReceiveDelete has one message pass through a queue beside a
// million others, of one state. On the FIFO queue each has a group of its own.
func BenchmarkSendReceiveDelete(b *testing.B) {
	for _, bc := range []struct{ name, state string }{
		{"q", "none"},
		{"q", "stored"},
		{"q", "delayed"},
		{"q", "inflight"},
		{"q.fifo", "none"},
		{"q.fifo", "stored"},
		{"q.fifo", "inflight"},
	} {
		b.Run(bc.name+"/"+bc.state, func(b *testing.B) {
			d := openWith(b, memory.Options{MaxInFlight: 10 * million, LookAhead: 10 * million})
			q := d.create(bc.name, backend.AttrVisibilityTimeout, "43200")
			fill(d, q, bc.state)
			n := 0
			b.ReportAllocs()
			b.ResetTimer()
			for b.Loop() {
				n++
				pass(b, d, q, "new"+strconv.Itoa(n))
			}
		})
	}
}

// fill puts a million small messages into a queue.
func fill(d *desk, q, state string) {
	if state == "none" {
		return
	}
	delay := backend.Opt[int]{}
	if state == "delayed" {
		delay = backend.Some(900)
	}
	for i := range million {
		one(d, q, strconv.Itoa(i), delay)
	}
	for state == "inflight" && len(d.receive(q, 10)) > 0 {
	}
}

// pass sends a message, receives one and deletes it.
func pass(b *testing.B, d *desk, q, body string) {
	one(d, q, body, backend.Opt[int]{})
	out, err := d.ReceiveMessage(d.ctx, backend.ReceiveMessageInput{QueueUrl: q})
	if err != nil {
		b.Error(err)
	}
	for _, m := range out.Messages {
		if err := d.DeleteMessage(d.ctx, backend.DeleteMessageInput{QueueUrl: q, ReceiptHandle: m.ReceiptHandle}); err != nil {
			b.Error(err)
		}
	}
}

// one sends a message, on a FIFO queue in a group of its own.
func one(d *desk, q, body string, delay backend.Opt[int]) {
	in := backend.SendMessageInput{QueueUrl: q, MessageBody: body, DelaySeconds: delay}
	if strings.HasSuffix(q, ".fifo") {
		in.MessageGroupId, in.MessageDeduplicationId = backend.Some(body), backend.Some(body)
	}
	if _, err := d.SendMessage(d.ctx, in); err != nil {
		d.t.Error(err)
	}
}

// BenchmarkBytesPerMessage is the memory of a million messages of 1 KiB.
func BenchmarkBytesPerMessage(b *testing.B) {
	for b.Loop() {
		d := open(b)
		q := d.create("q")
		before := heapInUse()
		for range million {
			d.send(q, strings.Clone(kilobyte))
		}
		b.ReportMetric(float64(heapInUse()-before)/million, "B/message")
		d.must(d.PurgeQueue(d.ctx, backend.PurgeQueueInput{QueueUrl: q}))
		b.ReportMetric(float64(heapInUse()-before)/million, "B/message-left")
	}
}

func heapInUse() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// BenchmarkListWithAttributes lists 10,000 queues and reads all attributes of
// each.
func BenchmarkListWithAttributes(b *testing.B) {
	d := open(b)
	for i := range 10_000 {
		d.create("q" + strconv.Itoa(i))
	}
	b.ResetTimer()
	for b.Loop() {
		list := backend.ListQueuesInput{MaxResults: backend.Some(1000)}
		n := 0
		for more := true; more; more = list.NextToken != "" {
			out, err := d.ListQueues(d.ctx, list)
			if err != nil {
				b.Fatal(err)
			}
			list.NextToken = out.NextToken
			for _, url := range out.QueueUrls {
				in := backend.GetQueueAttributesInput{QueueUrl: url, AttributeNames: []string{backend.AttrAll}}
				if _, err := d.GetQueueAttributes(d.ctx, in); err != nil {
					b.Fatal(err)
				}
				n++
			}
		}
		if n != 10_000 {
			b.Fatal(n)
		}
	}
}

// BenchmarkWake is the time from a send to the return of a long poll that waits
// for it.
func BenchmarkWake(b *testing.B) {
	clock := memory.NewClock(memory.ClockOptions{})
	defer clock.Close()
	d := openWith(b, memory.Options{Clock: clock})
	q := d.create("q")
	got := make(chan backend.Message)
	go func() {
		defer close(got)
		for {
			out, err := d.ReceiveMessage(d.ctx, backend.ReceiveMessageInput{QueueUrl: q, WaitTimeSeconds: backend.Some(20)})
			if err != nil || len(out.Messages) == 0 {
				return
			}
			got <- out.Messages[0]
		}
	}()
	for b.Loop() {
		d.send(q, "m")
		m := <-got
		d.delete(q, m)
	}
	d.Close()
	for range got {
	}
}

// BenchmarkSnapshot writes and restores 100,000 messages of 1 KiB.
func BenchmarkSnapshot(b *testing.B) {
	d := open(b)
	q := d.create("q")
	for range 100_000 {
		d.send(q, kilobyte)
	}
	file := d.snapshot()
	b.SetBytes(int64(len(file)))
	b.Run("write", func(b *testing.B) {
		for b.Loop() {
			d.must(d.Snapshot(d.ctx, io.Discard))
		}
	})
	b.Run("restore", func(b *testing.B) {
		for b.Loop() {
			d.must(d.Restore(d.ctx, strings.NewReader(file)))
		}
	})
}

// BenchmarkFair has one message pass through a queue beside a million others of
// a thousand tenants, one of which is noisy.
func BenchmarkFair(b *testing.B) {
	d := openWith(b, memory.Options{MaxInFlight: 10 * million})
	q := d.create("q", backend.AttrVisibilityTimeout, "43200")
	send := func(i int) {
		in := backend.SendMessageInput{QueueUrl: q, MessageBody: "m", MessageGroupId: backend.Some(strconv.Itoa(i % 1000))}
		if i%2 == 0 {
			in.MessageGroupId = backend.Some("noisy")
		}
		if _, err := d.SendMessage(d.ctx, in); err != nil {
			b.Fatal(err)
		}
	}
	for i := range million {
		send(i)
	}
	for range 1000 {
		d.receive(q, 10)
	}
	n := 0
	b.ReportAllocs()
	for b.Loop() {
		n++
		send(n)
		for _, m := range d.receive(q, 1) {
			d.delete(q, m)
		}
	}
}
