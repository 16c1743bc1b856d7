package endpoint

import (
	"bytes"
	"net/http"
)

// head reads the head of a request, up to the empty line at its end, into the
// connection's next request. It takes only the plain form in which SDKs write:
// a POST in HTTP/1.1 to the service or to a queue, one Host, one Content-Length,
// and nothing that changes what follows. It is false for everything else, good
// or bad, which is left to net/http; so it may not take anything that net/http
// would read otherwise.
func (c *plainConn) head(b []byte) bool {
	c.length, c.closing = -1, false
	last := c.request
	c.request = request{method: http.MethodPost}
	line, b, ok := bytes.Cut(b, crlf)
	if !ok || !c.requestLine(line, last.path) {
		return false
	}
	for len(b) > 0 {
		if line, b, ok = bytes.Cut(b, crlf); !ok {
			return false
		}
		name, value, ok := bytes.Cut(line, colon)
		if !ok || !isName(name) {
			return false
		}
		value = bytes.Trim(value, " \t")
		if !isValue(value) || !c.header(name, value, &last) {
			return false
		}
	}
	return c.host != "" && c.length >= 0
}

var (
	crlf  = []byte("\r\n")
	colon = []byte(":")
)

func (c *plainConn) requestLine(line []byte, last string) bool {
	path, ok := bytes.CutPrefix(line, []byte("POST "))
	if !ok {
		return false
	}
	path, ok = bytes.CutSuffix(path, []byte(" HTTP/1.1"))
	if !ok || !isPlainPath(path) {
		return false
	}
	c.path = again(last, path)
	return true
}

// isPlainPath tells whether a path is the service's, or a queue's as this
// server makes them: an account in digits and a name.
func isPlainPath(path []byte) bool {
	if len(path) == 1 {
		return path[0] == '/'
	}
	if len(path) == 0 || path[0] != '/' {
		return false
	}
	n := 1 + digits(path[1:])
	if n == 1 || n+1 >= len(path) || path[n] != '/' {
		return false
	}
	for _, b := range path[n+1:] {
		if !isWord(b) && b != '.' {
			return false
		}
	}
	return true
}

// header takes one header. It is false for one that this way does not take, and
// for a second one of those that count.
func (c *plainConn) header(name, value []byte, last *request) bool {
	switch len(name) {
	case len("Host"):
		if isHeader(name, "host") {
			return isHost(value) && only(&c.host, last.host, value)
		}
	case len("Origin"): // and Expect
		return !isHeader(name, "origin") && !isHeader(name, "expect")
	case len("Upgrade"): // and Trailer
		return !isHeader(name, "upgrade") && !isHeader(name, "trailer")
	case len("Connection"): // and User-Agent
		if isHeader(name, "connection") {
			c.closing = c.closing || isHeader(value, "close")
			return isHeader(value, "close") || isHeader(value, "keep-alive")
		}
		if c.signed && isHeader(name, "user-agent") {
			return only(&c.agent, last.agent, value)
		}
	case len("Content-Type"): // and X-Amz-Target
		if isHeader(name, "content-type") {
			return only(&c.contentType, last.contentType, value)
		}
		if isHeader(name, "x-amz-target") {
			return only(&c.target, last.target, value)
		}
	case len("Authorization"):
		if c.signed && isHeader(name, "authorization") {
			return only(&c.authorization, last.authorization, value)
		}
	case len("Content-Length"): // and Sec-Fetch-Site
		if isHeader(name, "content-length") {
			return c.contentLength(value)
		}
		return !isHeader(name, "sec-fetch-site")
	case len("X-Amzn-Trace-Id"):
		if isHeader(name, "x-amzn-trace-id") {
			return only(&c.trace, last.trace, value)
		}
	case len("Transfer-Encoding"):
		return !isHeader(name, "transfer-encoding")
	}
	return true
}

func (c *plainConn) contentLength(value []byte) bool {
	n, ok := parseInt32(value)
	if !ok || value[0] == '-' || n > MaxBody || c.length >= 0 {
		return false
	}
	c.length = n
	return true
}

// only sets a header that may come once and not be empty.
func only(field *string, last string, value []byte) bool {
	if *field != "" || len(value) == 0 {
		return false
	}
	*field = again(last, value)
	return true
}

// again is b as a string: the one of the last request if it is the same, which
// on one connection it nearly always is.
func again(last string, b []byte) string {
	if string(b) == last {
		return last
	}
	return string(b)
}

// isHeader tells whether b is a name in lower case, whatever its own case.
func isHeader(b []byte, lower string) bool {
	if len(b) != len(lower) {
		return false
	}
	for i, c := range b {
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		if c != lower[i] {
			return false
		}
	}
	return true
}

// isName tells whether b is a header's name in letters, digits and hyphens, as
// all are in practice.
func isName(b []byte) bool {
	for _, c := range b {
		if !isWord(c) || c == '_' {
			return false
		}
	}
	return len(b) > 0
}

func isWord(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || isDigit(c) || c == '-' || c == '_'
}

func isValue(b []byte) bool {
	for _, c := range b {
		if (c < ' ' || c > '~') && c != '\t' {
			return false
		}
	}
	return true
}

func isHost(b []byte) bool {
	for _, c := range b {
		if !isWord(c) && c != '.' && c != ':' && c != '[' && c != ']' {
			return false
		}
	}
	return true
}
