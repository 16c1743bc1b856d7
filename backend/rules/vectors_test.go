package rules

import (
	"encoding/hex"
	"encoding/json"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"sqscope/backend"
)

// vectors is sqs-vectors.json, as far as it is of use here.
type vectors struct {
	MD5Attributes  []digestVector `json:"md5_attributes"`
	MD5System      []digestVector `json:"md5_system_attributes"`
	MD5Bodies      []digestVector `json:"md5_bodies"`
	ContentIds     []digestVector `json:"content_based_dedup_sha256"`
	QueueNames     map[string]json.RawMessage
	BatchEntryIds  validity                     `json:"batch_entry_ids"`
	GroupIds       validity                     `json:"group_and_dedup_ids"`
	AttributeNames validity                     `json:"message_attribute_names"`
	AttributeTypes validity                     `json:"message_attribute_types"`
	BodyCharacters map[string][]string          `json:"body_characters"`
	SizeCases      []sizeVector                 `json:"size_cases"`
	Ranges         map[string][]json.RawMessage `json:"attribute_ranges"`
	AllAttributes  map[string]json.RawMessage   `json:"get_queue_attributes_all"`
	Filters        struct {
		Message []string
		Cases   []struct{ Filter, Returned []string }
	} `json:"message_attribute_filters"`
	ErrorShapes []struct {
		Shape, Code string
		Status      int
		Modelled    bool
	} `json:"error_shapes"`
	ErrorCases []errorVector `json:"error_cases"`
}

type digestVector struct {
	Name   string
	Body   string
	Repeat struct {
		Unit  string
		Count int
	}
	Attributes map[string]wireAttribute
	Layout     string `json:"layout_hex"`
	MD5        string
	DedupId    string `json:"dedup_id"`
}

type validity struct {
	Valid, Invalid []string
	Boundary       map[string]string
}

type sizeVector struct {
	QueueMax   int `json:"queue_max"`
	BodyBytes  int `json:"body_bytes"`
	Attributes map[string]wireAttribute
	Size       int
	BatchTotal int `json:"batch_total"`
	OK         bool
	Note       string
}

// wireAttribute is a message attribute as JSON has it.
type wireAttribute struct {
	DataType    string
	StringValue *string
	BinaryValue []byte
}

func attributesOf(wire map[string]wireAttribute) map[string]backend.MessageAttribute {
	if wire == nil {
		return nil
	}
	attrs := map[string]backend.MessageAttribute{}
	for name, w := range wire {
		attrs[name] = backend.MessageAttribute{
			DataType: w.DataType, StringValue: optional(w.StringValue), BinaryValue: w.BinaryValue,
		}
	}
	return attrs
}

func optional[T any](v *T) backend.Opt[T] {
	if v == nil {
		return backend.Opt[T]{}
	}
	return backend.Some(*v)
}

func readVectors(t *testing.T) vectors {
	t.Helper()
	b, err := os.ReadFile("testdata/sqs-vectors.json")
	if err != nil {
		t.Fatal(err)
	}
	var v vectors
	if err := json.Unmarshal(b, &v); err != nil {
		t.Fatal(err)
	}
	var names struct {
		QueueNames map[string]json.RawMessage `json:"queue_names"`
	}
	if err := json.Unmarshal(b, &names); err != nil {
		t.Fatal(err)
	}
	v.QueueNames = names.QueueNames
	return v
}

// TestEveryVectorIsSomeonesToRun fails when the file grows a part that nobody
// here runs, or a part loses or gains entries.
func TestEveryVectorIsSomeonesToRun(t *testing.T) {
	const engine, text = -1, -2
	want := map[string]int{
		"md5_attributes": 23, "md5_bodies": 21, "md5_system_attributes": 3, "content_based_dedup_sha256": 4,
		"queue_names": 6, "batch_entry_ids": 2, "group_and_dedup_ids": 2, "message_attribute_names": 3,
		"message_attribute_types": 3, "body_characters": 2, "size_cases": 6, "attribute_ranges": 8,
		"get_queue_attributes_all": 4, "message_attribute_filters": 3, "error_shapes": 32, "error_cases": 144,
		// They need stored messages, groups, tasks or a wire, which are not here.
		"receive_all_system_attributes": engine, "fifo_scenarios": engine, "dlq_scenarios": engine,
		"move_task_list_shape": engine, "json_error_example": engine,
		"meta": text, "md5_algorithm": text, "md5_empty_rule": text,
	}
	b, err := os.ReadFile("testdata/sqs-vectors.json")
	if err != nil {
		t.Fatal(err)
	}
	var parts map[string]json.RawMessage
	if err := json.Unmarshal(b, &parts); err != nil {
		t.Fatal(err)
	}
	for name, raw := range parts {
		n, known := want[name]
		if !known {
			t.Errorf("nobody runs the vectors %q", name)
		}
		if n < 0 {
			continue
		}
		var list []json.RawMessage
		var object map[string]json.RawMessage
		if json.Unmarshal(raw, &list) != nil && json.Unmarshal(raw, &object) != nil {
			t.Errorf("%s is neither a list nor an object", name)
		}
		if got := len(list) + len(object); got != n {
			t.Errorf("%s has %d entries, the tests know %d", name, got, n)
		}
	}
	for name := range want {
		if _, ok := parts[name]; !ok {
			t.Errorf("the vectors %q are gone", name)
		}
	}
}

