package endpoint

import (
	"context"
	"errors"
	"net"
	"syscall"

	"sqscope/backend"
)

// Listen takes a TCP address, host and port; port 0 is any free one. Beyond
// loopback it needs Options.Public. Errors: KindConflict for a port in use,
// KindInvalid for an address that is none or not permitted, KindDenied for a
// port that only root may take.
func (s *Server) Listen(ctx context.Context, addr string) error {
	resolved, err := resolve(ctx, addr)
	if err != nil {
		return &backend.Error{
			Kind: backend.KindInvalid, Subject: addr, Message: "is no address to listen on",
			Next: "give host and port, as in 127.0.0.1:9324", Err: err,
		}
	}
	if !loopback(resolved) && !s.options.Public {
		return &backend.Error{
			Kind: backend.KindInvalid, Subject: addr,
			Message: "can be reached from other machines, and everything in it with it",
			Next:    "listen on 127.0.0.1; or, if that is what you want, sqscope serve --public",
		}
	}
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", resolved.String())
	if err != nil {
		return listenError(addr, err)
	}
	s.listener, s.handed.addr = l, l.Addr()
	return nil
}

// resolve makes one address of host and port, so that what is checked is what
// is listened on. No host is every address of the machine.
func resolve(ctx context.Context, addr string) (*net.TCPAddr, error) {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, err
	}
	number, err := net.DefaultResolver.LookupPort(ctx, "tcp", port)
	if err != nil {
		return nil, err
	}
	if host == "" {
		return &net.TCPAddr{Port: number}, nil
	}
	ips, err := net.DefaultResolver.LookupIPAddr(ctx, host)
	if err != nil {
		return nil, err
	}
	best := ips[0]
	for _, ip := range ips {
		if ip.IP.To4() != nil {
			best = ip
			break
		}
	}
	return &net.TCPAddr{IP: best.IP, Zone: best.Zone, Port: number}, nil
}

// winAddrInUse is WSAEADDRINUSE, which on Windows is not syscall.EADDRINUSE.
const winAddrInUse = syscall.Errno(10048)

func listenError(addr string, err error) error {
	e := &backend.Error{Kind: backend.KindInvalid, Subject: addr, Message: "cannot be listened on", Err: err}
	var cause syscall.Errno
	if errors.As(err, &cause) {
		e.Message += ": " + cause.Error()
	}
	switch {
	case errors.Is(err, syscall.EADDRINUSE) || errors.Is(err, winAddrInUse):
		e.Kind, e.Message = backend.KindConflict, "the port is in use by another program, perhaps another sqscope"
		e.Next = "stop that one, or choose another port (0 takes any that is free)"
	case errors.Is(err, syscall.EACCES):
		e.Kind, e.Message = backend.KindDenied, "the port may not be used by this user"
		e.Next = "choose a port of 1024 or more"
	}
	return e
}

// Addr is where the server listens, host and port, or "" before Listen.
func (s *Server) Addr() string {
	if s.listener == nil {
		return ""
	}
	return s.listener.Addr().String()
}

// URL is the endpoint URL that a program on this machine uses, or "" before
// Listen.
func (s *Server) URL() string {
	if s.listener == nil {
		return ""
	}
	t, ok := s.listener.Addr().(*net.TCPAddr)
	if ok && t.IP.IsUnspecified() {
		_, port, _ := net.SplitHostPort(s.Addr())
		return "http://localhost:" + port
	}
	return "http://" + s.Addr()
}

// Shutdown stops listening, answers open long polls with what they have, which
// is nothing, and waits for the other requests until the context ends; then it
// cuts them off and says so.
func (s *Server) Shutdown(ctx context.Context) error {
	s.drain()
	s.stop()
	if s.listener != nil {
		_ = s.listener.Close() // nothing is lost with it
	}
	err := errors.Join(s.drained(ctx), s.http.Shutdown(ctx))
	if err == nil {
		return nil
	}
	if cut := s.http.Close(); cut != nil {
		err = errors.Join(err, cut)
	}
	return &backend.Error{
		Kind: backend.KindOf(err), Subject: s.Addr(), Message: "some requests were cut off when the server stopped", Err: err,
	}
}
