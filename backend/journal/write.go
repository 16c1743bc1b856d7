package journal

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"

	"sqscope/backend"
	"sqscope/backend/disk"
)

// put writes a line, and with sync returns only when it is on the disk.
func (j *Journal) put(l line, sync bool) error {
	text, err := l.encode()
	if err != nil {
		return err
	}
	n, untidy, err := j.append(text)
	if untidy != nil && j.options.OnProblem != nil {
		j.options.OnProblem(untidy)
	}
	if err != nil || !sync {
		return err
	}
	return j.sync(n)
}

// append writes the text at the end of the present file and returns the number
// of lines that have been written with it. That old files could not be removed is
// an error of its own, which keeps nobody from writing.
func (j *Journal) append(text []byte) (n uint64, untidy, err error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	size, err := j.ready(int64(len(text)))
	if err != nil {
		return 0, nil, err
	}
	if size == 0 {
		untidy = j.tidy()
	}
	torn, err := j.torn(size)
	if err != nil {
		return 0, untidy, err
	}
	if torn {
		text = append([]byte{'\n'}, text...)
	}
	if _, err := j.file.Write(text); err != nil {
		return 0, untidy, err
	}
	return j.written.Add(1), untidy, nil
}

// torn tells whether the file does not end with the end of a line.
func (j *Journal) torn(size int64) (bool, error) {
	if size == 0 {
		return false, nil
	}
	var last [1]byte
	_, err := j.file.ReadAt(last[:], size-1)
	return last[0] != '\n', err
}

// sync returns when at least the first n lines are on the disk. Those who come
// while a sync is under way share the next one.
func (j *Journal) sync(n uint64) error {
	j.syncing.Lock()
	defer j.syncing.Unlock()
	if n <= j.lost {
		return errors.New("what was written did not reach the disk")
	}
	if n <= j.synced {
		return nil
	}
	return j.flush()
}

// flush puts what was written on the disk. After a failure the kernel may have
// forgotten what it could not write, so that a second sync would succeed and mean
// nothing: those lines count as lost. The caller holds syncing.
func (j *Journal) flush() error {
	written := j.written.Load()
	if err := j.file.Sync(); err != nil {
		j.lost = written
		return err
	}
	j.synced = written
	return nil
}

// leave closes the present file when all in it is on the disk. The caller holds
// mu.
func (j *Journal) leave() error {
	if j.file == nil {
		return nil
	}
	j.syncing.Lock()
	defer j.syncing.Unlock()
	err := errors.Join(j.flush(), j.file.Close())
	j.file = nil
	return err
}

// ready sees that the present file is open and has room for n more bytes, and
// returns its size. Whether it has is looked up each time: another process may
// have filled it, a new day may have begun, somebody may have removed it.
func (j *Journal) ready(n int64) (int64, error) {
	day := j.options.Now().UTC().Format("2006-01-02")
	if j.file != nil {
		there, err := os.Stat(j.file.Name())
		open, openErr := j.file.Stat()
		if err == nil && openErr == nil && os.SameFile(there, open) && dayOf(j.file.Name()) == day && fits(open.Size(), n, j.options.MaxSize) {
			return open.Size(), nil
		}
		if err := j.leave(); err != nil {
			return 0, err
		}
	}
	return j.open(day, n)
}

func fits(size, n, most int64) bool { return size == 0 || size+n <= most }

// open opens the day's last file, or one more if that is full.
func (j *Journal) open(day string, n int64) (int64, error) {
	if err := os.MkdirAll(j.dir, 0o700); err != nil {
		return 0, err
	}
	all, err := files(j.dir)
	if err != nil {
		return 0, err
	}
	number := 1
	if len(all) > 0 && all[len(all)-1].day == day {
		number = all[len(all)-1].number
	}
	for ; ; number++ {
		path := filepath.Join(j.dir, name{day, number}.String())
		f, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_RDWR, 0o600)
		if err != nil {
			return 0, err
		}
		info, err := f.Stat()
		if err != nil {
			return 0, errors.Join(err, f.Close())
		}
		if !fits(info.Size(), n, j.options.MaxSize) {
			if err := f.Close(); err != nil {
				return 0, err
			}
			continue
		}
		j.syncing.Lock()
		j.file = f
		j.syncing.Unlock()
		if info.Size() == 0 {
			return 0, disk.SyncDir(j.dir)
		}
		return info.Size(), nil
	}
}

// tidy removes the oldest files beyond those that are kept. The journals of moves
// have other names and stay.
func (j *Journal) tidy() error {
	all, err := files(j.dir)
	if err != nil {
		return unreadable(j.dir, err)
	}
	var errs []error
	for _, f := range all[:max(0, len(all)-j.options.Keep)] {
		// Another process may have been first.
		if err := os.Remove(filepath.Join(j.dir, f.String())); err != nil && !errors.Is(err, fs.ErrNotExist) {
			errs = append(errs, err)
		}
	}
	if err := errors.Join(errs...); err != nil {
		return &backend.Error{Kind: backend.KindInternal, Subject: j.dir, Message: "old journal files could not be removed: " + err.Error(), Next: "remove them yourself; acts are recorded all the same", Err: err}
	}
	return nil
}

// name is a file's: a day of UTC, and a number from 1 on.
type name struct {
	day    string
	number int
}

func (n name) String() string { return fmt.Sprintf("%s.%03d.jsonl", n.day, n.number) }

func dayOf(path string) string { return filepath.Base(path)[:len("2006-01-02")] }

var pattern = regexp.MustCompile(`^(\d{4}-\d{2}-\d{2})\.(\d{3,9})\.jsonl$`)

// files are the names of the journal's files, the oldest first.
func files(dir string) ([]name, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	var all []name
	for _, e := range entries {
		if m := pattern.FindStringSubmatch(e.Name()); m != nil {
			number, err := strconv.Atoi(m[2])
			if err != nil {
				return nil, err
			}
			all = append(all, name{m[1], number})
		}
	}
	slices.SortFunc(all, func(a, b name) int {
		return cmp.Or(cmp.Compare(a.day, b.day), cmp.Compare(a.number, b.number))
	})
	return all, nil
}
