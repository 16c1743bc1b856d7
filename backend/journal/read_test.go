package journal

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"sqscope/backend"
)

func TestPagesFitTogetherWhileOthersWrite(t *testing.T) {
	j, _ := desk(t, Options{MaxSize: 2000})
	var want []string
	for i := range 40 {
		send(t, j, fmt.Sprint(i), false)
		want = append(want, fmt.Sprint(i))
	}
	slices.Reverse(want)
	if n := len(list(t, j)); n < 3 {
		t.Fatalf("only %d files: nothing is tested", n)
	}
	r, err := j.Newest()
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for {
		page, err := r.Next(t.Context(), 7)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range page.Entries {
			if e.Result == nil {
				t.Errorf("act %s lost its result", e.Act.Params["n"])
			}
		}
		got = append(got, names(page)...)
		if len(page.Entries) < 7 {
			break
		}
		send(t, j, "later", false)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// present is the file that is written to.
func present(t *testing.T, j *Journal) string {
	t.Helper()
	files := list(t, j)
	return filepath.Join(j.dir, files[len(files)-1])
}

func TestALineThatWasCutIsSaidAndTheRestIsRead(t *testing.T) {
	j, _ := desk(t, Options{})
	send(t, j, "first", false)
	send(t, j, "second", true)
	info, err := os.Stat(present(t, j))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(present(t, j), info.Size()-20); err != nil {
		t.Fatal(err)
	}
	page := read(t, j, 10)
	if diff := cmp.Diff([]string{"first"}, names(page)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if len(page.Problems) != 1 || !strings.Contains(page.Problems[0].Message, "cut off") || page.Problems[0].Subject != present(t, j) {
		t.Errorf("problems: %v", page.Problems)
	}
	// The next line, of this program or of another, is one of its own.
	send(t, j, "third", false)
	page = read(t, j, 10)
	if diff := cmp.Diff([]string{"third", "first"}, names(page)); diff != "" {
		t.Errorf("after the next line (-want +got)\n%s", diff)
	}
	if len(page.Problems) != 1 || page.Entries[0].Result == nil {
		t.Errorf("after the next line: %+v", page)
	}
}

func TestANewerFormatIsRefused(t *testing.T) {
	j, _ := desk(t, Options{})
	send(t, j, "ours", false)
	f, err := os.OpenFile(present(t, j), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	_, err = f.WriteString(`{"v":2,"id":"x","deed":{}}` + "\n")
	if err := errors.Join(err, f.Close()); err != nil {
		t.Fatal(err)
	}
	r, err := j.Newest()
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if page, err := r.Next(t.Context(), 10); backend.KindOf(err) != backend.KindUnsupported || len(page.Entries) > 0 {
			t.Errorf("%+v, %v", page, err)
		}
	}
}

func TestWhatIsUnfinishedIsWhatHasNoResultAndDoesNotRunHere(t *testing.T) {
	before, _ := desk(t, Options{})
	send(t, before, "done", false)
	send(t, before, "crashed", true)
	j := New(before.dir, Options{}) // the next start of the program
	defer func() { _ = j.Close() }()
	send(t, j, "running", true)
	page, err := j.Unfinished(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"crashed"}, names(page)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// What is read backwards is what stands there, whatever the lengths of lines.
func TestLinesAreTheSameBackwards(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		lengths := rapid.SliceOfN(rapid.OneOf(rapid.IntRange(0, 20), rapid.IntRange(block-2, block+2), rapid.IntRange(0, 4*block)), 0, 8).Draw(t, "lengths")
		var text []byte
		for i, n := range lengths {
			text = append(append(text, bytes.Repeat([]byte{byte('a' + i)}, n)...), '\n')
		}
		text = append(text, rapid.SampledFrom([]string{"", "cut"}).Draw(t, "end")...)
		var want, got []string
		for l := range bytes.Lines(text) {
			want = append(want, strings.TrimSuffix(string(l), "\n"))
		}
		slices.Reverse(want)
		b := backwards{file: bytes.NewReader(text), end: int64(len(text))}
		for {
			line, ok, err := b.next()
			if err != nil {
				t.Fatal(err)
			}
			if !ok {
				break
			}
			got = append(got, string(line))
			if at := text[b.end:]; !bytes.HasPrefix(at, line) {
				t.Fatalf("the line does not begin at byte %d", b.end)
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("(-want +got)\n%s", diff)
		}
	})
}

// Whatever stands in the file: each line of it is an act, a result, a problem or
// the reason to refuse, and nothing breaks.
func FuzzRead(f *testing.F) {
	f.Add([]byte(`{"v":1,"id":"a","at":"2026-11-23T10:00:00Z","act":{"name":"PurgeQueue"}}` + "\n" + `{"v":1,"id":"a","at":"2026-11-23T10:00:01Z","result":{"outcome":"done"}}` + "\n"))
	f.Add([]byte("\n\nnull\n[]\n{\"v\":9}\n{"))
	dir := f.TempDir()
	f.Fuzz(func(t *testing.T, content []byte) {
		j := New(dir, Options{})
		if err := os.WriteFile(filepath.Join(dir, "2026-11-23.001.jsonl"), content, 0o600); err != nil {
			t.Fatal(err)
		}
		r, err := j.Newest()
		if err != nil {
			t.Fatal(err)
		}
		page, err := r.Next(t.Context(), 1<<20)
		if err != nil && backend.KindOf(err) != backend.KindUnsupported {
			t.Fatal(err)
		}
		if n := bytes.Count(content, []byte{'\n'}) + 1; len(page.Entries)+len(page.Problems) > n {
			t.Errorf("%d entries and %d problems of %d lines", len(page.Entries), len(page.Problems), n)
		}
	})
}
