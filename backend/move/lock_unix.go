//go:build !windows

package move

import (
	"errors"
	"os"
	"syscall"
)

// lock takes the lock of a journal, and waits for it if it may. It ends with the
// file's last close, and so with the process at the latest.
func lock(f *os.File, exclusive, wait bool) (locked bool, err error) {
	how := syscall.LOCK_SH
	if exclusive {
		how = syscall.LOCK_EX
	}
	if !wait {
		how |= syscall.LOCK_NB
	}
	for {
		err := syscall.Flock(int(f.Fd()), how)
		switch {
		case errors.Is(err, syscall.EINTR):
			continue
		case errors.Is(err, syscall.EWOULDBLOCK):
			return false, nil
		}
		return err == nil, err
	}
}
