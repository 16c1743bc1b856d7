package archive_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sqscope/backend"
	"sqscope/backend/archive"
	"sqscope/backend/peek"
)

func TestAnExportHasWhatIsSelectedAndGivesBackWhatItReceived(t *testing.T) {
	for _, browsed := range []bool{true, false} {
		gathering(t, nil, func(t *testing.T, stack backend.Stack, o peek.Options) {
			send(t, stack, o.URL, 120, nil)
			if !browsed {
				o.Stack = backend.Stack{SQS: stack.SQS}
			}
			var got []string
			last := 0
			x, err := archive.Export(t.Context(), o, archive.Selection{
				Where:    func(r archive.Record) bool { return strings.HasSuffix(r.Body, "7") },
				Progress: func(x archive.Exported) { last = x.Read },
			}, func(r archive.Record) error { got = append(got, r.Body); return nil })
			if err != nil || x.Read != 120 || x.Written != 12 || x.About != 120 || last != 120 || x.Held != nil || len(got) != 12 {
				t.Errorf("browsed %v: %+v, %v, %v", browsed, x, got, err)
			}
			if words := x.Account.Words(time.Now()); x.Account.Free != browsed || !browsed && !strings.HasSuffix(words, "all released") {
				t.Errorf("browsed %v: %q", browsed, words)
			}
			x, err = archive.Export(t.Context(), o, archive.Selection{Most: 5}, func(archive.Record) error { return nil })
			if err != nil || x.Written != 5 || x.Stop != peek.StopWanted {
				t.Errorf("browsed %v: five of them: %+v, %v", browsed, x, err)
			}
			if !browsed && x.Account.Deliveries != 5 {
				t.Errorf("for five messages of which any will do %d were received", x.Account.Deliveries)
			}
			full := errors.New("disk full")
			if _, err = archive.Export(t.Context(), o, archive.Selection{}, func(archive.Record) error { return full }); !errors.Is(err, full) {
				t.Errorf("browsed %v: %v", browsed, err)
			}
			ctx, cancel := context.WithCancel(t.Context())
			cancel()
			if _, err := archive.Export(ctx, o, archive.Selection{}, func(archive.Record) error { return nil }); err == nil && !browsed {
				t.Error("a cancelled export says nothing")
			}
			out, err := stack.SQS.GetQueueAttributes(t.Context(), backend.GetQueueAttributesInput{QueueUrl: o.URL, AttributeNames: []string{backend.AttrMessages}})
			if err != nil || out.Attributes[backend.AttrMessages] != "120" {
				t.Errorf("browsed %v: %v can be received afterwards, %v", browsed, out, err)
			}
		})
	}
}

func TestAnExportThatIsToBeConfirmedReceivesNothing(t *testing.T) {
	gathering(t, nil, func(t *testing.T, stack backend.Stack, o peek.Options) {
		send(t, stack, o.URL, 3, nil)
		o.Stack, o.AskFirst, o.MaxReceiveCount = backend.Stack{SQS: stack.SQS}, true, 3
		x, err := archive.Export(t.Context(), o, archive.Selection{}, func(archive.Record) error { return nil })
		if err != nil || x.Stop != peek.StopAsk || x.Account.Receives != 0 {
			t.Errorf("%+v, %v", x, err)
		}
	})
}

func record(id, body string) archive.Record {
	m := backend.Message{
		MessageId: id, Body: body, Attributes: map[string]string{
			backend.SysSentTimestamp: "1700000000123", backend.SysApproximateReceiveCount: "2", backend.SysMessageGroupId: "g",
		},
		MessageAttributes: map[string]backend.MessageAttribute{
			"n": {DataType: "Number", StringValue: backend.Some("-5")}, "b": {DataType: "Binary", BinaryValue: []byte{0, 1}},
		},
	}
	return archive.RecordOf(backend.ARN{Partition: "aws", Region: "eu-west-1", Account: "1", Name: "orders"}, m, backend.StateVisible)
}

