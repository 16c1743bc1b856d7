package endpoint

import (
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"strings"

	"sqscope/backend"
)

// A server on a laptop is reached by every page that its browser has open. Three
// checks keep pages out. A page of another site says so in Origin or
// Sec-Fetch-Site. A GET of an old browser, or to an address that the browser
// does not trust, has neither, and an image's address can purge a queue: such a
// GET is answered to programs, not to browsers. A page that made its own name
// point to 127.0.0.1 ("DNS rebinding") looks like the same site, but its name is
// in Host, and so only names are answered that no stranger can own. SDKs send
// none of these headers and the host that they were configured with.

// admit is nil if the request may come in.
func (s *Server) admit(r *request) *backend.Error {
	if !s.knownHost(r.host) {
		return backend.ErrorOf(backend.ErrAccessDenied,
			"The Host header %q is not answered here. If the name is yours, start the server with --allow-host %s.",
			r.host, hostName(r.host))
	}
	if r.origin != "" && !r.sameOrigin() {
		return backend.ErrorOf(backend.ErrAccessDenied,
			"Requests from web pages of another origin (%s) are not answered here.", r.origin)
	}
	if r.refused {
		return unavailable(fmt.Sprintf("More than %d connections are open.", maxConnections))
	}
	switch r.fetchSite {
	case "same-origin", "none":
	case "":
		// All browsers call themselves Mozilla.
		if r.method == http.MethodGet && strings.HasPrefix(r.agent, "Mozilla/") {
			return backend.ErrorOf(backend.ErrAccessDenied, "A browser that does not say from which site "+
				"a request comes is not answered here. Use another program, or localhost.")
		}
	default:
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

func (r *request) sameOrigin() bool {
	return strings.EqualFold(r.origin, r.scheme()+r.host)
}

func (r *request) scheme() string {
	if r.secure {
		return "https://"
	}
	return "http://"
}

// loopback tells whether an address is this machine's own.
func loopback(a net.Addr) bool {
	t, ok := a.(*net.TCPAddr)
	return ok && t.IP.IsLoopback()
}
