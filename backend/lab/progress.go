package lab

import (
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"sync"
	"time"

	"sqscope/backend"
	"sqscope/backend/disk"
)

// ProgressFormat is the version of the progress file that this program writes. A
// newer one is refused.
const ProgressFormat = 1

// Result is what became of a lesson, over all sessions when it comes from
// [Progress].
type Result struct {
	Passed time.Time `json:",omitzero"` // for the first time; zero: not yet
	Runs   int       // begun
	Misses int
}

// Progress is a file that remembers which lessons were passed, for
// $XDG_STATE_HOME/sqscope/lab.json. Make it with [OpenProgress]. It may be used
// from any goroutine; of two programs that write at once the last one's change
// stays.
type Progress struct {
	path string
	mu   sync.Mutex
}

// OpenProgress names the file; "" is one that forgets. Nothing is read yet.
func OpenProgress(path string) *Progress { return &Progress{path: path} }

// progressFile is what is written.
type progressFile struct {
	Format  int
	Lessons map[string]Result // by id
}

// Load reads what is remembered, by the lessons' ids. A file that is not there
// remembers nothing. Errors: KindInvalid for one that is not ours or newer, else
// KindInternal.
func (p *Progress) Load() (map[string]Result, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.load()
}

func (p *Progress) load() (map[string]Result, error) {
	if p.path == "" {
		return map[string]Result{}, nil
	}
	data, err := os.ReadFile(p.path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return map[string]Result{}, nil
	case err != nil:
		return nil, p.wrong(backend.KindInternal, "cannot be read", "check its permissions", err)
	}
	var f progressFile
	if err := json.Unmarshal(data, &f); err != nil || f.Format < 1 {
		return nil, p.wrong(backend.KindInvalid, "is not the lab's progress", "remove it to begin anew", err)
	}
	if f.Format > ProgressFormat {
		return nil, p.wrong(backend.KindInvalid, "was written by a newer sqscope", "use that one, or remove the file", nil)
	}
	if f.Lessons == nil {
		f.Lessons = map[string]Result{}
	}
	return f.Lessons, nil
}

// Add adds what a session came to, once for each session, when it ends or is
// passed: more adds what has come since the last time. A lesson that was passed
// stays so. A file that cannot be read is not replaced.
func (p *Progress) Add(lesson string, more Result) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	all, err := p.load()
	if err != nil || p.path == "" {
		return err
	}
	was := all[lesson]
	if was.Passed.IsZero() {
		was.Passed = more.Passed
	}
	was.Runs += more.Runs
	was.Misses += more.Misses
	all[lesson] = was
	data, err := json.MarshalIndent(progressFile{ProgressFormat, all}, "", "  ")
	if err == nil {
		err = disk.Write(p.path, func(w io.Writer) error { _, err := w.Write(append(data, '\n')); return err })
	}
	if err != nil {
		return p.wrong(backend.KindInternal, "cannot be written", "what was learned here is not remembered", err)
	}
	return nil
}

func (p *Progress) wrong(kind backend.Kind, message, next string, err error) error {
	return &backend.Error{Kind: kind, Subject: p.path, Message: message, Next: next, Err: err}
}
