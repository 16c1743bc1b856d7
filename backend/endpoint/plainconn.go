package endpoint

import (
	"bytes"
	"context"
	"errors"
	"net"
	"net/http"
	"os"
	"runtime/debug"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"sqscope/backend"
)

const (
	smallBuffer = 4 << 10  // what a connection holds between requests
	largeBuffer = 16 << 10 // what it holds once it has sent more: ten messages of 1 KiB fit

	maxPlainHead = 8 << 10

	// slack is how much earlier than it should a deadline may come, so that it
	// need not be set for each request.
	slack = 10 * time.Second

	// watchAfter is how long a poll waits before somebody looks whether its
	// client is still there. Most polls are answered sooner.
	watchAfter = 20 * time.Millisecond
)

// plainConn is a connection whose requests are answered without net/http, with
// which a send costs half as much again (docs/PERFORMANCE.md). It takes the plain
// form in which SDKs write, see [plainConn.head]; with the first request of
// another form the connection goes to net/http for good.
//
// One goroutine reads, answers and writes. A second looks for the client's end
// while a poll waits, and has ended before the first goes on.
type plainConn struct {
	server *Server
	conn   net.Conn
	buf    []byte // what was read
	from   int    // where in buf the next request begins
	idle   atomic.Bool

	remote  string // the client's address
	signed  bool   // who signed a request is of interest
	request        // the one in hand
	length  int
	closing bool // after the request in hand

	now             time.Time // when the last answer was written
	readBy, writeBy time.Time // the deadlines that are set

	ctx, poll context.Context // of the client, and of its polls, which the server can end
	cancel    context.CancelFunc
	watching  bool
	watch     *time.Timer
	watched   chan watched
	mu        sync.Mutex
	pollOver  bool // under mu
}

// watched is what was read while a poll waited.
type watched struct {
	n   int
	err error
}

func (s *Server) newPlainConn(conn net.Conn) *plainConn {
	c := &plainConn{server: s, conn: conn, buf: make([]byte, 0, smallBuffer), now: time.Now(), remote: conn.RemoteAddr().String()}
	c.signed = s.options.Identify != nil
	c.ctx, c.cancel = context.WithCancel(context.Background())
	return c
}

// serve answers requests until the client or the server ends it, and tells
// whether the connection is to go on with net/http.
func (c *plainConn) serve() (handOver bool) {
	defer c.recovered()
	defer c.cancel()
	poll, endPoll := context.WithCancel(c.ctx)
	c.poll = poll
	defer context.AfterFunc(c.server.stopping, endPoll)()
	for {
		head, ok := c.await()
		if !ok {
			return false
		}
		if head == nil || !c.head(head) {
			return true
		}
		c.from += len(head) + len(crlf)
		if !c.answer() {
			return false
		}
	}
}

// recovered keeps the program alive if this code has an error. Those of requests
// are dealt with where they can be answered.
func (c *plainConn) recovered() {
	if p := recover(); p != nil {
		c.server.options.Log.Error("a connection panicked", "panic", p, "stack", string(debug.Stack()))
		if c.server.options.OnPanic != nil {
			c.server.options.OnPanic(p)
		}
	}
}

var (
	headEnd = []byte("\r\n\r\n")
	post    = []byte("POST ")
)

// await waits for the head of a request, which is valid until the next read. It
// returns none as soon as it cannot be a plain one, and false when there will be
// no more.
func (c *plainConn) await() (head []byte, ok bool) {
	begun := false
	for searched := 0; ; {
		b := c.buf[c.from:]
		if n := bytes.Index(b[searched:], headEnd); n >= 0 {
			return b[:searched+n+len(crlf)], true
		}
		if n := min(len(b), len(post)); string(b[:n]) != string(post[:n]) || len(b) >= maxPlainHead {
			return nil, true
		}
		searched = max(0, len(b)-len(headEnd)+1)
		c.makeRoom(1)
		if len(b) == 0 {
			if !c.awaitNext() {
				return nil, false
			}
			continue
		}
		if !begun {
			begun = true
			c.setReadBy(time.Now().Add(headerTimeout))
		}
		if c.read() != nil {
			return nil, false
		}
	}
}

// awaitNext waits for the first bytes of a request. Until they come the
// connection is idle, and whoever stops the server may end it.
func (c *plainConn) awaitNext() bool {
	c.idle.Store(true)
	if left := c.readBy.Sub(c.now); left > idleTimeout || left < idleTimeout-slack {
		c.setReadBy(c.now.Add(idleTimeout))
	}
	if c.server.draining.Load() {
		return false
	}
	err := c.read()
	c.idle.Store(false)
	return err == nil
}

// read reads once. With makeRoom before it, there is room for a byte at least.
func (c *plainConn) read() error {
	n, err := c.conn.Read(c.buf[len(c.buf):cap(c.buf)])
	c.buf = c.buf[:len(c.buf)+n]
	if n > 0 {
		return nil
	}
	return err
}

// makeRoom makes room in buf for so many bytes more, of what is there it keeps
// what is not yet used up.
func (c *plainConn) makeRoom(n int) {
	if cap(c.buf)-len(c.buf) >= n {
		return
	}
	left := c.buf[c.from:]
	if len(left)+n > cap(c.buf) {
		c.buf = append(make([]byte, 0, largeBuffer), left...)
	} else {
		c.buf = c.buf[:copy(c.buf, left)]
	}
	c.from = 0
}

