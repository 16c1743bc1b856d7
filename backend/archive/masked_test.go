package archive

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"sqscope/backend"
	"sqscope/backend/rules"
)

func TestAMaskedExportTellsNothingAndCannotBeRestored(t *testing.T) {
	const secret = `{"card":"4111"}`
	r := RecordOf(backend.ARN{Name: "q"}, backend.Message{MessageId: "m", Body: secret, MD5OfBody: rules.MD5OfBody(secret)}, backend.StateVisible).Mask(`{"card":"•••"}`)
	var file bytes.Buffer
	if err := Write(&file, []Record{r}); err != nil {
		t.Fatal(err)
	}
	if line := file.String(); strings.Contains(line, "4111") || strings.Contains(line, rules.MD5OfBody(secret)) || !strings.Contains(line, `"masked":true`) {
		t.Errorf("the file says %s", line)
	}
	e, err := NewReader(&file).Next()
	if err != nil || e.Wrong == nil || !strings.Contains(e.Wrong.Message, "masks") {
		t.Errorf("it is read as %+v, %v", e, err)
	}
	if r := r.Mask("\xff"); r.BodyEncoding != "base64" || r.Body != "/w==" {
		t.Errorf("a body that is no text became %+v", r)
	}
}

func TestNothingIsOverwritten(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a", "export.jsonl")
	write := func(s string) error {
		return SaveNew(path, func(w io.Writer) error { _, err := io.WriteString(w, s); return err })
	}
	if err := write("first"); err != nil {
		t.Fatal(err)
	}
	if err := write("second"); backend.KindOf(err) != backend.KindConflict {
		t.Errorf("the second went: %v", err)
	}
	if got, err := os.ReadFile(path); string(got) != "first" || err != nil {
		t.Errorf("the file has %q, %v", got, err)
	}
	if _, err := NewFiles(filepath.Dir(path)); backend.KindOf(err) != backend.KindConflict {
		t.Errorf("a folder that is there: %v", err)
	}
}

func TestAFileHasOnePositionHoweverItIsNamed(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	whole := PositionPath("p", "https://q", filepath.Join(dir, "a.jsonl"))
	if got := PositionPath("p", "https://q", "./a.jsonl"); got != whole {
		t.Errorf("by a relative path it is %s, not %s", got, whole)
	}
	if got := PositionPath("p", "https://other", "a.jsonl"); got == whole {
		t.Error("for another queue it is the same")
	}
}
