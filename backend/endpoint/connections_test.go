package endpoint

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"sqscope/backend"
)

// pipes is a network in memory, so that time in a bubble is exact.
type pipes struct {
	conns  chan net.Conn
	closed chan struct{}
}

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.conns:
		if c == nil {
			return nil, errNoDescriptors
		}
		return c, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}

func (p *pipes) Close() error   { close(p.closed); return nil }
func (p *pipes) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 9324} }

// peer is a client that writes and reads bytes.
type peer struct {
	*testing.T
	net.Conn
	r *bufio.Reader
}

// network serves a backend in a bubble, and returns how to connect to it.
func network(t *testing.T, sqs backend.SQS) (s *Server, dial func() *peer) {
	t.Helper()
	s = New(sqs, Options{OnPanic: func(p any) { t.Error(p) }})
	p := &pipes{conns: make(chan net.Conn), closed: make(chan struct{})}
	s.listener = p
	served := make(chan error, 1)
	go func() { served <- s.Serve() }()
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		if s.stopping.Err() == nil {
			_ = s.Shutdown(ctx) // some tests leave requests hanging
		}
		if err := <-served; err != nil {
			t.Error(err)
		}
	})
	return s, func() *peer {
		client, server := net.Pipe()
		p.conns <- server
		t.Cleanup(func() { client.Close() })
		return &peer{T: t, Conn: client, r: bufio.NewReader(client)}
	}
}

func (p *peer) send(text string) {
	p.Helper()
	if _, err := io.WriteString(p, text); err != nil {
		p.Error(err)
	}
}

// answer reads an answer and its body, and tells whether it came the plain way:
// net/http spells a header of its own accord.
func (p *peer) answer() (res *http.Response, body string, plain bool) {
	p.Helper()
	if _, err := p.r.Peek(1); err != nil {
		p.Fatal(err)
	}
	head, err := p.r.Peek(p.r.Buffered())
	if err != nil {
		p.Fatal(err)
	}
	plain = strings.Contains(string(head), "x-amzn-RequestId")
	if res, err = http.ReadResponse(p.r, nil); err != nil {
		p.Fatal(err)
	}
	b, err := io.ReadAll(res.Body)
	if err != nil {
		p.Fatal(err)
	}
	res.Body.Close()
	return res, string(b), plain
}

// closedAfter waits until the server hangs up, and returns how long it took.
func (p *peer) closedAfter() time.Duration {
	p.Helper()
	start := time.Now()
	if n, err := io.Copy(io.Discard, p.r); err != nil && !errors.Is(err, io.ErrClosedPipe) {
		p.Errorf("after %d bytes: %v", n, err)
	}
	return time.Since(start)
}

// text is a request in AWS JSON 1.0 as it goes over the wire. With a chunked
// body it is one that only net/http takes.
func text(plain bool, action, body string) string {
	head := "POST / HTTP/1.1\r\nHost: localhost:9324\r\nContent-Type: application/x-amz-json-1.0\r\nX-Amz-Target: AmazonSQS." + action + "\r\n"
	if plain {
		return fmt.Sprintf("%sContent-Length: %d\r\n\r\n%s", head, len(body), body)
	}
	return fmt.Sprintf("%sTransfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n", head, len(body), body)
}

// eachWay runs a test for the plain way and for the one through net/http.
func eachWay(t *testing.T, test func(t *testing.T, plain bool)) {
	for name, plain := range map[string]bool{"plain": true, "net/http": false} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { test(t, plain) })
		})
	}
}

func TestConnectionIsUsedAgain(t *testing.T) {
	eachWay(t, func(t *testing.T, plain bool) {
		_, dial := network(t, &stub{out: backend.SendMessageOutput{MessageId: "m"}})
		p := dial()
		for _, body := range []string{`{}`, `{"MessageBody":"` + strings.Repeat("x", 100<<10) + `"}`, `{"MessageBody":"` + strings.Repeat("x", 10<<10) + `"}`, ``} {
			go p.send(text(plain, "SendMessage", body))
			res, answer, way := p.answer()
			if res.StatusCode != 200 || answer != `{"MessageId":"m"}` || way != plain || res.Close {
				t.Errorf("body of %d bytes: %d %s, plain way: %v", len(body), res.StatusCode, answer, way)
			}
			if _, err := http.ParseTime(res.Header.Get("Date")); err != nil {
				t.Error(err)
			}
		}
	})
}

