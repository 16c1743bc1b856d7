package admin

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"sqscope/backend"
	"sqscope/backend/rules"
)

// QueueList is the document of all queues, sorted by name.
type QueueList struct {
	Queues []Queue `json:"queues"`
}

// Queue is a queue (DESIGN.md section 7), with its totals and all attributes as
// SQS has them (docs/SQS.md 2.1). Where it could not be read, Error says why and
// the rest is what its name tells.
type Queue struct {
	Name            string            `json:"name"`
	URL             string            `json:"url"` // on the host that the client used
	ARN             string            `json:"arn"`
	Type            string            `json:"type"` // standard or fifo
	Visible         int               `json:"visible"`
	InFlight        int               `json:"inFlight"`
	Delayed         int               `json:"delayed"`
	DLQ             *string           `json:"dlq"` // an ARN, as the RedrivePolicy names it (2.4)
	MaxReceiveCount *int              `json:"maxReceiveCount"`
	Sources         []string          `json:"sources"` // ARNs of the queues whose dead-letter queue it is
	OldestSeconds   *int64            `json:"oldestSeconds"`
	AsOf            Time              `json:"asOf"`
	Error           *string           `json:"error"`
	Metrics         *QueueMetrics     `json:"metrics"` // null where the stack has none
	Attributes      map[string]string `json:"attributes"`
}

// QueueMetrics are the totals of a queue since it was made.
type QueueMetrics struct {
	Sent     uint64 `json:"sent"`
	Received uint64 `json:"received"`
	Deleted  uint64 `json:"deleted"`
	Oldest   *Time  `json:"oldest"` // when the oldest message was sent
	AsOf     Time   `json:"asOf"`
}

// MetricsTable is the document of totals, by what each queue was called in the
// request.
type MetricsTable struct {
	Metrics map[string]QueueMetrics `json:"metrics"`
}

// Backend is the totals as package backend has them.
func (m QueueMetrics) Backend() backend.QueueMetrics {
	return backend.QueueMetrics{
		Sent: m.Sent, Received: m.Received, Deleted: m.Deleted, Oldest: m.Oldest.OrZero(), AsOf: m.AsOf.Std(),
	}
}

func metricsOf(m backend.QueueMetrics) QueueMetrics {
	return QueueMetrics{Sent: m.Sent, Received: m.Received, Deleted: m.Deleted, Oldest: orNull(m.Oldest), AsOf: Time(m.AsOf)}
}

// listQueues tells all queues, or those whose names begin with prefix. Whose
// dead-letter queue each is comes from the policies of all.
func (h *handler) listQueues(c *call) error {
	if err := c.only("prefix"); err != nil {
		return err
	}
	all, err := h.readQueues(c)
	if err != nil {
		return err
	}
	sources := make(map[string][]string)
	for _, q := range all {
		if q.DLQ != nil {
			sources[*q.DLQ] = append(sources[*q.DLQ], q.ARN)
		}
	}
	list := QueueList{Queues: []Queue{}}
	for _, q := range all {
		if strings.HasPrefix(q.Name, c.query.Get("prefix")) {
			q.Sources = append(q.Sources, sources[q.ARN]...)
			list.Queues = append(list.Queues, q)
		}
	}
	return c.answer(http.StatusOK, list)
}

// readQueues reads every queue, but not who names it. One that is deleted
// meanwhile is left out; any other error is the queue's own.
func (h *handler) readQueues(c *call) ([]Queue, error) {
	urls, err := h.queueURLs(c.r.Context())
	if err != nil {
		return nil, err
	}
	now, err := h.now(c.r.Context())
	if err != nil {
		return nil, err
	}
	totals, err := h.totals(c.r.Context(), urls)
	if err != nil {
		return nil, err
	}
	all := make([]Queue, 0, len(urls))
	for _, url := range urls {
		q, err := h.readQueue(c, url, now, totals)
		if backend.KindOf(err) == backend.KindNotFound {
			continue
		}
		if ended := c.r.Context().Err(); ended != nil {
			return nil, ended
		}
		if err != nil {
			text := err.Error()
			q.Error = &text
		}
		all = append(all, q)
	}
	return all, nil
}

func (h *handler) getQueue(c *call) error {
	if err := c.only(); err != nil {
		return err
	}
	url := c.segments[0]
	if h.Stack.SQS == nil {
		return absent("queues")
	}
	ctx := c.r.Context()
	now, err := h.now(ctx)
	if err != nil {
		return err
	}
	totals, err := h.totals(ctx, []string{url})
	if err != nil {
		return err
	}
	q, err := h.readQueue(c, url, now, totals)
	if err != nil {
		return err
	}
	q.Sources, err = h.sources(ctx, url, q.ARN)
	if err != nil {
		return err
	}
	return c.answer(http.StatusOK, q)
}

