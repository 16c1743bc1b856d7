package move

import (
	"errors"
	"os"

	"golang.org/x/sys/windows"
)

// lock takes the lock of a journal, and waits for it if it may. It ends with the
// file's close, and so with the process at the latest. The byte that it locks is
// far beyond the end of the file: what is locked on Windows cannot be read.
func lock(f *os.File, exclusive, wait bool) (locked bool, err error) {
	var how uint32
	if exclusive {
		how |= windows.LOCKFILE_EXCLUSIVE_LOCK
	}
	if !wait {
		how |= windows.LOCKFILE_FAIL_IMMEDIATELY
	}
	err = windows.LockFileEx(windows.Handle(f.Fd()), how, 0, 1, 0, &windows.Overlapped{OffsetHigh: 1 << 30})
	if errors.Is(err, windows.ERROR_LOCK_VIOLATION) || errors.Is(err, windows.ERROR_IO_PENDING) {
		return false, nil
	}
	return err == nil, err
}
