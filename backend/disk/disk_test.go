package disk

import (
	"errors"
	"io"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"testing"
)

var errFull = errors.New("no space left")

func text(s string) func(io.Writer) error {
	return func(w io.Writer) error { _, err := io.WriteString(w, s); return err }
}

func TestAFileIsThereWholeOrAsItWas(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a", "b", "file")
	if err := Write(path, text("one")); err != nil {
		t.Fatal(err)
	}
	err := Write(path, func(w io.Writer) error { return errors.Join(text("half of tw")(w), errFull) })
	if !errors.Is(err, errFull) {
		t.Errorf("half a file was written without an error: %v", err)
	}
	noName := func() (string, error) { return "", errFull }
	if err := WriteNamed(filepath.Dir(path), text("three"), noName); !errors.Is(err, errFull) {
		t.Errorf("without a name: %v", err)
	}
	if got, err := os.ReadFile(path); string(got) != "one" || err != nil {
		t.Errorf("the file is now %q, %v", got, err)
	}
	entries, err := os.ReadDir(filepath.Dir(path))
	if err != nil || len(entries) != 1 {
		t.Errorf("beside it there are %v, %v", entries, err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 && runtime.GOOS != "windows" {
		t.Errorf("its mode is %v, %v", info.Mode(), err)
	}
	if err := SyncDir(filepath.Dir(path)); err != nil {
		t.Error(err)
	}
}

func TestWhatIsNoFileIsNotReplacedByOne(t *testing.T) {
	path := filepath.Join(t.TempDir(), "s")
	l, err := net.Listen("unix", path)
	if err != nil {
		t.Skip(err)
	}
	defer l.Close()
	if err := Write(path, text("one")); err == nil {
		t.Error("a file was written in its place")
	}
	if is, err := os.Stat(path); err != nil || is.Mode().IsRegular() {
		t.Errorf("it is %v now, %v", is.Mode(), err)
	}
}
