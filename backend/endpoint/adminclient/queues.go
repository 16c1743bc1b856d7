package adminclient

import (
	"context"
	"net/http"
	"net/url"
	"strconv"

	"sqscope/backend"
	"sqscope/backend/endpoint/admin"
)

// Browse reads what a queue holds without receiving it.
func (c *Client) Browse(ctx context.Context, in backend.BrowseInput) (backend.BrowseOutput, error) {
	const action = "Browse"
	var out backend.BrowseOutput
	path, err := queuePath(action, in.QueueUrl)
	if err != nil {
		return out, err
	}
	query := url.Values{"after": {strconv.FormatUint(in.After, 10)}, "limit": {strconv.Itoa(in.Limit)}}
	var page admin.MessagePage
	if err := c.call(ctx, action, http.MethodGet, path+"/messages", query, nil, &page); err != nil {
		return out, err
	}
	if page.Next != nil {
		out.Next = *page.Next
	}
	for _, doc := range page.Messages {
		m, err := doc.Backend()
		if err != nil {
			return backend.BrowseOutput{}, c.failed(ctx, action, brokenOff, err)
		}
		out.Messages = append(out.Messages, m)
	}
	return out, nil
}

// RemoveMessages deletes stored messages by their ids, in as many requests as it
// takes. With an error comes what had been done by then. To name no message asks
// nothing.
func (c *Client) RemoveMessages(ctx context.Context, in backend.RemoveMessagesInput) (backend.BatchOutput, error) {
	const action = "RemoveMessages"
	var out backend.BatchOutput
	path, err := queuePath(action, in.QueueUrl)
	if err != nil {
		return out, err
	}
	err = chunks(in.MessageIds, func(ids []string) error {
		var doc admin.Removed
		if err := c.call(ctx, action, http.MethodDelete, path+"/messages", url.Values{"id": ids}, nil, &doc); err != nil {
			return err
		}
		out.Successful = append(out.Successful, doc.Removed...)
		for _, f := range doc.Failed {
			out.Failed = append(out.Failed, backend.BatchError{Id: f.ID, Code: f.Code, Message: f.Message, SenderFault: f.SenderFault})
		}
		return nil
	})
	return out, err
}

// QueueMetrics tells the totals of queues.
func (c *Client) QueueMetrics(ctx context.Context, queueURLs []string) (map[string]backend.QueueMetrics, error) {
	out := make(map[string]backend.QueueMetrics, len(queueURLs))
	err := chunks(queueURLs, func(part []string) error {
		var doc admin.MetricsTable
		if err := c.call(ctx, "QueueMetrics", http.MethodGet, "metrics", url.Values{"queue": part}, nil, &doc); err != nil {
			return err
		}
		for queueURL, m := range doc.Metrics {
			out[queueURL] = m.Backend()
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}
