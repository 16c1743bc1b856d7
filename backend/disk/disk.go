// Package disk puts files on the disk whole or not at all, readable by nobody
// else (DESIGN.md 4.11): a file is written beside its place, synced, and renamed.
// Whoever reads it at any moment finds what was there before or all of the new, and
// what has been written without an error outlasts a crash of the machine.
//
// Errors are those of package os; whoever writes knows what they mean for whom.
package disk

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"syscall"
)

// Write writes a file of mode 0600 in place of one that is there, and makes the
// folders above it, mode 0700. What is no file, as a device or a pipe, is not
// replaced by one: that would be to take it away from everybody on the machine.
func Write(path string, write func(io.Writer) error) error {
	if is, err := os.Stat(path); err == nil && !is.Mode().IsRegular() {
		return &fs.PathError{Op: "replace", Path: path, Err: errors.New("is no file")}
	}
	return WriteNamed(filepath.Dir(path), write, func() (string, error) { return path, nil })
}

// WriteNamed is Write for a file in dir whose path is asked for only when all of
// it has been written.
func WriteNamed(dir string, write func(io.Writer) error, path func() (string, error)) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(dir, ".sqscope-*") // mode 0600 from the start
	if err != nil {
		return err
	}
	// After the rename there is nothing to remove, and the error of trying is of no
	// interest.
	defer func() { _ = os.Remove(f.Name()) }()
	err = write(f)
	if err == nil {
		err = f.Sync()
	}
	if err := errors.Join(err, f.Close()); err != nil {
		return err
	}
	name, err := path()
	if err != nil {
		return err
	}
	if err := os.Rename(f.Name(), name); err != nil {
		return err
	}
	return SyncDir(filepath.Dir(name))
}

// SyncDir puts the names of new files in a folder on the disk, where folders can
// be synced: Windows has no such thing, nor have some network file systems.
func SyncDir(path string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	dir, err := os.Open(path)
	if err != nil {
		return err
	}
	err = dir.Sync()
	if errors.Is(err, syscall.EINVAL) || errors.Is(err, errors.ErrUnsupported) {
		err = nil
	}
	return errors.Join(err, dir.Close())
}
