package archive

import (
	"io"

	"sqscope/backend"
	"sqscope/backend/disk"
)

// Save writes a file, mode 0600, in place of one that is there, and makes the
// folders above it. It appears whole or not at all.
func Save(path string, write func(io.Writer) error) error {
	if err := disk.Write(path, write); err != nil {
		return unsaved(path, err)
	}
	return nil
}

func unsaved(path string, err error) error {
	return &backend.Error{
		Kind: backend.KindOf(err), Subject: path, Message: "the file could not be written: " + err.Error(),
		Next: "make room or rights there, or take another name", Err: err,
	}
}
