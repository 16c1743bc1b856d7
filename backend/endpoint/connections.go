package endpoint

import (
	"context"
	"errors"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"sqscope/backend"
)

const (
	maxConnections = 2048 // are served at a time
	maxRefused     = 64   // more are told so, and the rest is closed at once
)

// crowd is the connections that are open.
type crowd struct {
	open     atomic.Int64
	draining atomic.Bool   // the server stops; set under mu
	emptied  chan struct{} // closed when it does and none is plain any more
	mu       sync.Mutex
	plain    map[*plainConn]struct{} // under mu
}

// Serve answers until Shutdown, and then returns nil. It may be called once,
// after Listen.
func (s *Server) Serve() error {
	rest := make(chan error, 1)
	go func() { rest <- s.http.Serve(s.handed) }()
	err := s.accept()
	if err == nil {
		err = <-rest
	}
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return &backend.Error{Kind: backend.KindNetwork, Subject: s.Addr(), Message: "the server stopped", Err: err}
}

// accept takes connections until the listener is closed. A process that is out
// of file descriptors for the moment tries again.
func (s *Server) accept() error {
	for wait := 5 * time.Millisecond; ; {
		conn, err := s.listener.Accept()
		if err == nil {
			wait = 5 * time.Millisecond
			s.welcome(conn)
			continue
		}
		if s.stopping.Err() != nil {
			return nil
		}
		var temporary interface{ Temporary() bool }
		if !errors.As(err, &temporary) || !temporary.Temporary() {
			return err
		}
		s.options.Log.Warn("a connection could not be accepted", "error", err)
		select {
		case <-time.After(wait):
		case <-s.stopping.Done():
		}
		wait = min(2*wait, time.Second)
	}
}

// welcome begins to serve a connection.
func (s *Server) welcome(conn net.Conn) {
	n := s.open.Add(1)
	conn = &counted{Conn: conn, open: &s.open}
	switch {
	case n > maxConnections+maxRefused:
		_ = conn.Close()
	case n > maxConnections:
		s.handed.take(&handedConn{Conn: conn, refused: true})
	default:
		c := s.newPlainConn(conn)
		if !s.join(c) {
			_ = conn.Close()
			return
		}
		go func() {
			defer s.leave(c)
			if c.serve() {
				_ = conn.SetDeadline(time.Time{}) // the next read says what is wrong
				s.handed.take(&handedConn{Conn: conn, read: c.buf[c.from:]})
				return
			}
			_ = conn.Close()
		}()
	}
}

func (s *Server) join(c *plainConn) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.draining.Load() {
		return false
	}
	s.plain[c] = struct{}{}
	return true
}

func (s *Server) leave(c *plainConn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.plain, c)
	if s.draining.Load() && len(s.plain) == 0 {
		close(s.emptied)
	}
}

// drain begins to end the connections: the idle ones of the plain way at once,
// all others with their answer.
func (s *Server) drain() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.draining.Swap(true) && len(s.plain) == 0 {
		close(s.emptied)
	}
	for c := range s.plain {
		// One that becomes idle after this sees that the server is draining.
		if c.idle.Load() {
			_ = c.conn.SetReadDeadline(time.Unix(1, 0))
		}
	}
}

// drained waits for the connections of the plain way until the context ends.
// Then they are cut off.
func (s *Server) drained(ctx context.Context) error {
	select {
	case <-s.emptied:
		return nil
	case <-ctx.Done():
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for c := range s.plain {
		c.cancel()
		_ = c.conn.Close()
	}
	return ctx.Err()
}

// counted is a connection that counts as open until it is closed.
type counted struct {
	net.Conn
	open *atomic.Int64
	once sync.Once
}

func (c *counted) Close() error {
	c.once.Do(func() { c.open.Add(-1) })
	return c.Conn.Close()
}

// CloseWrite lets net/http say goodbye before it closes.
func (c *counted) CloseWrite() error {
	if w, ok := c.Conn.(interface{ CloseWrite() error }); ok {
		return w.CloseWrite()
	}
	return nil
}

// handedConn is a connection that goes to net/http, with what was read of it.
type handedConn struct {
	net.Conn
	read    []byte
	refused bool // one too many
}

func (c *handedConn) Read(b []byte) (int, error) {
	if len(c.read) > 0 {
		n := copy(b, c.read)
		c.read = c.read[n:]
		return n, nil
	}
	c.read = nil
	return c.Conn.Read(b)
}

func (c *handedConn) CloseWrite() error {
	if w, ok := c.Conn.(interface{ CloseWrite() error }); ok {
		return w.CloseWrite()
	}
	return nil
}

// refusedKey marks the requests of a connection that is one too many.
type refusedKey struct{}

func markRefused(ctx context.Context, conn net.Conn) context.Context {
	if c, ok := conn.(*handedConn); ok && c.refused {
		return context.WithValue(ctx, refusedKey{}, true)
	}
	return ctx
}

// handed is the listener through which net/http gets connections.
type handed struct {
	conns  chan net.Conn
	closed chan struct{}
	once   sync.Once
	addr   net.Addr
}

func newHanded() *handed { return &handed{conns: make(chan net.Conn), closed: make(chan struct{})} }

// take passes a connection on, or closes it if the server has stopped.
func (h *handed) take(conn net.Conn) {
	select {
	case h.conns <- conn:
	case <-h.closed:
		_ = conn.Close()
	}
}

func (h *handed) Accept() (net.Conn, error) {
	select {
	case c := <-h.conns:
		return c, nil
	case <-h.closed:
		return nil, net.ErrClosed
	}
}

func (h *handed) Close() error {
	h.once.Do(func() { close(h.closed) })
	return nil
}

func (h *handed) Addr() net.Addr { return h.addr }
