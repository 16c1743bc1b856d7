package endpoint_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"sqscope/backend"
	"sqscope/backend/endpoint"
	"sqscope/backend/memory"
)

const (
	connections = 16
	slice       = 300 * time.Millisecond // of one load, before the next has its turn
	groups      = 100
)

// BenchmarkOverHTTP is the endpoint on loopback beside a net/http handler that
// reads the body, decodes nothing and answers a constant: 16 connections, 1 KiB
// a message, the client in the same process. The loads take turns, so that
// whatever else the machine does falls on all of them, and what is reported is
// the median over the turns, by the clock and by the processor's time, which a
// busy machine disturbs less. The loads "nethttp" are the endpoint's handler in a
// plain http.Server, to tell what the endpoint's own connections are good for:
//
//	go test ./backend/endpoint -run xxx -bench OverHTTP -benchtime 10x
func BenchmarkOverHTTP(b *testing.B) {
	s := newStage(b)
	loads := []struct {
		name string
		run  func() sample
	}{
		{"constant", s.constantSingle},
		{"single", func() sample { return s.sends(s.endpoint, "", 1) }},
		{"single-fifo", func() sample { return s.sends(s.endpoint, ".fifo", 1) }},
		{"single-nethttp", func() sample { return s.sends(s.nethttp, "", 1) }},
		{"constant-ten", s.constantBatch},
		{"ten", func() sample { return s.sends(s.endpoint, "", 10) }},
		{"ten-fifo", func() sample { return s.sends(s.endpoint, ".fifo", 10) }},
		{"ten-nethttp", func() sample { return s.sends(s.nethttp, "", 10) }},
		{"drain", func() sample { return s.drains("") }},
		{"drain-fifo", func() sample { return s.drains(".fifo") }},
	}
	samples := map[string][]sample{}
	for b.Loop() {
		for _, l := range loads {
			samples[l.name] = append(samples[l.name], l.run())
		}
	}
	b.ReportMetric(0, "ns/op")
	for _, l := range loads {
		b.ReportMetric(median(samples[l.name], sample.rate), l.name+"-msg/s")
	}
	for _, of := range [][2]string{
		{"single", "constant"},
		{"ten", "constant-ten"},
		{"drain", "ten"},
		{"drain", "constant-ten"},
		{"single-fifo", "single"},
		{"ten-fifo", "ten"},
		{"drain-fifo", "drain"},
		{"single-nethttp", "constant"},
		{"ten-nethttp", "constant-ten"},
	} {
		name, base := samples[of[0]], samples[of[1]]
		var speed, work []float64
		for i := range name {
			speed = append(speed, name[i].rate()/base[i].rate())
			work = append(work, base[i].work()/name[i].work())
		}
		same := func(f float64) float64 { return f }
		b.ReportMetric(median(speed, same), of[0]+"/"+of[1])
		b.ReportMetric(median(work, same), of[0]+"/"+of[1]+"-by-cpu")
	}
}

// BenchmarkPollWakes is the time from the first byte of a send to the last of
// the answer that a long poll on another connection gets, when it has waited for
// a moment and when its client has been looked after meanwhile.
func BenchmarkPollWakes(b *testing.B) {
	for name, wait := range map[string]time.Duration{"at once": time.Millisecond, "after 50 ms": 50 * time.Millisecond} {
		b.Run(name, func(b *testing.B) {
			s := newStage(b)
			url := s.queue("", 0)
			send := s.send("", url, 1, 0)
			poll := post("ReceiveMessage", []byte(`{"QueueUrl":"`+url+`","WaitTimeSeconds":20,"VisibilityTimeout":3600}`))
			var took []time.Duration
			for b.Loop() {
				answered := make(chan time.Time)
				go func() {
					if _, err := s.endpoint[1].ask(poll); err != nil {
						b.Error(err)
					}
					answered <- time.Now()
				}()
				time.Sleep(wait)
				start := time.Now()
				s.answer(send)
				took = append(took, (<-answered).Sub(start))
			}
			b.ReportMetric(0, "ns/op")
			b.ReportMetric(median(took, func(d time.Duration) float64 { return float64(d.Microseconds()) }), "µs")
			b.ReportMetric(float64(slices.Max(took).Microseconds()), "µs-at-most")
		})
	}
}

// sample is what a load did in a slice of time.
type sample struct {
	messages  int64
	took, cpu time.Duration
}