func TestClientThatDoesNotFinishItsHeadIsCutOff(t *testing.T) {
	eachWay(t, func(t *testing.T, plain bool) {
		_, dial := network(t, &stub{})
		p := dial()
		head, _, _ := strings.Cut(text(plain, "ListQueues", "{}"), "\r\n\r\n")
		if !plain {
			head = "GET /?Action=ListQueues HTTP/1.1\r\nHost: localhost"
		}
		start := time.Now()
		p.send(head[:20])
		var more sync.WaitGroup
		more.Go(func() { // a byte now and then does not help
			for i := range 20 {
				time.Sleep(time.Second)
				if _, err := io.WriteString(p, head[20+i:21+i]); err != nil {
					return
				}
			}
		})
		p.closedAfter()
		if took := time.Since(start); took != headerTimeout {
			t.Errorf("cut off after %v, want %v", took, headerTimeout)
		}
		more.Wait()
	})
}

func TestClientThatDoesNotFinishItsBodyIsCutOff(t *testing.T) {
	for _, size := range []int{100, 10 << 10, 1 << 20} {
		eachWay(t, func(t *testing.T, plain bool) {
			_, dial := network(t, &stub{})
			p := dial()
			whole := text(plain, "SendMessage", strings.Repeat(" ", size))
			start := time.Now()
			go p.send(whole[:len(whole)-20])
			p.closedAfter()
			if took := time.Since(start).Truncate(time.Second); took != readTimeout {
				t.Errorf("%d bytes: cut off after %v, want %v", size, took, readTimeout)
			}
		})
	}
}

func TestClientThatDoesNotReadItsAnswerIsCutOff(t *testing.T) {
	eachWay(t, func(t *testing.T, plain bool) {
		s, dial := network(t, &stub{out: backend.SendMessageOutput{MessageId: strings.Repeat("m", 100<<10)}})
		p := dial()
		p.send(text(plain, "SendMessage", "{}"))
		start := time.Now()
		for s.open.Load() > 0 {
			time.Sleep(time.Second)
		}
		if took := time.Since(start); took < writeTimeout-slack || took > writeTimeout+time.Second {
			t.Errorf("cut off after %v, want about %v", took, writeTimeout)
		}
	})
}

func TestIdleConnectionIsClosed(t *testing.T) {
	eachWay(t, func(t *testing.T, plain bool) {
		_, dial := network(t, &stub{})
		p := dial()
		for range 3 {
			p.send(text(plain, "PurgeQueue", "{}"))
			p.answer()
			time.Sleep(time.Minute)
		}
		if took := p.closedAfter() + time.Minute; took < idleTimeout-slack || took > idleTimeout {
			t.Errorf("closed after %v, want about %v", took, idleTimeout)
		}
	})
}

func TestConnectionThatSaysNothingIsClosed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, dial := network(t, &stub{})
		if took := dial().closedAfter(); took > idleTimeout {
			t.Errorf("closed after %v", took)
		}
	})
}

// hourly is a backend in which an hour passes before a poll gets its message,
// as when its clock stands still.
type hourly struct{ *stub }

func (h hourly) ReceiveMessage(ctx context.Context, _ backend.ReceiveMessageInput) (backend.ReceiveMessageOutput, error) {
	select {
	case <-time.After(time.Hour):
		return backend.ReceiveMessageOutput{Messages: []backend.Message{{MessageId: "m"}}}, nil
	case <-ctx.Done():
		return backend.ReceiveMessageOutput{}, ctx.Err()
	}
}

func TestPollOutlivesEveryDeadline(t *testing.T) {
	eachWay(t, func(t *testing.T, plain bool) {
		_, dial := network(t, hourly{&stub{}})
		p := dial()
		for range 2 {
			p.send(text(plain, "ReceiveMessage", "{}"))
			if _, body, _ := p.answer(); body != `{"Messages":[{"MessageId":"m"}]}` {
				t.Errorf("the poll was answered %s", body)
			}
		}
		p.send(text(plain, "PurgeQueue", "{}"))
		if res, _, way := p.answer(); res.StatusCode != 200 || way != plain {
			t.Errorf("the next request: %d, plain way: %v", res.StatusCode, way)
		}
	})
}

func TestPollEndsWithItsConnection(t *testing.T) {
	eachWay(t, func(t *testing.T, plain bool) {
		s, dial := network(t, hourly{&stub{}})
		p := dial()
		p.send(text(plain, "ReceiveMessage", "{}"))
		time.Sleep(10 * time.Minute) // longer than any deadline
		start := time.Now()
		p.Close()
		for s.open.Load() > 0 {
			time.Sleep(time.Millisecond)
		}
		if took := time.Since(start); took > time.Second {
			t.Errorf("the poll ended %v after its client", took)
		}
	})
}