// readQueue is a queue as it stands, but for its sources. With an error comes
// what the URL tells.
func (h *handler) readQueue(c *call, url string, now time.Time, totals map[string]backend.QueueMetrics) (Queue, error) {
	account, name := backend.URLParts(url)
	q := Queue{Name: name, Type: kindOfQueue(name), Sources: []string{}, AsOf: Time(now), Attributes: map[string]string{}}
	q.URL = base(c.r) + "/" + account + "/" + name
	out, err := h.Stack.SQS.GetQueueAttributes(c.r.Context(), backend.GetQueueAttributesInput{
		QueueUrl: url, AttributeNames: []string{backend.AttrAll},
	})
	if err != nil {
		return q, err
	}
	arn, _ := backend.ParseARN(out.Attributes[backend.AttrQueueArn])
	q.URL, q.ARN, q.Attributes = base(c.r)+"/"+arn.Account+"/"+arn.Name, arn.String(), out.Attributes
	for attr, field := range map[string]*int{
		backend.AttrMessages: &q.Visible, backend.AttrMessagesNotVisible: &q.InFlight, backend.AttrMessagesDelayed: &q.Delayed,
	} {
		if *field, err = strconv.Atoi(out.Attributes[attr]); err != nil {
			return q, backend.Errorf(backend.KindInternal, "%s of %s is no number: %q", attr, name, out.Attributes[attr])
		}
	}
	// A policy that cannot be understood has named its dead-letter queue all the
	// same, or there is none to name.
	policy, _ := rules.ParseRedrivePolicy(out.Attributes[backend.AttrRedrivePolicy])
	if policy.DeadLetterTargetArn != "" {
		q.DLQ, q.MaxReceiveCount = &policy.DeadLetterTargetArn, &policy.MaxReceiveCount
	}
	if m, ok := totals[url]; ok {
		doc := metricsOf(m)
		q.Metrics = &doc
		if !m.Oldest.IsZero() {
			age := int64(m.AsOf.Sub(m.Oldest).Seconds())
			q.OldestSeconds = &age
		}
	}
	return q, nil
}

// getMetrics tells the totals of the queues that are named, or of all.
func (h *handler) getMetrics(c *call) error {
	if err := c.only("queue"); err != nil {
		return err
	}
	if h.Stack.Metrics == nil {
		return absent("metrics")
	}
	urls := c.query["queue"]
	if urls == nil {
		all, err := h.queueURLs(c.r.Context())
		if err != nil {
			return err
		}
		for _, url := range all {
			_, name := backend.URLParts(url)
			urls = append(urls, name)
		}
	}
	totals, err := h.totals(c.r.Context(), urls)
	if err != nil {
		return err
	}
	table := MetricsTable{Metrics: make(map[string]QueueMetrics, len(totals))}
	for url, m := range totals {
		table.Metrics[url] = metricsOf(m)
	}
	return c.answer(http.StatusOK, table)
}

func (h *handler) totals(ctx context.Context, urls []string) (map[string]backend.QueueMetrics, error) {
	if h.Stack.Metrics == nil {
		return nil, nil
	}
	return h.Stack.Metrics.QueueMetrics(ctx, urls)
}

// queueURLs are those of all queues.
func (h *handler) queueURLs(ctx context.Context) ([]string, error) {
	if h.Stack.SQS == nil {
		return nil, absent("queues")
	}
	return pages(func(token string) (backend.ListQueuesOutput, error) {
		return h.Stack.SQS.ListQueues(ctx, backend.ListQueuesInput{MaxResults: backend.Some(1000), NextToken: token})
	})
}

// sources are the ARNs of the queues that have this one as their dead-letter
// queue. They are in its own region, so its ARN tells theirs.
func (h *handler) sources(ctx context.Context, url, arn string) ([]string, error) {
	urls, err := pages(func(token string) (backend.ListQueuesOutput, error) {
		return h.Stack.SQS.ListDeadLetterSourceQueues(ctx, backend.ListDeadLetterSourceQueuesInput{
			QueueUrl: url, MaxResults: backend.Some(1000), NextToken: token,
		})
	})
	self, _ := backend.ParseARN(arn)
	list := []string{}
	for _, url := range urls {
		list = append(list, backend.ARNOf(url, self.Region).String())
	}
	slices.Sort(list)
	return list, err
}

// pages reads a list to its end (docs/SQS.md 1.4).
func pages(next func(token string) (backend.ListQueuesOutput, error)) (urls []string, err error) {
	for token := ""; ; {
		out, err := next(token)
		if err != nil {
			return nil, err
		}
		urls = append(urls, out.QueueUrls...)
		if token = out.NextToken; token == "" {
			return urls, nil
		}
	}
}

// now is the time of the stack's clock.
func (h *handler) now(ctx context.Context) (time.Time, error) {
	if h.Stack.Clock == nil {
		return h.Now(), nil
	}
	state, err := h.Stack.Clock.Clock(ctx)
	return state.Now, err
}

func kindOfQueue(name string) string {
	if strings.HasSuffix(name, ".fifo") {
		return "fifo"
	}
	return "standard"
}

// base is the address that the client used.
func base(r *http.Request) string {
	if r.TLS != nil {
		return "https://" + r.Host
	}
	return "http://" + r.Host
}