// rate is messages a second, work the processor's time for each, with the
// client's.
func (s sample) rate() float64 { return float64(s.messages) / s.took.Seconds() }
func (s sample) work() float64 { return s.cpu.Seconds() / float64(s.messages) }

func median[T any](list []T, value func(T) float64) float64 {
	values := make([]float64, len(list))
	for i, v := range list {
		values[i] = value(v)
	}
	slices.Sort(values)
	return values[len(values)/2]
}

// stage is what the loads need: the engine behind the endpoint, its handler and
// the constant one in an http.Server each, and connections to all three.
type stage struct {
	b                            *testing.B
	engine                       *memory.Engine
	endpoint, nethttp, constants []*wire
	queues                       int
	single, batch                []byte // what a real answer to a send looks like
}

var text = strings.Repeat("x", 1024)

func newStage(b *testing.B) *stage {
	s := &stage{b: b, engine: memory.New(memory.Options{NoCooldown: true, Seed: 1})}
	server := endpoint.New(s.engine, endpoint.Options{})
	if err := server.Listen(b.Context(), "127.0.0.1:0"); err != nil {
		b.Fatal(err)
	}
	served := make(chan error, 3)
	go func() { served <- server.Serve() }()
	s.connect(&s.endpoint, server.Addr())
	for wires, handler := range map[*[]*wire]http.Handler{&s.nethttp: server, &s.constants: http.HandlerFunc(s.constant)} {
		l, err := new(net.ListenConfig).Listen(b.Context(), "tcp", "127.0.0.1:0")
		if err != nil {
			b.Fatal(err)
		}
		other := &http.Server{Handler: handler}
		go func() { served <- other.Serve(l) }()
		s.connect(wires, l.Addr().String())
		b.Cleanup(func() {
			other.Close()
			<-served
		})
	}
	b.Cleanup(func() {
		if err := server.Shutdown(context.Background()); err != nil {
			b.Error(err)
		}
		<-served
		if err := s.engine.Check(); err != nil {
			b.Error(err)
		}
		s.engine.Close()
	})
	url := s.queue("", 0)
	s.single = slices.Clone(s.answer(s.send("", url, 1, 0)))
	s.batch = slices.Clone(s.answer(s.send("", url, 10, 0)))
	return s
}

func (s *stage) connect(wires *[]*wire, addr string) {
	for range connections {
		w := dial(s.b, addr)
		s.b.Cleanup(func() { w.conn.Close() })
		*wires = append(*wires, w)
	}
}

func (s *stage) answer(request []byte) []byte {
	body, err := s.endpoint[0].ask(request)
	if err != nil {
		s.b.Fatal(err)
	}
	return body
}

func (s *stage) constant(w http.ResponseWriter, r *http.Request) {
	_, _ = io.Copy(io.Discard, r.Body) // what cannot be read shows in the client
	answer := s.single
	if r.ContentLength > 10_000 {
		answer = s.batch
	}
	h := w.Header()
	h.Set("Content-Type", "application/x-amz-json-1.0")
	h.Set("Content-Length", strconv.Itoa(len(answer)))
	_, _ = w.Write(answer)
}

// queue makes a new queue with so many messages in it.
func (s *stage) queue(suffix string, messages int) string {
	s.queues++
	in := backend.CreateQueueInput{QueueName: fmt.Sprint("q", s.queues, suffix), Attributes: map[string]string{}}
	if suffix != "" {
		in.Attributes["FifoQueue"] = "true"
	}
	out, err := s.engine.CreateQueue(s.b.Context(), in)
	if err != nil {
		s.b.Fatal(err)
	}
	for i := range messages {
		m := backend.SendMessageInput{QueueUrl: out.QueueUrl, MessageBody: text}
		if suffix != "" {
			m.MessageGroupId = backend.Some(fmt.Sprint("g", i%groups))
			m.MessageDeduplicationId = backend.Some(fmt.Sprint(i))
		}
		if _, err := s.engine.SendMessage(s.b.Context(), m); err != nil {
			s.b.Fatal(err)
		}
	}
	return out.QueueUrl
}

func (s *stage) remove(url string) {
	if err := s.engine.DeleteQueue(s.b.Context(), backend.DeleteQueueInput{QueueUrl: url}); err != nil {
		s.b.Fatal(err)
	}
}

