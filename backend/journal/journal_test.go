package journal

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"sqscope/backend"
)

// clock is a time that moves when it is told to.
type clock struct{ now time.Time }

func (c *clock) time() time.Time { return c.now }

var prod = Who{Context: "prod", Account: "123456789012", Region: "eu-west-1", Profile: "prod", ARN: "arn:aws:sts::123456789012:assumed-role/ops/me"}

// desk is a journal of its own under a clock of its own.
func desk(t *testing.T, o Options) (*Journal, *clock) {
	t.Helper()
	c := &clock{time.Date(2026, 11, 23, 10, 0, 0, 123456789, time.UTC)}
	o.Now = c.time
	if o.OnProblem == nil {
		o.OnProblem = func(err error) { t.Error(err) }
	}
	j := New(filepath.Join(t.TempDir(), "state", "journal"), o)
	t.Cleanup(func() {
		if err := j.Close(); err != nil {
			t.Error(err)
		}
	})
	return j, c
}

// send notes a message that was sent, or with unfinished only that it was about
// to be.
func send(t *testing.T, j *Journal, body string, unfinished bool) {
	t.Helper()
	done, err := j.For(prod).Begin(t.Context(), Act{Name: "SendMessage", Queue: "orders", Count: 1, Params: map[string]string{"n": body}})
	if err != nil {
		t.Fatal(err)
	}
	if !unfinished {
		done(Result{Outcome: Done, Count: 1})
	}
}

// names are the parameter n of the acts of a page.
func names(p Page) []string {
	var all []string
	for _, e := range p.Entries {
		all = append(all, e.Act.Params["n"])
	}
	return all
}

func read(t *testing.T, j *Journal, n int) Page {
	t.Helper()
	r, err := j.Newest()
	if err != nil {
		t.Fatal(err)
	}
	page, err := r.Next(t.Context(), n)
	if err != nil {
		t.Fatal(err)
	}
	return page
}

func TestAnActIsReadWithItsResult(t *testing.T) {
	j, c := desk(t, Options{})
	intent := Act{
		Name: "SendMessageBatch", Queue: "https://sqs.eu-west-1.amazonaws.com/123456789012/orders", To: "arn:aws:sqs:eu-west-1:123456789012:other",
		Count: 2, Messages: []Message{{MD5: "d41d"}, {MD5: "e99a"}}, Params: map[string]string{"a": "b"}, Evidence: "/evidence/file.jsonl", Sync: true,
	}
	done, err := j.For(prod).Begin(t.Context(), intent)
	if err != nil {
		t.Fatal(err)
	}
	c.now = c.now.Add(time.Second)
	result := Result{Outcome: Partly, Count: 1, Messages: []Message{{ID: "id1", MD5: "d41d"}}, Kind: "invalid", Code: "InvalidMessageContents", Message: "no"}
	done(result)
	c.now = c.now.Add(time.Second)
	if err := j.For(Who{Context: "demo"}).Note(t.Context(), Act{Name: RevealMask, Queue: "q"}, Result{Outcome: Done}); err != nil {
		t.Fatal(err)
	}
	intent.Queue, intent.Sync = "arn:aws:sqs:eu-west-1:123456789012:orders", false
	start := time.Date(2026, 11, 23, 10, 0, 0, 123e6, time.UTC)
	want := Page{Entries: []Entry{
		{At: start.Add(2 * time.Second), Ended: start.Add(2 * time.Second), Who: Who{Context: "demo"}, Act: Act{Name: RevealMask, Queue: "arn:aws:sqs:::q"}, Result: &Result{Outcome: Done}},
		{At: start, Ended: start.Add(time.Second), Who: prod, Act: intent, Result: &result},
	}}
	got := read(t, j, 10)
	if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(Entry{}, "ID")); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if len(got.Entries) == 2 && (got.Entries[0].ID == "" || got.Entries[0].ID == got.Entries[1].ID) {
		t.Error("two acts have one id")
	}
}

func TestABareNameIsAQueueOfTheCaller(t *testing.T) {
	j, _ := desk(t, Options{})
	send(t, j, "a", false)
	if got := read(t, j, 1).Entries[0].Act.Queue; got != "arn:aws:sqs:eu-west-1:123456789012:orders" {
		t.Error(got)
	}
}

func TestLongParametersAreCutAndSaySo(t *testing.T) {
	j, _ := desk(t, Options{})
	send(t, j, strings.Repeat("é", 5000), false)
	got := names(read(t, j, 1))[0]
	if want := strings.Repeat("é", 2048) + "… (cut, 10000 bytes in all)"; got != want {
		t.Errorf("kept %d bytes ending in %q", len(got), got[max(0, len(got)-40):])
	}
}

func TestNothingInTheFileIsObeyedByATerminal(t *testing.T) {
	j, _ := desk(t, Options{})
	send(t, j, "\x1b[31m\u009b\u202e\x7f", false)
	for _, n := range list(t, j) {
		text, err := os.ReadFile(filepath.Join(j.dir, n))
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range string(text) {
			if r != '\n' && (r < ' ' || r >= 0x7f && r < 0xa0 || r == 0x202e) {
				t.Errorf("%U stands in the file", r)
			}
		}
	}
	if got := names(read(t, j, 1))[0]; got != "\x1b[31m\u009b\u202e\x7f" {
		t.Errorf("read back as %q", got)
	}
}

func TestFilesAreTheOwnersAlone(t *testing.T) {
	j, _ := desk(t, Options{})
	send(t, j, "a", false)
	for path, want := range map[string]fs.FileMode{j.dir: 0o700, filepath.Join(j.dir, "2026-11-23.001.jsonl"): 0o600} {
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != want {
			t.Errorf("%s: %v, %v; want %v", path, info.Mode().Perm(), err, want)
		}
	}
}