func TestVectorsOfDigests(t *testing.T) {
	v := readVectors(t)
	for _, c := range slices.Concat(v.MD5Attributes, v.MD5System) {
		attrs := attributesOf(c.Attributes)
		if got := hex.EncodeToString(appendLayout(nil, attrs)); got != c.Layout {
			t.Errorf("%s: layout\n got %s\nwant %s", c.Name, got, c.Layout)
		}
		if got := MD5OfAttributes(attrs); got != c.MD5 {
			t.Errorf("%s: MD5 %s, want %s", c.Name, got, c.MD5)
		}
	}
	for _, c := range v.MD5Bodies {
		body := c.Body + strings.Repeat(c.Repeat.Unit, c.Repeat.Count)
		if got := MD5OfBody(body); got != c.MD5 {
			t.Errorf("MD5 of body %.80q is %s, want %s", body, got, c.MD5)
		}
		if err := Send(Queue{}, backend.SendMessageInput{MessageBody: body}); err != nil {
			t.Errorf("body %.80q: %v", body, err)
		}
	}
	for _, c := range v.ContentIds {
		if got := ContentDeduplicationId(c.Body); got != c.DedupId {
			t.Errorf("deduplication id of body %q is %s, want %s", c.Body, got, c.DedupId)
		}
	}
	if got := MD5OfAttributes(nil); got != "" {
		t.Errorf("MD5 of no attributes is %q, want it left out", got)
	}
}

func TestVectorsOfQueueNames(t *testing.T) {
	lists := map[string][]string{}
	for key, raw := range readVectors(t).QueueNames {
		var list []string
		if key == "note" {
			continue
		}
		if err := json.Unmarshal(raw, &list); err != nil {
			t.Fatal(err)
		}
		lists[key] = list
	}
	for _, c := range []struct {
		list      string
		fifo, bad bool
	}{
		{"standard_valid", false, false},
		{"standard_invalid", false, true},
		{"fifo_valid", true, false},
		{"fifo_invalid", true, true},
		{"fifo_unrecorded", true, true}, // a suffix is no name of its own
	} {
		if len(lists[c.list]) == 0 {
			t.Errorf("no names under %s", c.list)
		}
		for _, name := range lists[c.list] {
			if err := QueueName(name, c.fifo); (err != nil) != c.bad {
				t.Errorf("%s: QueueName(%q, fifo %v) = %v", c.list, name, c.fifo, err)
			}
		}
	}
}

func TestVectorsOfIds(t *testing.T) {
	v := readVectors(t)
	eachValidity(t, v.BatchEntryIds, func(s string) []error {
		return []error{
			SendBatchEnvelope(backend.SendMessageBatchInput{Entries: []backend.SendMessageBatchEntry{{Id: s}}}),
			DeleteBatchEnvelope(backend.DeleteMessageBatchInput{Entries: []backend.DeleteMessageBatchEntry{{Id: s}}}),
			VisibilityBatchEnvelope(backend.ChangeMessageVisibilityBatchInput{
				Entries: []backend.ChangeMessageVisibilityBatchEntry{{Id: s}},
			}),
		}
	})
	fifo := Queue{FIFO: true, ContentBasedDeduplication: true}
	some, group := backend.Some[string], backend.Some("g")
	eachValidity(t, v.GroupIds, func(s string) []error {
		return []error{
			Send(Queue{}, backend.SendMessageInput{MessageBody: "x", MessageGroupId: some(s)}),
			Send(fifo, backend.SendMessageInput{MessageBody: "x", MessageGroupId: some(s)}),
			Send(fifo, backend.SendMessageInput{MessageBody: "x", MessageGroupId: group, MessageDeduplicationId: some(s)}),
			Receive(fifo, backend.ReceiveMessageInput{ReceiveRequestAttemptId: some(s)}),
		}
	})
}

func TestVectorsOfMessageAttributes(t *testing.T) {
	v := readVectors(t)
	with := func(name string, a backend.MessageAttribute) []error {
		return []error{Send(Queue{}, backend.SendMessageInput{
			MessageBody: "x", MessageAttributes: map[string]backend.MessageAttribute{name: a},
		})}
	}
	eachValidity(t, v.AttributeNames, func(name string) []error {
		return with(name, backend.MessageAttribute{DataType: "String", StringValue: backend.Some("v")})
	})
	eachValidity(t, v.AttributeTypes, func(dataType string) []error {
		a := backend.MessageAttribute{DataType: dataType, StringValue: backend.Some("1")}
		if isBinary(dataType) {
			a = backend.MessageAttribute{DataType: dataType, BinaryValue: []byte{1}}
		}
		return with("k", a)
	})
	for name := range v.AttributeNames.Boundary {
		if name == "a*256" {
			name = strings.Repeat("a", 256)
		}
		if errs := with(name, backend.MessageAttribute{DataType: "String", StringValue: backend.Some("v")}); errs[0] != nil {
			t.Errorf("name %.8q on the boundary: %v", name, errs[0])
		}
	}
}

