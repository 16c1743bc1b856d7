package tomlfile

import (
	"errors"
	"io"
	"io/fs"
	"os"

	"sqscope/backend"
)

// Load is the text of a file that somebody has named, for [Read]. sort says in
// errors what it should be, such as "seed file". Of a file above limit bytes it is
// only so much that Read sees that it is too large, so that a wrong path (a
// device, a disk image) ends in an error and not in a full memory. The errors are
// KindNotFound for a file that is not there, KindDenied for one that may not be
// read, else KindInternal.
func Load(path, sort string, limit int) ([]byte, error) {
	data, err := head(path, limit+1)
	if err == nil {
		return data, nil
	}
	e := &backend.Error{Kind: backend.KindInternal, Subject: path, Message: "cannot read the " + sort + ": " + err.Error(), Err: err}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		e.Kind, e.Message, e.Next = backend.KindNotFound, "there is no such "+sort, "check the path"
	case errors.Is(err, fs.ErrPermission):
		e.Kind, e.Message, e.Next = backend.KindDenied, "the "+sort+" may not be read", "check its permissions"
	}
	return nil, e
}

func head(path string, limit int) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, int64(limit)))
}
