package archive

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sqscope/backend"
	"sqscope/backend/rules"
)

var orders = backend.ARN{Partition: "aws", Region: "eu-west-1", Account: "123456789012", Name: "orders-dlq"}

func TestEvidenceIsReadableOnlyByItsOwnerAndComplete(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "sqscope", "evidence")
	m := backend.Message{MessageId: "m1", Body: "a\x7f\u202e\u009bb", MD5OfBody: "x", MessageAttributes: map[string]backend.MessageAttribute{
		"n": {DataType: "Number.int", StringValue: backend.Some("5")}, "b": {DataType: "Binary", BinaryValue: []byte{0, 1, 2}},
	}}
	at := time.Date(2026, 11, 22, 3, 0, 0, 0, time.UTC)
	path, err := Evidence(dir, "delete", orders, at, []Record{RecordOf(orders, m, backend.StateVisible)})
	if err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("mode %v, error %v", info.Mode(), err)
	}
	left, _ := filepath.Glob(filepath.Join(dir, ".evidence-*"))
	if len(left) != 0 {
		t.Errorf("left over: %v", left)
	}
	data, _ := os.ReadFile(path)
	if bytes.ContainsRune(data, 0x7f) || bytes.ContainsRune(data, 0x202e) || bytes.ContainsRune(data, 0x9b) {
		t.Errorf("a terminal would obey this: %q", data)
	}
	var back Record
	if err := json.Unmarshal(data, &back); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(RecordOf(orders, m, backend.StateVisible), back); diff != "" {
		t.Errorf("not what was written: %s", diff)
	}
}

// A message that went through a record is one that a move takes for intact.
func TestAMessageOfARecordHasTheDigestsOfTheOneThatWasRead(t *testing.T) {
	m := backend.Message{MessageId: "m1", Body: "order", MD5OfBody: rules.MD5OfBody("order"), MessageAttributes: map[string]backend.MessageAttribute{
		"n": {DataType: "Number.int", StringValue: backend.Some("5")}, "b": {DataType: "Binary", BinaryValue: []byte{0, 1, 2}},
	}}
	m.MD5OfMessageAttributes = rules.MD5OfAttributes(m.MessageAttributes)
	back, err := RecordOf(orders, m, backend.StateVisible).Message()
	if diff := cmp.Diff(m, back); diff != "" || err != nil {
		t.Errorf("%v\n%s", err, diff)
	}
}

func TestABodyThatIsNotTextIsKeptByteForByte(t *testing.T) {
	r := RecordOf(orders, backend.Message{Body: "\xff\xfe"}, backend.StateUnknown)
	if r.BodyEncoding != "base64" || r.Body != "//4=" {
		t.Errorf("got %q as %s", r.Body, r.BodyEncoding)
	}
}

func TestEvidenceThatCannotBeWrittenSaysWhere(t *testing.T) {
	file := filepath.Join(t.TempDir(), "taken")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := Evidence(filepath.Join(file, "below"), "delete", orders, time.Time{}, nil)
	if e := backend.AsError(err); err == nil || !strings.Contains(e.Subject, "taken") || e.Next == "" {
		t.Errorf("got %v", err)
	}
}

func TestEvidenceIsNeverOverwritten(t *testing.T) {
	dir := t.TempDir()
	at := time.Date(2026, 11, 22, 3, 0, 0, 0, time.UTC)
	names := map[string]bool{}
	for i := range 3 {
		path, err := Evidence(dir, "delete", orders, at, []Record{RecordOf(orders, backend.Message{MessageId: string(rune('a' + i))}, backend.StateVisible)})
		if err != nil || names[path] {
			t.Fatalf("%s again, error %v", path, err)
		}
		names[path] = true
	}
	files, _ := filepath.Glob(filepath.Join(dir, "*"))
	if len(files) != 3 {
		t.Errorf("there are %v", files)
	}
}
