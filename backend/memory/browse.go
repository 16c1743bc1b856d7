package memory

import (
	"context"

	"sqscope/backend"
)

const browseLimit = 10_000

// Browse reads what a queue holds in order of arrival, in whatever state, and
// changes nothing. It costs O(log n) for the place and the messages it returns;
// these are copied under the lock and put into words without it.
func (e *Engine) Browse(ctx context.Context, in backend.BrowseInput) (backend.BrowseOutput, error) {
	const action = "Browse"
	q, err := e.find(ctx, action, in.QueueUrl)
	if err != nil {
		return backend.BrowseOutput{}, err
	}
	if in.Limit < 1 || in.Limit > browseLimit {
		return backend.BrowseOutput{}, about(action, q.name,
			backend.Errorf(backend.KindInvalid, "the limit must be between 1 and %d", browseLimit))
	}
	if _, err := q.lock(); err != nil {
		return backend.BrowseOutput{}, about(action, q.name, err)
	}
	retention := q.settings.Load().retention
	m := q.messages.after(in.After)
	page := make([]message, 0, min(in.Limit, q.messages.n))
	for ; m != nil && len(page) < in.Limit; m = q.messages.after(m.seq) {
		page = append(page, *m)
	}
	var out backend.BrowseOutput
	if m != nil {
		out.Next = page[len(page)-1].seq
	}
	q.unlock()
	for i := range page {
		if err := ended(ctx); err != nil {
			return backend.BrowseOutput{}, about(action, q.name, err)
		}
		out.Messages = append(out.Messages, page[i].stored(retention))
	}
	return out, nil
}

// stored is a copy of a message as it lies there.
func (m *message) stored(retention int64) backend.StoredMessage {
	all := []string{backend.AttrAll}
	out := backend.StoredMessage{
		Message: m.show("", all, all),
		State:   m.state.backend(),
		Expires: timeOf(m.sent + retention),
	}
	if m.state != visible {
		out.Until = timeOf(m.until)
	}
	return out
}

// RemoveMessages deletes stored messages by their ids, in whatever state they
// are. The first call on a queue costs O(n): from then on, until it is empty, the
// queue keeps a table of ids.
func (e *Engine) RemoveMessages(ctx context.Context, in backend.RemoveMessagesInput) (backend.BatchOutput, error) {
	const action = "RemoveMessages"
	var out backend.BatchOutput
	q, err := e.find(ctx, action, in.QueueUrl)
	if err != nil {
		return out, err
	}
	now, err := q.lock()
	if err != nil {
		return out, about(action, q.name, err)
	}
	defer q.unlock()
	for _, id := range in.MessageIds {
		q.indexIDs()
		u, ok := parseUUID(id)
		m := q.byID[u]
		if !ok || m == nil {
			out.Failed = append(out.Failed, backend.BatchError{
				Id: id, Code: "NotFound", Message: "There is no message with this id in the queue.", SenderFault: true,
			})
			continue
		}
		q.remove(m)
		q.emit(backend.EventDeleted, m, now, "", 0)
		out.Successful = append(out.Successful, id)
	}
	return out, nil
}

func (q *queue) indexIDs() {
	if q.byID != nil || q.messages.n == 0 {
		return
	}
	q.byID = make(map[uuid]*message, q.messages.n)
	for m := q.messages.after(0); m != nil; m = q.messages.after(m.seq) {
		q.byID[m.id] = m
	}
}
