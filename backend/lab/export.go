package lab

import (
	"errors"
	"io"
	"io/fs"
	"os"

	"sqscope/backend"
	"sqscope/backend/archive"
)

// mostExported is how many lines of an export are read.
const mostExported = 100_000

// readExport reads the ids of the messages in an export file.
func readExport(path string) (ids []any, err error) {
	f, err := os.Open(path)
	if err != nil {
		e := &backend.Error{Kind: backend.KindInternal, Subject: path, Message: "the export cannot be read", Err: err}
		if errors.Is(err, fs.ErrNotExist) {
			e.Kind, e.Message, e.Next = backend.KindNotFound, "there is no such file", "give the path that the export said"
		}
		return nil, e
	}
	defer f.Close()
	ids = []any{}
	seen := map[string]bool{}
	for r := archive.NewReader(f); len(ids) < mostExported; {
		entry, err := r.Next()
		if errors.Is(err, io.EOF) {
			return ids, nil
		}
		if err == nil && entry.Wrong != nil {
			err = entry.Wrong
		}
		if err != nil {
			e := *backend.AsError(err)
			e.Kind, e.Subject, e.Next = backend.KindInvalid, path, "give the path of an export as JSONL"
			return nil, &e
		}
		if id := entry.Record.MessageId; !seen[id] {
			seen[id] = true
			ids = append(ids, id)
		}
	}
	return ids, nil
}

// exported tells whether an export has every message that has ever been in a
// queue.
func (s *Session) exported(a *answered, queue string) bool {
	there := map[any]bool{}
	for _, id := range a.export {
		there[id] = true
	}
	for _, l := range s.history.order {
		if l.queue == queue && !there[l.id] {
			return false
		}
	}
	return true
}
