package archive

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"sqscope/backend"
)

// Position is where an import is in its file. It holds for the same entries in
// front of it only, which Digest tells, and for one queue.
type Position struct {
	Queue   string `json:"queue"`   // its URL
	Entries int    `json:"entries"` // that are settled: sent, or told why not
	Digest  string `json:"digest"`  // SHA-256 over them, in hex
	Sending int    `json:"sending"` // that come next and may have been sent already
}

const positionVersion = 1

type positionFile struct {
	Version int `json:"version"`
	Position
}

// PositionPath is where in a folder the position of an import of this file to this
// queue is kept.
func PositionPath(dir, queueUrl, file string) string {
	if abs, err := filepath.Abs(file); err == nil {
		file = abs
	}
	sum := sha256.Sum256([]byte(queueUrl + "\n" + file))
	return filepath.Join(dir, hex.EncodeToString(sum[:8])+".json")
}

// ReadPosition reads a position that [WritePosition] kept. There being none is
// the zero Position; one of a newer sqscope is refused.
func ReadPosition(path string) (Position, error) {
	data, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		return Position{}, nil
	}
	var f positionFile
	if err == nil {
		err = json.Unmarshal(data, &f)
	}
	if err == nil && f.Version != positionVersion {
		err = fmt.Errorf("it has version %d, and this sqscope knows %d", f.Version, positionVersion)
	}
	if err != nil {
		return Position{}, &backend.Error{
			Kind: backend.KindInvalid, Subject: path, Message: "where the import ended cannot be read: " + err.Error(),
			Next: "remove the file to import from the start", Err: err,
		}
	}
	return f.Position, nil
}

// WritePosition keeps a position in a file.
func WritePosition(path string, p Position) error {
	return Save(path, func(w io.Writer) error { return json.NewEncoder(w).Encode(positionFile{positionVersion, p}) })
}

func (im *importer) save(p Position) error {
	if im.o.Save == nil {
		return nil
	}
	if err := im.o.Save(p); err != nil {
		return &backend.Error{
			Kind: backend.KindOf(err), Subject: im.to.Queue.Name, Message: "how far the import came cannot be kept: " + err.Error(),
			Next: "make that possible, or import without being able to go on later", Err: err,
		}
	}
	return nil
}

// skip goes to where an earlier import ended, if it was of this file.
func (im *importer) skip() error {
	from := im.o.From
	if from == (Position{}) {
		return nil
	}
	conflict := func(format string, args ...any) error {
		e := backend.Errorf(backend.KindConflict, format, args...)
		e.Subject, e.Next = im.to.Queue.Name, "import from the start, which may send messages twice, or take the file and queue that it was begun with"
		return e
	}
	if from.Queue != im.to.URL {
		return conflict("the import was begun to another queue: %s", from.Queue)
	}
	var last Entry
	for last.Number < from.Entries {
		e, err := im.next()
		if errors.Is(err, io.EOF) {
			return conflict("the import was begun with a longer file: it has %d entries, and %d were sent", last.Number, from.Entries)
		}
		if err != nil {
			return err
		}
		last = e
	}
	if from.Entries > 0 && hex.EncodeToString(last.digest[:]) != from.Digest {
		return conflict("the import was begun with another file: its first %d entries differ", from.Entries)
	}
	im.done.Skipped, im.again = from.Entries, from.Sending
	from.Sending = 0
	im.done.Position = from
	return nil
}
