package archive

import (
	"io"
	"os"
	"path/filepath"

	"sqscope/backend"
)

// Save writes a file, mode 0600, in place of one that is there, and makes the
// folders above it. It appears whole or not at all.
func Save(path string, write func(io.Writer) error) error {
	err := os.MkdirAll(filepath.Dir(path), 0o700)
	if err != nil {
		return unsaved(path, err)
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".sqscope-*")
	if err != nil {
		return unsaved(path, err)
	}
	// After the rename there is nothing to remove.
	defer func() { _ = os.Remove(f.Name()) }()
	err = write(f)
	if err == nil {
		err = f.Sync()
	}
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
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
