package memo

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sqscope/backend"
)

var orders = backend.ARN{Partition: "aws", Region: "eu-west-1", Account: "000000000000", Name: "orders"}

func TestPinsAndViewsAreThereInTheNextRun(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state", "memo.json")
	want, err := Open(path).Change(func(m *Memo) {
		m.Pins = map[string][]string{"prod": {orders.String()}}
		m.Views = []View{{Name: "letters", Filter: "dlq >0", Sort: "oldest", Columns: []string{"name", "visible"}}}
	})
	if err != nil {
		t.Fatal(err)
	}
	got, err := Open(path).Load()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if !got.Pinned("prod", orders) || got.Pinned("stage", orders) {
		t.Error("a pin is not of its place")
	}
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if mode := info.Mode().Perm(); mode != 0o600 && runtime.GOOS != "windows" {
		t.Errorf("mode %o", mode)
	}
	if left, _ := filepath.Glob(filepath.Join(filepath.Dir(path), ".*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestAFileThatIsNotOursIsNotReplaced(t *testing.T) {
	for name, content := range map[string]string{"newer": `{"Format":2,"Pins":{}}`, "no JSON": "pins = 1"} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "memo.json")
			if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
				t.Fatal(err)
			}
			_, err := Open(path).Change(func(m *Memo) { m.Views = []View{{Name: "x"}} })
			if e := backend.AsError(err); e == nil || e.Kind != backend.KindInvalid || e.Subject != path || e.Next == "" {
				t.Errorf("error %+v", e)
			}
			if data, _ := os.ReadFile(path); string(data) != content {
				t.Errorf("the file is now %s", data)
			}
		})
	}
}

func TestAStoreWithoutAFileForgets(t *testing.T) {
	s := Open("")
	if _, err := s.Change(func(m *Memo) { m.Views = []View{{Name: "x"}} }); err != nil {
		t.Error(err)
	}
	if m, err := s.Load(); err != nil || len(m.Views) > 0 {
		t.Errorf("%v, %v", m, err)
	}
}