// A journal that was never written to is empty, and looking at it makes nothing.
func TestAnEmptyJournalIsNoError(t *testing.T) {
	j, _ := desk(t, Options{})
	if p := read(t, j, 10); len(p.Entries)+len(p.Problems) > 0 {
		t.Errorf("%+v", p)
	}
	if _, err := os.Stat(j.dir); !errors.Is(err, fs.ErrNotExist) {
		t.Error("reading made the directory")
	}
}

func TestWithoutARecordOfTheIntentNothingBegins(t *testing.T) {
	blocked := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(blocked, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	full := t.TempDir()
	if err := os.Symlink("/dev/full", filepath.Join(full, time.Now().UTC().Format("2006-01-02")+".001.jsonl")); err != nil {
		t.Fatal(err)
	}
	for what, dir := range map[string]string{"no directory": filepath.Join(blocked, "journal"), "a full disk": full} {
		if _, err := os.Stat("/dev/full"); dir == full && err != nil {
			continue
		}
		j := New(dir, Options{})
		done, err := j.For(prod).Begin(t.Context(), Act{Name: "PurgeQueue", Queue: "orders", Sync: true})
		e := backend.AsError(err)
		if done != nil || err == nil || e.Subject != dir || !strings.Contains(e.Next, "nothing was done") {
			t.Errorf("%s: %v", what, err)
		}
		if err := j.For(prod).Note(t.Context(), Act{Name: RevealMask}, Result{}); err == nil {
			t.Errorf("%s: a note was taken", what)
		}
		if len(j.running) > 0 {
			t.Errorf("%s: the act counts as running", what)
		}
	}
	j, _ := desk(t, Options{})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := j.For(prod).Begin(ctx, Act{Name: "PurgeQueue"}); backend.KindOf(err) != backend.KindCancelled {
		t.Errorf("after the caller gave up: %v", err)
	}
}

func TestAResultThatCannotBeWrittenIsSaid(t *testing.T) {
	var heard error
	j, _ := desk(t, Options{OnProblem: func(err error) { heard = err }})
	done, err := j.For(prod).Begin(t.Context(), Act{Name: "PurgeQueue", Queue: "orders"})
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(os.RemoveAll(j.dir), os.WriteFile(j.dir, nil, 0o600)); err != nil {
		t.Fatal(err)
	}
	done(Result{Outcome: Done})
	if heard == nil || !strings.Contains(heard.Error(), "PurgeQueue done") {
		t.Errorf("heard %v", heard)
	}
}

func list(t *testing.T, j *Journal) []string {
	t.Helper()
	entries, err := os.ReadDir(j.dir)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, e := range entries {
		all = append(all, e.Name())
	}
	return all
}

func TestFilesBeginWithTheDayAndWhenOneIsFull(t *testing.T) {
	j, c := desk(t, Options{MaxSize: 1000, Keep: 3})
	if err := errors.Join(os.MkdirAll(j.dir, 0o700), os.WriteFile(filepath.Join(j.dir, "move-1.jsonl"), nil, 0o600)); err != nil {
		t.Fatal(err)
	}
	var want []string
	for i := range 12 {
		if i == 6 {
			c.now = c.now.Add(24 * time.Hour)
		}
		send(t, j, fmt.Sprint(i), false)
		want = append([]string{fmt.Sprint(i)}, want...)
	}
	files := list(t, j)
	if diff := cmp.Diff([]string{"2026-11-24.001.jsonl", "2026-11-24.002.jsonl", "2026-11-24.003.jsonl", "move-1.jsonl"}, files); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	for _, f := range files {
		if info, err := os.Stat(filepath.Join(j.dir, f)); err != nil || info.Size() > 1000 {
			t.Errorf("%s: %v, %v", f, info.Size(), err)
		}
	}
	if diff := cmp.Diff(want[:6], names(read(t, j, 100))); diff != "" {
		t.Errorf("read (-want +got)\n%s", diff)
	}
}

func TestAFileThatWasRemovedOrReplacedIsBegunAnew(t *testing.T) {
	j, _ := desk(t, Options{})
	send(t, j, "lost", false)
	if err := os.Remove(filepath.Join(j.dir, list(t, j)[0])); err != nil {
		t.Fatal(err)
	}
	send(t, j, "kept", false)
	if diff := cmp.Diff([]string{"kept"}, names(read(t, j, 10))); diff != "" {
		t.Errorf("after it was removed (-want +got)\n%s", diff)
	}
	path := filepath.Join(j.dir, list(t, j)[0])
	if err := errors.Join(os.Rename(path, path+".bak"), os.WriteFile(path, nil, 0o600)); err != nil {
		t.Fatal(err)
	}
	send(t, j, "after", false)
	if diff := cmp.Diff([]string{"after"}, names(read(t, j, 10))); diff != "" {
		t.Errorf("after it was replaced (-want +got)\n%s", diff)
	}
}

// What is too old and cannot go (here a directory of that name with something in
// it) is said, and keeps nobody from writing.
func TestAnOldFileThatStaysIsSaid(t *testing.T) {
	var heard error
	j, _ := desk(t, Options{Keep: 1, OnProblem: func(err error) { heard = err }})
	if err := os.MkdirAll(filepath.Join(j.dir, "2020-01-01.001.jsonl", "sub"), 0o700); err != nil {
		t.Fatal(err)
	}
	send(t, j, "a", false)
	if heard == nil || !strings.Contains(heard.Error(), "2020-01-01.001.jsonl") {
		t.Errorf("heard %v", heard)
	}
}
