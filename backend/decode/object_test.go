package decode_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sqscope/backend"
	"sqscope/backend/archive"
	"sqscope/backend/decode"
)

// TestQueriesSeeTheObjectThatIsExported: what --where can name is what a line of
// an export has, and json.
func TestQueriesSeeTheObjectThatIsExported(t *testing.T) {
	queue := backend.ARN{Partition: "aws", Region: "eu-west-1", Account: "123456789012", Name: "orders"}
	for _, body := range []string{`{"order":1.50}`, "text", "\xff\x00"} {
		m := backend.Message{
			MessageId: "m-1", Body: body, MD5OfBody: "x", Attributes: map[string]string{backend.SysSenderId: "AIDA"},
			MessageAttributes: map[string]backend.MessageAttribute{
				"n": {DataType: "Number.int", StringValue: backend.Some("5")}, "b": {DataType: "Binary", BinaryValue: []byte{0, 1}},
				"e": {DataType: "String", StringValue: backend.Some("")},
			},
		}
		line, err := json.Marshal(archive.RecordOf(queue, m, backend.StateVisible))
		if err != nil {
			t.Fatal(err)
		}
		var want map[string]any
		if err := json.Unmarshal(line, &want); err != nil {
			t.Fatal(err)
		}
		r := decode.Decode(t.Context(), body, m.MessageAttributes)
		want["json"] = r.Value()
		if diff := cmp.Diff(want, decode.Object(queue, m, backend.StateVisible, r)); diff != "" {
			t.Error(diff)
		}
	}
}
