package archive

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"

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

// SaveNew is Save for a path where nothing is: what is there already stays, and is
// an error of kind conflict.
func SaveNew(path string, write func(io.Writer) error) error {
	if _, err := os.Lstat(path); err == nil {
		return unsaved(path, fs.ErrExist)
	}
	err := disk.WriteNamed(filepath.Dir(path), write, func() (string, error) {
		f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600) // taken by nobody meanwhile
		if err != nil {
			return "", err
		}
		return path, f.Close()
	})
	if err != nil {
		return unsaved(path, err)
	}
	return nil
}

func unsaved(path string, err error) error {
	e := &backend.Error{
		Kind: backend.KindOf(err), Subject: path, Message: "the file could not be written: " + err.Error(),
		Next: "make room or rights there, or take another name", Err: err,
	}
	if errors.Is(err, fs.ErrExist) {
		e.Kind, e.Message, e.Next = backend.KindConflict, "is there already, and was not touched", "take another name"
	}
	return e
}
