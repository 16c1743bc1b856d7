package endpoint

import (
	"net"
	"net/http"
	"net/netip"
	"strings"

	"sqscope/backend"
)

// A server on a laptop is reached by every page that its browser has open. Two
// checks keep pages out. A page of another site says so in Origin or
// Sec-Fetch-Site. A page that made its own name point to 127.0.0.1 ("DNS
// rebinding") looks like the same site, but its name is in Host, and so only
// names are answered that no stranger can own. SDKs send neither header and
// the host that they were configured with.

// admit is nil if the request may come in.
func (s *Server) admit(r *http.Request) *backend.Error {
	if !s.knownHost(r.Host) {
		return backend.ErrorOf(backend.ErrAccessDenied,
			"The Host header %q is not answered here. If the name is yours, start the server with --allow-host %s.",
			r.Host, hostName(r.Host))
	}
	if o := r.Header["Origin"]; len(o) > 0 && !sameOrigin(o[0], r) {
		return backend.ErrorOf(backend.ErrAccessDenied,
			"Requests from web pages of another origin (%s) are not answered here.", o[0])
	}
	if f := r.Header["Sec-Fetch-Site"]; len(f) > 0 && f[0] != "same-origin" && f[0] != "none" {
		return backend.ErrorOf(backend.ErrAccessDenied,
			"Requests from web pages of another site are not answered here.")
	}
	return nil
}

// knownHost tells whether a Host header names this machine in a way that no
// other site can: localhost and names under it, IP addresses, the name that
// containers have for their host, what AllowHosts says; for a public server
// also names without a dot, which only a local network gives out.
func (s *Server) knownHost(hostport string) bool {
	host := hostName(hostport)
	switch {
	case host == "":
		return false
	case host == "localhost" || strings.HasSuffix(host, ".localhost") || host == "host.docker.internal":
		return true
	case s.hosts[host]:
		return true
	case s.options.Public && !strings.Contains(host, "."):
		return true
	}
	_, err := netip.ParseAddr(host)
	return err == nil
}

// hostName is a Host header in lower case, without port, brackets and the root's
// dot at the end.
func hostName(hostport string) string {
	host := hostport
	if strings.HasPrefix(host, "[") {
		host, _, _ = strings.Cut(host[1:], "]")
	} else if i := strings.LastIndexByte(host, ':'); i >= 0 {
		host = host[:i]
	}
	return strings.ToLower(strings.TrimSuffix(host, "."))
}

func hostSet(names []string) map[string]bool {
	set := make(map[string]bool, len(names))
	for _, n := range names {
		set[hostName(n)] = true
	}
	return set
}

func sameOrigin(origin string, r *http.Request) bool {
	scheme := "http://"
	if r.TLS != nil {
		scheme = "https://"
	}
	return strings.EqualFold(origin, scheme+r.Host)
}

// loopback tells whether an address is this machine's own.
func loopback(a net.Addr) bool {
	t, ok := a.(*net.TCPAddr)
	return ok && t.IP.IsLoopback()
}
