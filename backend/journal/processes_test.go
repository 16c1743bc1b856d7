package journal

import (
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"sync"
	"testing"
)

const (
	writers = 4
	acts    = 100
)

// TestWriter is no test but the program that the next test runs several times.
func TestWriter(t *testing.T) {
	dir, name := os.Getenv("SQSCOPE_TEST_JOURNAL"), os.Getenv("SQSCOPE_TEST_WRITER")
	if dir == "" {
		t.Skip("it is started by TestProcessesDoNotTearEachOthersLines")
	}
	j := New(dir, Options{MaxSize: 20_000, OnProblem: func(err error) { t.Error(err) }})
	var wg sync.WaitGroup
	for g := range 2 {
		wg.Go(func() {
			for i := range acts / 2 {
				done, err := j.For(prod).Begin(t.Context(), Act{Name: "SendMessage", Params: map[string]string{"n": fmt.Sprint(name, "/", g, "/", i)}, Sync: i%10 == 0})
				if err != nil {
					t.Error(err)
					return
				}
				done(Result{Outcome: Done})
			}
		})
	}
	wg.Wait()
	if err := j.Close(); err != nil {
		t.Error(err)
	}
}

func TestProcessesDoNotTearEachOthersLines(t *testing.T) {
	dir := t.TempDir()
	var wg sync.WaitGroup
	for w := range writers {
		wg.Go(func() {
			cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run", "^TestWriter$")
			cmd.Env = append(os.Environ(), "SQSCOPE_TEST_JOURNAL="+dir, "SQSCOPE_TEST_WRITER="+strconv.Itoa(w))
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Errorf("%v\n%s", err, out)
			}
		})
	}
	wg.Wait()
	j := New(dir, Options{})
	if n := len(list(t, j)); n < 3 {
		t.Errorf("only %d files: rotation is not tested", n)
	}
	page := read(t, j, writers*acts+1)
	seen := map[string]bool{}
	for _, e := range page.Entries {
		seen[e.Act.Params["n"]] = true
		if e.Result == nil {
			t.Errorf("act %s lost its result", e.Act.Params["n"])
		}
	}
	if len(page.Problems) > 0 || len(page.Entries) != writers*acts || len(seen) != writers*acts {
		t.Errorf("%d acts, %d of them different, of %d; problems: %v", len(page.Entries), len(seen), writers*acts, page.Problems)
	}
}
