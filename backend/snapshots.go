package backend

import (
	"context"
	"io"
)

// Snapshots save all that a place holds in one file and bring it back exactly.
type Snapshots interface {
	// Snapshot writes the file. What it holds is one moment, taken before the
	// first byte is written; a slow writer holds nobody up.
	Snapshot(ctx context.Context, w io.Writer) error
	// Restore replaces everything by what a file holds, time included, or
	// nothing at all: a file that is not whole and right, or newer than we know,
	// is refused as KindInvalid, with the line and what was expected there.
	Restore(ctx context.Context, r io.Reader) error
}
