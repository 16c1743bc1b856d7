package adminclient

import (
	"context"
	"errors"
	"io"
	"net/http"
	"sync"
)

// Snapshot writes everything that the engine holds as one file. What was written
// before an error is no snapshot.
func (c *Client) Snapshot(ctx context.Context, w io.Writer) error {
	const action = "Snapshot"
	answer, err := c.do(ctx, action, http.MethodGet, "snapshot", nil, nil)
	if err != nil {
		return err
	}
	defer answer.Close()
	if _, err := io.Copy(ourWriter{w}, answer); err != nil {
		return c.failed(ctx, action, brokenOff, err)
	}
	return nil
}

// Restore replaces everything by what a file holds, or nothing at all.
func (c *Client) Restore(ctx context.Context, r io.Reader) error {
	body := &ourReader{r: r}
	defer body.release()
	answer, err := c.do(ctx, "Restore", http.MethodPut, "snapshot", nil, body)
	if err != nil {
		return err
	}
	return answer.Close()
}

// theirs is an error of the caller's own reader or writer, which is not the
// network's.
type theirs struct{ error }

func (e *theirs) Unwrap() error { return e.error }

type ourWriter struct{ w io.Writer }

func (o ourWriter) Write(b []byte) (int, error) {
	n, err := o.w.Write(b)
	if err != nil {
		err = &theirs{err}
	}
	return n, err
}

// ourReader is a caller's reader for as long as the call lasts: net/http may go
// on reading when it has the answer already.
type ourReader struct {
	mu sync.Mutex
	r  io.Reader // nil once it is the caller's again
}

func (o *ourReader) Read(b []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.r == nil {
		return 0, io.ErrClosedPipe
	}
	n, err := o.r.Read(b)
	if err != nil && !errors.Is(err, io.EOF) {
		err = &theirs{err}
	}
	return n, err
}

func (o *ourReader) release() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.r = nil
}
