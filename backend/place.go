package backend

import (
	"net"
	"net/url"
	"strings"
)

// Place is where we are connected, in facts that the top line says in words.
// What is not known is empty.
type Place struct {
	Context  string // the context's name: demo, a profile, an endpoint
	Embedded bool   // the engine in this process
	Account  string // twelve digits
	Region   string
	Profile  string
	Endpoint string // URL, if it is not AWS's own
	Scenario string // of the embedded engine
	Listen   string // where the embedded engine is served, if it is
}

// IsLoopback tells whether an endpoint is on this machine by its name alone.
// Names that merely resolve to it do not count: who answers for them is
// decided elsewhere.
func IsLoopback(endpoint string) bool {
	if endpoint == "" {
		return false
	}
	if !strings.Contains(endpoint, "://") {
		endpoint = "//" + endpoint
	}
	u, err := url.Parse(endpoint)
	if err != nil {
		return false
	}
	host := strings.ToLower(strings.TrimSuffix(u.Hostname(), "."))
	if host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}
