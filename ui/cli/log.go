package cli

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"sync"
	"time"

	"sqscope/backend"
	"sqscope/backend/meter"
	"sqscope/backend/owner"
)

// logEvery is how often new requests are written to the log.
const logEvery = 500 * time.Millisecond

// Log is a file with a line for every request that was sent, as text with
// key=value pairs: what was asked of which queue, how long it took and how it
// ended. Bodies and credentials are not in it.
type Log struct {
	file *os.File
	to   *slog.Logger

	mu     sync.Mutex
	flush  []func()
	closed bool
}

// OpenLog opens a file to write at its end; a new one has mode 0600. The error is
// a [Usage].
func OpenLog(path string) (*Log, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return nil, Usagef("--log: %s cannot be written: %v", path, errors.Unwrap(err))
	}
	return &Log{file: f, to: slog.New(slog.NewTextHandler(f, nil))}, nil
}

// Follow writes down the requests of a place until the log is closed. The group
// owns the goroutine.
func (l *Log) Follow(group *owner.Group, where backend.Place, m *meter.Meter) {
	var after uint64
	to := l.to.With("context", where.Context, "region", where.Region)
	flush := func() {
		for _, c := range m.Log(after) {
			if c.Seq > after+1 {
				to.Warn("requests are missing here", "count", c.Seq-after-1)
			}
			after = c.Seq
			request(to, c)
		}
	}
	l.mu.Lock()
	l.flush = append(l.flush, flush)
	l.mu.Unlock()
	group.Go("log", func(ctx context.Context) {
		for tick := time.NewTicker(logEvery); ; {
			select {
			case <-tick.C:
				l.write()
			case <-ctx.Done():
				tick.Stop()
				return
			}
		}
	})
}

func (l *Log) write() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return
	}
	for _, f := range l.flush {
		f()
	}
}

// Close writes what is left, and closes the file.
func (l *Log) Close() error {
	l.write()
	l.mu.Lock()
	defer l.mu.Unlock()
	l.closed = true
	return l.file.Close()
}

func request(to *slog.Logger, c meter.Call) {
	attrs := []slog.Attr{
		slog.Time("at", c.At), slog.String("service", c.Service), slog.Duration("took", c.Took), slog.Int("attempt", c.Attempt),
	}
	if c.Queue != "" {
		attrs = append(attrs, slog.String("queue", c.Queue))
	}
	if c.Items > 0 {
		attrs = append(attrs, slog.Int("items", c.Items))
	}
	if c.Failed > 0 {
		attrs = append(attrs, slog.Int("failed", c.Failed))
	}
	if c.RequestID != "" {
		attrs = append(attrs, slog.String("request", c.RequestID))
	}
	level := slog.LevelInfo
	if c.Err != nil {
		level = slog.LevelWarn
		attrs = append(attrs, slog.String("kind", c.Err.Kind.String()), slog.String("code", c.Err.Code), slog.String("error", c.Err.Message))
	}
	to.LogAttrs(context.Background(), level, c.Action, attrs...)
}
