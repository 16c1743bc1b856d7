package proof

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"time"

	"sqscope/backend"
	"sqscope/backend/disk"
	"sqscope/backend/journal"
	"sqscope/backend/jsonline"
)

// Format is the version of a report's file. A newer one is refused.
const Format = 1

// Marker is something that the user wants to see beside what happened: "deploy".
type Marker struct {
	At   time.Time `json:"at"`
	Text string    `json:"text"`
}

// Report is the record of one redrive. It holds no bodies.
type Report struct {
	Format  int         `json:"format"`
	ID      string      `json:"id"`
	Began   time.Time   `json:"began"`
	Ended   time.Time   `json:"ended"`
	Who     journal.Who `json:"who"`
	From    string      `json:"from"`    // ARN
	To      []string    `json:"to"`      // ARNs
	How     string      `json:"how"`     // in words: "a selective move", "SQS's own move task"
	Settled bool        `json:"settled"` // nothing is written about it any more; else it runs, or its program died

	Moves   []string       `json:"moves,omitempty"` // ids of the moves, whose journals have the details
	Moved   int            `json:"moved"`
	Left    map[string]int `json:"left,omitempty"` // what was chosen and not moved, by reason
	Stop    string         `json:"stop"`           // why it ended, in words
	Failure string         `json:"failure,omitempty"`

	Line    string    `json:"line"` // the reconciliation
	Picture Picture   `json:"picture"`
	Items   []Item    `json:"items,omitempty"`
	Markers []Marker  `json:"markers,omitempty"`
	Notes   []string  `json:"notes,omitempty"` // what the reader should know: warnings of the preflight, guards
	At      time.Time `json:"at"`              // when this was written
}

// NewID names a redrive. Ids sort by their time.
func NewID(at time.Time) string { return at.UTC().Format("20060102T150405-") + rand.Text() }

var pattern = regexp.MustCompile(`^redrive-(\d{8}T\d{6}-[A-Z2-7]{26})\.json$`)

// Save writes a report into dir, as JSON and beside it as Markdown, in place of an
// earlier one of the same redrive, and returns the path of the Markdown.
func Save(dir string, r Report) (string, error) {
	r.Format = Format
	doc, err := json.MarshalIndent(r, "", " ")
	if err != nil {
		return "", unwritten(dir, err)
	}
	path := filepath.Join(dir, "redrive-"+r.ID)
	put := func(name string, text []byte) error {
		return disk.Write(name, func(w io.Writer) error { _, err := w.Write(text); return err })
	}
	if err := put(path+".json", append(jsonline.Escape(doc), '\n')); err != nil {
		return "", unwritten(path+".json", err)
	}
	if err := put(path+".md", []byte(r.Markdown())); err != nil {
		return "", unwritten(path+".md", err)
	}
	return path + ".md", nil
}

// Reports are all in dir, the oldest first. A folder that is not there has none.
// Problems are those that could not be read.
func Reports(dir string) (all []Report, problems []*backend.Error, err error) {
	names, err := list(dir)
	if err != nil {
		return nil, nil, err
	}
	for _, name := range names {
		r, err := read(filepath.Join(dir, name))
		switch {
		case errors.Is(err, fs.ErrNotExist):
		case err != nil:
			problems = append(problems, backend.AsError(err))
		default:
			all = append(all, r)
		}
	}
	return all, problems, nil
}

// Last is the newest report in dir. That there is none is an error of kind not
// found; one of a newer sqscope is unsupported.
func Last(dir string) (Report, error) {
	names, err := list(dir)
	if err != nil {
		return Report{}, err
	}
	if len(names) == 0 {
		return Report{}, &backend.Error{Kind: backend.KindNotFound, Subject: dir, Message: "there is no report of a redrive yet", Next: "redrive something; its report is written there"}
	}
	return read(filepath.Join(dir, names[len(names)-1]))
}

func list(dir string) (names []string, err error) {
	entries, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, unread(dir, backend.KindInternal, err)
	}
	for _, e := range entries { // by name, which begins with the time
		if pattern.MatchString(e.Name()) {
			names = append(names, e.Name())
		}
	}
	return names, nil
}

func read(path string) (Report, error) {
	var r Report
	doc, err := os.ReadFile(path)
	if err != nil {
		return r, unread(path, backend.KindInternal, err)
	}
	if err := json.Unmarshal(doc, &r); err != nil {
		return r, unread(path, backend.KindInvalid, err)
	}
	if r.Format > Format {
		return r, &backend.Error{
			Kind: backend.KindUnsupported, Subject: path, Next: "use the sqscope that wrote it, or a newer one",
			Message: fmt.Sprintf("the report has format %d, this sqscope reads up to %d", r.Format, Format),
		}
	}
	return r, nil
}

func unread(path string, kind backend.Kind, err error) error {
	return &backend.Error{Kind: kind, Subject: path, Message: "the report of a redrive could not be read: " + err.Error(), Next: "nothing was changed in it", Err: err}
}

func unwritten(path string, err error) error {
	return &backend.Error{Kind: backend.KindInternal, Subject: path, Message: "the report of the redrive could not be written: " + err.Error(), Next: "the messages are not concerned; make room or rights there, and write it again", Err: err}
}