func TestACSVFileIsATableThatNothingObeysOrComputes(t *testing.T) {
	records := []archive.Record{
		record("m1", "a,\"b\"\nc"), record("m2", "=HYPERLINK(\"http://x\")"), record("m3", "\x1b]52;c;x\x07\u202eevil\u009b"), record("m4", "\xff\xfe"),
	}
	var text bytes.Buffer
	c, err := archive.NewCSV(&text, append(archive.Columns(), append(archive.AttributeColumns(records), "system:ApproximateReceiveCount")...))
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range records {
		if err := c.Write(r); err != nil {
			t.Fatal(err)
		}
	}
	rows, err := csv.NewReader(&text).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	common := func(id, size, encoding, body string) []string {
		return []string{id, "2023-11-14T22:13:20.123Z", "2", "g", "visible", size, encoding, body, "AAE=", "-5", "2"}
	}
	want := [][]string{
		{"messageId", "sent", "receives", "group", "state", "bytes", "bodyEncoding", "body", "attribute:b", "attribute:n", "system:ApproximateReceiveCount"},
		common("m1", "7", "text", "a,\"b\"\nc"),
		common("m2", "22", "text", "'=HYPERLINK(\"http://x\")"),
		common("m3", "18", "text", `\u001b]52;c;x\u0007\u202eevil\u009b`),
		common("m4", "2", "base64", "//4="),
	}
	if diff := cmp.Diff(want, rows); diff != "" {
		t.Error(diff)
	}
	if _, err := archive.NewCSV(&text, []string{"nonsense"}); backend.KindOf(err) != backend.KindInvalid {
		t.Errorf("%v", err)
	}
}

func TestOneFileForEachMessageUnderAHarmlessName(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "export")
	f, err := archive.NewFiles(dir)
	if err != nil {
		t.Fatal(err)
	}
	records := []archive.Record{record("../../etc/passwd", `{"a":1}`), record("CON", "\xff\xfe"), record("con", "text\r\n")}
	for _, r := range records {
		if err := f.Write(r); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := os.Stat(dir); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("it is there before all is written: %v", err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"00001-______etc_passwd.json": `{"a":1}`, "00002-CON.bin": "\xff\xfe", "00003-con.txt": "text\r\n"} {
		got, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil || string(got) != want {
			t.Errorf("%s: %q, %v", name, got, err)
		}
		if info, err := os.Stat(filepath.Join(dir, name)); err == nil && info.Mode().Perm() != 0o600 {
			t.Errorf("%s has mode %v", name, info.Mode())
		}
	}
	lines, err := os.Open(filepath.Join(dir, "messages.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = lines.Close() }()
	e, err := archive.NewReader(lines).Next()
	if diff := cmp.Diff(records[0], e.Record); err != nil || diff != "" {
		t.Errorf("%v %s", err, diff)
	}
	if _, err := archive.NewFiles(dir); err == nil {
		t.Error("a folder that is there was taken")
	}
	left, _ := filepath.Glob(filepath.Join(filepath.Dir(dir), ".sqscope-*"))
	if len(left) > 0 {
		t.Errorf("left over: %v", left)
	}
}

func TestAFileAppearsWholeOrNotAtAll(t *testing.T) {
	path := filepath.Join(t.TempDir(), "below", "export.jsonl")
	for i, fail := range []error{nil, errors.New("interrupted")} {
		err := archive.Save(path, func(w io.Writer) error {
			if _, err := w.Write([]byte{byte('0' + i)}); err != nil {
				return err
			}
			return fail
		})
		if !errors.Is(err, fail) {
			t.Errorf("%v", err)
		}
	}
	data, err := os.ReadFile(path)
	if err != nil || string(data) != "0" {
		t.Errorf("%q, %v", data, err)
	}
	left, _ := filepath.Glob(filepath.Join(filepath.Dir(path), ".sqscope-*"))
	if len(left) > 0 {
		t.Errorf("left over: %v", left)
	}
}
