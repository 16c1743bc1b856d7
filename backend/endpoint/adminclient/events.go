package adminclient

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"

	"sqscope/backend"
	"sqscope/backend/endpoint/admin"
)

// maxEvent is the longest line of a stream, in bytes.
const maxEvent = 1 << 20

// Subscribe delivers events until the context ends or the stream does, with the
// endpoint or its connection; then the channel is closed. What happens after it
// returns is not missed. The goroutine that reads the stream ends with it.
func (c *Client) Subscribe(ctx context.Context, room int) (<-chan backend.Event, error) {
	answer, err := c.do(ctx, "Subscribe", http.MethodGet, "events", nil, nil)
	if err != nil {
		return nil, err
	}
	out := make(chan backend.Event, max(room, 1))
	go func() {
		defer close(out)
		defer answer.Close()
		deliver(answer, out)
	}()
	return out, nil
}

// deliver reads events to the stream's end or to the first that makes no sense:
// from there on nothing in it can be trusted.
func deliver(stream io.Reader, out chan<- backend.Event) {
	lines := bufio.NewScanner(stream)
	lines.Buffer(nil, maxEvent)
	var name string
	var lost uint64
	for lines.Scan() {
		field, value, _ := bytes.Cut(lines.Bytes(), []byte(":"))
		value = bytes.TrimPrefix(value, []byte(" "))
		switch string(field) {
		case "event":
			name = string(value)
		case "data":
			if name == admin.DroppedEvent {
				var doc admin.Dropped
				if json.Unmarshal(value, &doc) != nil {
					return
				}
				lost += doc.Dropped
				continue
			}
			var doc admin.Event
			if json.Unmarshal(value, &doc) != nil {
				return
			}
			e := doc.Backend()
			e.Dropped = lost
			select {
			case out <- e:
				lost = 0
			default:
				lost++
			}
		}
	}
}
