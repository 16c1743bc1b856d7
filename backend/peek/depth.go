package peek

import (
	"context"
	"time"
)

// watchEvery is how often the dead-letter queue is counted during a look. An
// answer that brings less than was asked for has it counted at once: a message
// that a receive moves away is not in it.
const watchEvery = 500 * time.Millisecond

// depth is what a scan knows of the dead-letter queue.
type depth struct {
	known bool
	first int
	at    time.Time
}

// watch stops the scan when the dead-letter queue has grown since it began. Who
// put the messages there cannot be told: it may have been a consumer.
func (c *scan) watch(ctx context.Context, now bool) {
	o := c.s.o
	if o.DLQDepth == nil || !now && time.Since(c.dlq.at) < watchEvery || ctx.Err() != nil {
		return
	}
	c.s.mu.Lock()
	watched := c.s.cost.MaxReceiveCount > 0
	c.s.mu.Unlock()
	if !watched {
		return
	}
	n, err := o.DLQDepth(ctx)
	c.dlq.at = time.Now()
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	c.s.cost.Unwatched = err
	switch {
	case err != nil:
	case !c.dlq.known:
		c.dlq.known, c.dlq.first = true, n
		c.s.cost.Grew = 0
	case n > c.dlq.first:
		c.s.cost.Grew = n - c.dlq.first
		c.because(StopGrew)
	}
}
