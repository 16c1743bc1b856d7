package adminclient

import (
	"context"
	"net/http"
	"net/url"

	"sqscope/backend"
	"sqscope/backend/endpoint/admin"
)

// ListFaults tells the faults that are set.
func (c *Client) ListFaults(ctx context.Context) ([]backend.Fault, error) {
	var doc admin.FaultList
	if err := c.call(ctx, "ListFaults", http.MethodGet, "faults", nil, nil, &doc); err != nil {
		return nil, err
	}
	list := make([]backend.Fault, len(doc.Faults))
	for i, f := range doc.Faults {
		list[i] = f.Backend()
	}
	return list, nil
}

// SetFault sets a fault, or replaces the one with its ID.
func (c *Client) SetFault(ctx context.Context, f backend.Fault) (backend.Fault, error) {
	var doc admin.Fault
	err := c.call(ctx, "SetFault", http.MethodPost, "faults", nil, admin.FaultOf(f), &doc)
	return doc.Backend(), err
}

// ClearFaults takes back faults, all if none is named.
func (c *Client) ClearFaults(ctx context.Context, ids []string) error {
	query := url.Values{}
	if len(ids) > 0 {
		query["id"] = ids
	}
	return c.call(ctx, "ClearFaults", http.MethodDelete, "faults", query, nil, nil)
}