func TestNextRequestMayComeWhileAPollWaits(t *testing.T) {
	eachWay(t, func(t *testing.T, plain bool) {
		_, dial := network(t, hourly{&stub{}})
		p := dial()
		p.send(text(plain, "ReceiveMessage", "{}"))
		time.Sleep(time.Minute)
		go p.send(text(plain, "PurgeQueue", "{}"))
		if _, body, _ := p.answer(); body != `{"Messages":[{"MessageId":"m"}]}` {
			t.Errorf("the poll was answered %s", body)
		}
		if _, body, _ := p.answer(); body != `{}` {
			t.Errorf("the next request was answered %s", body)
		}
	})
}

func TestRequestsInARow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, dial := network(t, &stub{})
		p := dial()
		go p.send(strings.Repeat(text(true, "PurgeQueue", "{}"), 100) + text(false, "PurgeQueue", "{}") + text(true, "PurgeQueue", "{}"))
		for i := range 102 {
			if res, _, plain := p.answer(); res.StatusCode != 200 || plain != (i < 100) {
				t.Fatalf("answer %d: %d, plain way: %v", i, res.StatusCode, plain)
			}
		}
	})
}

// The connections after the last that is served are told why, in their protocol,
// and those after them are closed.
func TestConnectionLimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, dial := network(t, &stub{})
		var all []*peer
		for range maxConnections {
			all = append(all, dial())
		}
		for _, query := range []bool{false, true} {
			p := dial()
			if query {
				p.send("GET /?Action=ListQueues HTTP/1.1\r\nHost: localhost\r\n\r\n")
			} else {
				p.send(text(true, "ListQueues", "{}"))
			}
			res, body, _ := p.answer()
			if res.StatusCode != 503 || !strings.Contains(body, "More than 2048 connections are open.") || !res.Close ||
				query != strings.Contains(body, "<Code>ServiceUnavailable</Code>") {
				t.Errorf("one too many is answered %d %s", res.StatusCode, body)
			}
			p.Close()
			time.Sleep(time.Second)
		}
		for range maxRefused {
			dial()
		}
		if took := dial().closedAfter(); took != 0 {
			t.Errorf("many too many: closed after %v", took)
		}
		all[7].Close()
		all[8].send(text(true, "ListQueues", "{}"))
		if res, _, _ := all[8].answer(); res.StatusCode != 200 {
			t.Errorf("one of those before: %d", res.StatusCode)
		}
	})
}

func TestShutdownEndsConnections(t *testing.T) {
	eachWay(t, func(t *testing.T, plain bool) {
		b := hourly{&stub{}}
		s, dial := network(t, b)
		idle, used, polling := dial(), dial(), dial()
		used.send(text(plain, "PurgeQueue", "{}"))
		used.answer()
		polling.send(text(plain, "ReceiveMessage", "{}"))
		time.Sleep(time.Minute)
		ended := make(chan error, 1)
		go func() { ended <- s.Shutdown(context.Background()) }()
		if res, body, _ := polling.answer(); body != "{}" || !res.Close {
			t.Errorf("the poll is answered %s, closing: %v", body, res.Close)
		}
		for name, p := range map[string]*peer{"idle": idle, "used": used, "polling": polling} {
			if took := p.closedAfter(); took > time.Second {
				t.Errorf("%s: closed after %v", name, took)
			}
		}
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
}

// stuck is a backend that does not heed its context.
type stuck struct {
	*stub
	over chan struct{}
}

func (s stuck) PurgeQueue(context.Context, backend.PurgeQueueInput) error {
	<-s.over
	return nil
}

func TestShutdownCutsOffWhatDoesNotEnd(t *testing.T) {
	eachWay(t, func(t *testing.T, plain bool) {
		b := stuck{&stub{}, make(chan struct{})}
		s, dial := network(t, b)
		p := dial()
		p.send(text(plain, "PurgeQueue", "{}"))
		synctest.Wait()
		time.AfterFunc(time.Minute, func() { close(b.over) })
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		err := s.Shutdown(ctx)
		if backend.KindOf(err) != backend.KindTimeout || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("shutdown says %v", err)
		}
		if took := p.closedAfter(); took > time.Second {
			t.Errorf("cut off after %v", took)
		}
		<-b.over
	})
}

// A descriptor that is missing for a moment is no reason to stop serving.
func TestAcceptIsTriedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, dial := network(t, &stub{})
		s.listener.(*pipes).conns <- nil
		p := dial()
		p.send(text(true, "ListQueues", "{}"))
		if res, _, _ := p.answer(); res.StatusCode != 200 {
			t.Error(res.Status)
		}
	})
}

var errNoDescriptors = &net.OpError{Op: "accept", Err: os.NewSyscallError("accept", temporary{})}

type temporary struct{}

func (temporary) Error() string   { return "too many open files" }
func (temporary) Temporary() bool { return true }
func (temporary) Timeout() bool   { return false }