func (c *plainConn) setReadBy(t time.Time) {
	c.readBy = t
	_ = c.conn.SetReadDeadline(t) // a connection that is gone says so when it is read
}

// answer answers the request in hand and tells whether there may be another.
func (c *plainConn) answer() bool {
	x := c.server.exchange(c.ctx, c)
	defer x.release()
	if !c.readBody(x) {
		return false
	}
	x.request = c.request
	x.remote = c.remote
	x.handle()
	if c.ctx.Err() != nil {
		return false
	}
	closing := c.closing || c.server.draining.Load()
	c.now = time.Now()
	if c.writeBy.Sub(c.now) < writeTimeout-slack {
		c.writeBy = c.now.Add(writeTimeout)
		_ = c.conn.SetWriteDeadline(c.writeBy) // as with reading
	}
	x.out = x.appendAnswer(x.out[:0], c.server.date(c.now), closing)
	_, err := c.conn.Write(x.out)
	return err == nil && !closing
}

// readBody reads what is left of the request, into buf if it fits there. A body
// that does not come in time ends the connection.
func (c *plainConn) readBody(x *exchange) bool {
	missing := c.length - (len(c.buf) - c.from)
	if missing > 0 {
		c.setReadBy(time.Now().Add(readTimeout))
	}
	if c.length > largeBuffer {
		x.room = append(x.room[:0], c.buf[c.from:]...)
		c.from = len(c.buf)
		if missing < 0 {
			c.from += missing
			x.room = x.room[:c.length]
		}
		if !c.readRoom(x) {
			return false
		}
		x.body = x.room
		return true
	}
	if missing > 0 {
		c.makeRoom(missing)
	}
	for len(c.buf)-c.from < c.length {
		if c.read() != nil {
			return false
		}
	}
	x.body = c.buf[c.from : c.from+c.length]
	c.from += c.length
	return true
}

// readRoom reads a large body to its end. It believes no length before the bytes
// are there, so that a claim alone costs no memory.
func (c *plainConn) readRoom(x *exchange) bool {
	for len(x.room) < c.length {
		if len(x.room) == cap(x.room) {
			x.room = append(make([]byte, 0, min(max(2*cap(x.room), keepBuffer), c.length)), x.room...)
		}
		n, err := c.conn.Read(x.room[len(x.room):min(cap(x.room), c.length)])
		x.room = x.room[:len(x.room)+n]
		if n == 0 && err != nil {
			return false
		}
	}
	return true
}

// body has been read before the request was looked at.
func (c *plainConn) body(*exchange) *backend.Error { return nil }

// waits lets somebody look for the client's end after a while. If the client has
// sent more already than there is room for, it is there.
func (c *plainConn) waits() context.Context {
	if c.watching = len(c.buf) < cap(c.buf); !c.watching {
		return c.poll
	}
	c.pollOver = false
	if c.watch == nil {
		c.watched = make(chan watched, 1)
		c.watch = time.AfterFunc(watchAfter, c.look)
	} else {
		c.watch.Reset(watchAfter)
	}
	return c.poll
}

// look reads the client's next request or its end, whichever comes first.
func (c *plainConn) look() {
	c.mu.Lock()
	over := c.pollOver
	if !over {
		_ = c.conn.SetReadDeadline(time.Time{}) // as in setReadBy
	}
	c.mu.Unlock()
	var w watched
	if !over {
		w.n, w.err = c.conn.Read(c.buf[len(c.buf) : len(c.buf)+1])
		if w.n == 0 && !errors.Is(w.err, os.ErrDeadlineExceeded) {
			c.cancel()
		}
	}
	c.watched <- w
}

// waited calls the one back who looks.
func (c *plainConn) waited() {
	if !c.watching || c.watch.Stop() {
		return
	}
	c.mu.Lock()
	c.pollOver = true
	c.setReadBy(time.Unix(1, 0))
	c.mu.Unlock()
	w := <-c.watched
	c.buf = c.buf[:len(c.buf)+w.n]
}

// appendAnswer appends the answer as it goes over the wire.
func (x *exchange) appendAnswer(b []byte, date string, closing bool) []byte {
	b = append(b, "HTTP/1.1 "...)
	b = strconv.AppendInt(b, int64(x.status), 10)
	b = append(b, ' ')
	b = append(b, http.StatusText(x.status)...)
	b = append(b, "\r\nx-amzn-RequestId: "...)
	b = append(b, x.id[:]...)
	if x.queryError != "" {
		b = append(b, "\r\nx-amzn-query-error: "...)
		for _, c := range []byte(x.queryError) {
			if c < ' ' || c > '~' {
				c = '?' // of a code that another server made
			}
			b = append(b, c)
		}
	}
	b = append(b, "\r\nContent-Type: "...)
	b = append(b, x.answerType[0]...)
	b = append(b, "\r\nDate: "...)
	b = append(b, date...)
	if closing {
		b = append(b, "\r\nConnection: close"...)
	}
	b = append(b, "\r\nContent-Length: "...)
	b = strconv.AppendInt(b, int64(len(x.answer)), 10)
	b = append(b, headEnd...)
	return append(b, x.answer...)
}
