package journal

import (
	"bytes"
	"fmt"
	"io"
)

const (
	block   = 64 << 10
	maxLine = 16 << 20 // more without an end is no journal
)

// backwards reads lines from the end of a file to its start.
type backwards struct {
	file io.ReaderAt
	end  int64  // where the line that was read last begins
	held []byte // what has been read before end and not been given out
}

// next is the line before the last one, without its end; false at the start of
// the file. It is good until the next call.
func (b *backwards) next() ([]byte, bool, error) {
	if b.end == 0 {
		return nil, false, nil
	}
	// The byte before a line is the end of the line before it, which is why it
	// is not looked at: but for the last line of all, which may have none.
	for want := int64(block); ; want *= 2 {
		searched := b.held
		if len(searched) > 0 && searched[len(searched)-1] == '\n' {
			searched = searched[:len(searched)-1]
		}
		if i := bytes.LastIndexByte(searched, '\n'); i >= 0 {
			text := searched[i+1:]
			b.end -= int64(len(b.held) - i - 1)
			b.held = b.held[:i+1]
			return text, true, nil
		}
		start := b.end - int64(len(b.held))
		if start == 0 {
			b.end, b.held = 0, nil
			return searched, true, nil
		}
		if len(b.held) > maxLine {
			return nil, false, fmt.Errorf("a line of more than %d bytes ends at byte %d", maxLine, b.end)
		}
		more := make([]byte, min(want, start), min(want, start)+int64(len(b.held)))
		if _, err := b.file.ReadAt(more, start-int64(len(more))); err != nil {
			return nil, false, err
		}
		b.held = append(more, b.held...)
	}
}