func eachValidity(t *testing.T, v validity, check func(string) []error) {
	t.Helper()
	if len(v.Valid) == 0 || len(v.Invalid) == 0 {
		t.Error("no vectors")
	}
	for _, s := range v.Valid {
		for i, err := range check(s) {
			if err != nil {
				t.Errorf("check %d of valid %q: %v", i, s, err)
			}
		}
	}
	for _, s := range v.Invalid {
		for i, err := range check(s) {
			if err == nil {
				t.Errorf("check %d took the invalid %q", i, s)
			}
		}
	}
}

func TestVectorsOfBodyCharacters(t *testing.T) {
	v := readVectors(t)
	each := func(list string, check func(name, body string, err error)) {
		if len(v.BodyCharacters[list]) == 0 {
			t.Errorf("no characters under %s", list)
		}
		for _, name := range v.BodyCharacters[list] {
			n, err := strconv.ParseInt(strings.TrimPrefix(name, "U+"), 16, 32)
			if err != nil {
				t.Fatal(err)
			}
			// The character stands at each place that a word of eight bytes has.
			for before := range 20 {
				body := strings.Repeat("a", before) + string(rune(n)) + strings.Repeat("z", 20-before)
				check(name, body, Body(body))
			}
		}
	}
	each("allowed", func(name, body string, err error) {
		if err != nil {
			t.Errorf("%s in %q: %v", name, body, err)
		}
	})
	each("rejected", func(name, body string, err error) {
		want := "'#x" + strings.TrimLeft(strings.TrimPrefix(name, "U+"), "0") + "'"
		if name == "U+0000" {
			want = "'#x0'"
		}
		if backend.CodeOf(err) != backend.ErrInvalidMessageContents || !strings.Contains(err.Error(), want) {
			t.Errorf("%s in %q: %v, want InvalidMessageContents with %s", name, body, err, want)
		}
	})
}

func TestVectorsOfSizes(t *testing.T) {
	v := readVectors(t)
	for i, c := range v.SizeCases {
		var err error
		switch attrs := attributesOf(c.Attributes); {
		case c.BatchTotal > 0:
			half := c.BatchTotal / 2
			err = SendBatchEnvelope(backend.SendMessageBatchInput{Entries: []backend.SendMessageBatchEntry{
				{Id: "1", SendMessageInput: backend.SendMessageInput{MessageBody: strings.Repeat("a", half)}},
				{Id: "2", SendMessageInput: backend.SendMessageInput{MessageBody: strings.Repeat("a", c.BatchTotal-half)}},
			}})
		case c.Note != "":
			in := backend.SendMessageBatchInput{Entries: []backend.SendMessageBatchEntry{
				{Id: "1", SendMessageInput: backend.SendMessageInput{MessageBody: strings.Repeat("a", 2048)}},
				{Id: "2", SendMessageInput: backend.SendMessageInput{MessageBody: "a"}},
			}}
			if err = SendBatchEnvelope(in); err == nil {
				if bad, _ := SendBatch(Queue{MaximumMessageSize: 2048}, in); bad != nil {
					t.Errorf("size case %d: %v", i, bad)
				}
			}
		default:
			body := strings.Repeat("a", c.BodyBytes)
			if got := Size(body, attrs); c.Size > 0 && got != c.Size {
				t.Errorf("size case %d: Size is %d, want %d", i, got, c.Size)
			}
			q := Queue{MaximumMessageSize: c.QueueMax}
			err = Send(q, backend.SendMessageInput{MessageBody: body, MessageAttributes: attrs})
		}
		if (err == nil) != c.OK {
			t.Errorf("size case %d: %v, want ok %v", i, err, c.OK)
		}
	}
}

func TestVectorsOfAttributeFilters(t *testing.T) {
	v := readVectors(t).Filters
	message := map[string]backend.MessageAttribute{}
	for _, name := range v.Message {
		message[name] = backend.MessageAttribute{DataType: "String", StringValue: backend.Some("v")}
	}
	if len(v.Cases) != 8 {
		t.Errorf("%d filters, want 8", len(v.Cases))
	}
	for _, c := range v.Cases {
		got := slices.Sorted(maps.Keys(selected(message, c.Filter)))
		if !slices.Equal(got, c.Returned) {
			t.Errorf("filter %v returns %v, want %v", c.Filter, got, c.Returned)
		}
	}
}

func TestVectorsOfErrorShapes(t *testing.T) {
	for _, c := range readVectors(t).ErrorShapes {
		s, ok := backend.ShapeOf(c.Shape)
		if !ok || s.Code != c.Code || s.Status != c.Status || s.Modelled != c.Modelled {
			t.Errorf("shape %s is %+v, want %+v", c.Shape, s, c)
		}
	}
}