// idAt is where a request for a FIFO queue has its ten digits of deduplication
// id, behind this mark.
const idAt = `"MessageDeduplicationId":"`

// send makes a request that sends one message or a batch of them.
func (s *stage) send(suffix, url string, messages, conn int) []byte {
	var b bytes.Buffer
	message := func(i int) {
		fmt.Fprintf(&b, `"MessageBody":"%s"`, text)
		if suffix != "" {
			fmt.Fprintf(&b, `,"MessageGroupId":"g%02d",%s0000000000"`, (conn*messages+i)%groups, idAt)
		}
	}
	if messages == 1 {
		fmt.Fprintf(&b, `{"QueueUrl":"%s",`, url)
		message(0)
		b.WriteString("}")
		return post("SendMessage", b.Bytes())
	}
	fmt.Fprintf(&b, `{"QueueUrl":"%s","Entries":[`, url)
	for i := range messages {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `{"Id":"%d",`, i)
		message(i)
		b.WriteByte('}')
	}
	b.WriteString("]}")
	return post("SendMessageBatch", b.Bytes())
}

// run lets every connection ask over and over for a slice of time.
func (s *stage) run(wires []*wire, turn func(w *wire, conn int) (messages int, err error)) sample {
	var total atomic.Int64
	var all sync.WaitGroup
	start, cpu := time.Now(), cpuTime()
	for conn, w := range wires {
		all.Go(func() {
			n := 0
			for time.Since(start) < slice {
				m, err := turn(w, conn)
				if err != nil {
					s.b.Error(err)
					return
				}
				if m == 0 {
					break // drained before the time was up
				}
				n += m
			}
			total.Add(int64(n))
		})
	}
	all.Wait()
	return sample{total.Load(), time.Since(start), cpuTime() - cpu}
}

func (s *stage) constantSingle() sample { return s.constantly(1) }
func (s *stage) constantBatch() sample  { return s.constantly(10) }

func (s *stage) constantly(messages int) sample {
	request := s.send("", "http://localhost:9324/000000000000/orders", messages, 0)
	return s.run(s.constants, func(w *wire, _ int) (int, error) {
		_, err := w.ask(request)
		return messages, err
	})
}

func (s *stage) sends(wires []*wire, suffix string, messages int) sample {
	url := s.queue(suffix, 0)
	defer s.remove(url)
	requests := make([][]byte, connections)
	ids := make([][]int, connections) // where they are in the request
	for i := range requests {
		requests[i] = s.send(suffix, url, messages, i)
		for at, rest := 0, requests[i]; ; {
			n := bytes.Index(rest, []byte(idAt))
			if n < 0 {
				break
			}
			at, rest = at+n+len(idAt), rest[n+len(idAt):]
			ids[i] = append(ids[i], at)
		}
	}
	var id atomic.Int64
	return s.run(wires, func(w *wire, conn int) (int, error) {
		for _, at := range ids[conn] {
			digits := requests[conn][at : at+10]
			for i, n := 9, id.Add(1); i >= 0; i, n = i-1, n/10 {
				digits[i] = '0' + byte(n%10)
			}
		}
		_, err := w.ask(requests[conn])
		return messages, err
	})
}

// drains receives ten and deletes them, over and over.
func (s *stage) drains(suffix string) sample {
	url := s.queue(suffix, 60_000)
	defer s.remove(url)
	receive := post("ReceiveMessage", []byte(`{"QueueUrl":"`+url+`","MaxNumberOfMessages":10,"WaitTimeSeconds":0}`))
	return s.run(s.endpoint, func(w *wire, _ int) (int, error) {
		body, err := w.ask(receive)
		if err != nil {
			return 0, err
		}
		handles := bytes.Split(body, []byte(`"ReceiptHandle":"`))[1:]
		if len(handles) == 0 {
			return 0, nil
		}
		b := []byte(`{"QueueUrl":"` + url + `","Entries":[`)
		for i, h := range handles {
			h, _, _ = bytes.Cut(h, []byte{'"'})
			if i > 0 {
				b = append(b, ',')
			}
			b = append(append(append(b, `{"Id":"`...), '0'+byte(i)), `","ReceiptHandle":"`...)
			b = append(append(b, h...), `"}`...)
		}
		_, err = w.ask(post("DeleteMessageBatch", append(b, "]}"...)))
		return len(handles), err
	})
}
