package endpoint_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"testing"
)

// wire is a client that costs next to nothing, so that a benchmark in one
// process measures the server: requests are made beforehand, answers are only
// looked at.
type wire struct {
	conn net.Conn
	buf  []byte
}

func dial(tb testing.TB, addr string) *wire {
	tb.Helper()
	var d net.Dialer
	c, err := d.DialContext(tb.Context(), "tcp", addr)
	if err != nil {
		tb.Fatal(err)
	}
	return &wire{conn: c, buf: make([]byte, 0, 64<<10)}
}

// post makes a request in AWS JSON 1.0.
func post(action string, body []byte) []byte {
	head := fmt.Sprintf("POST / HTTP/1.1\r\nHost: localhost:9324\r\nContent-Type: application/x-amz-json-1.0\r\n"+
		"X-Amz-Target: AmazonSQS.%s\r\nContent-Length: %d\r\n\r\n", action, len(body))
	return append([]byte(head), body...)
}

var (
	headEnd = []byte("\r\n\r\n")
	length  = []byte("Content-Length: ")
)

// ask sends a request and returns the answer's body, which is valid until the
// next. An answer that is no success is an error.
func (w *wire) ask(request []byte) ([]byte, error) {
	if _, err := w.conn.Write(request); err != nil {
		return nil, err
	}
	w.buf = w.buf[:0]
	head := -1
	for head < 0 {
		if err := w.more(); err != nil {
			return nil, err
		}
		head = bytes.Index(w.buf, headEnd)
	}
	_, after, found := bytes.Cut(w.buf[:head+2], length)
	digits, _, _ := bytes.Cut(after, []byte("\r"))
	n, err := strconv.Atoi(string(digits))
	if !found || err != nil {
		return nil, fmt.Errorf("an answer without its length: %q", w.buf[:head])
	}
	for end := head + len(headEnd) + n; len(w.buf) < end; {
		if err := w.more(); err != nil {
			return nil, err
		}
	}
	body := w.buf[head+len(headEnd):]
	if string(w.buf[9:12]) != strconv.Itoa(http.StatusOK) {
		return nil, errors.New(string(w.buf))
	}
	return body, nil
}

func (w *wire) more() error {
	if len(w.buf) == cap(w.buf) {
		w.buf = append(w.buf, 0)[:len(w.buf)]
	}
	n, err := w.conn.Read(w.buf[len(w.buf):cap(w.buf)])
	w.buf = w.buf[:len(w.buf)+n]
	if n == 0 && err == nil {
		return io.ErrNoProgress
	}
	if n > 0 {
		return nil
	}
	return err
}
