package rules

import (
	"strings"
	"testing"

	"sqscope/backend"
)

func TestValueOfAMessageAttributeFitsItsType(t *testing.T) {
	text := backend.Some[string]
	for name, c := range map[string]struct {
		a    backend.MessageAttribute
		want string
	}{
		"text":            {backend.MessageAttribute{DataType: "String", StringValue: text("v")}, ""},
		"bytes":           {backend.MessageAttribute{DataType: "Binary", BinaryValue: []byte{0}}, ""},
		"labelled bytes":  {backend.MessageAttribute{DataType: "Binary.gif.v2", BinaryValue: []byte{7, 0xff}}, ""},
		"odd label":       {backend.MessageAttribute{DataType: "String.é ü", StringValue: text("v")}, ""},
		"bytes as text":   {backend.MessageAttribute{DataType: "Binary", StringValue: text("v")}, "must contain a non-empty value of type 'Binary'."},
		"text as bytes":   {backend.MessageAttribute{DataType: "String", BinaryValue: []byte("v")}, "must contain a non-empty value of type 'String'."},
		"no bytes":        {backend.MessageAttribute{DataType: "Binary.x", BinaryValue: []byte{}}, "must contain a non-empty value of type 'Binary'."},
		"no digits":       {backend.MessageAttribute{DataType: "Number", StringValue: text("")}, "must contain a non-empty value of type 'Number'."},
		"both":            {backend.MessageAttribute{DataType: "String", StringValue: text("v"), BinaryValue: []byte("v")}, "must have a single value."},
		"control":         {backend.MessageAttribute{DataType: "String", StringValue: text("a\x07")}, "Invalid binary character '#x7'"},
		"not UTF-8":       {backend.MessageAttribute{DataType: "String", StringValue: text("a\xff")}, "Invalid binary character '#xFF'"},
		"prefix only":     {backend.MessageAttribute{DataType: "Stringx", StringValue: text("v")}, "is invalid. You must use only"},
		"no label":        {backend.MessageAttribute{DataType: "String.", StringValue: text("v")}, "is invalid. You must use only"},
		"label of escape": {backend.MessageAttribute{DataType: "String.\x1b", StringValue: text("v")}, "is invalid. You must use only"},
		"256 bytes type":  {backend.MessageAttribute{DataType: "String." + strings.Repeat("a", 249), StringValue: text("v")}, ""},
		"257 bytes type":  {backend.MessageAttribute{DataType: "String." + strings.Repeat("a", 250), StringValue: text("v")}, "Message (user) attribute type must be shorter than 256 bytes."},
	} {
		err := Send(Queue{}, backend.SendMessageInput{
			MessageBody: "x", MessageAttributes: map[string]backend.MessageAttribute{"k": c.a},
		})
		if c.want == "" && err != nil || c.want != "" && (backend.CodeOf(err) != "InvalidParameterValue" || !strings.Contains(textOf(err), c.want)) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
}

func TestNamesOfMessageAttributes(t *testing.T) {
	for name, want := range map[string]string{
		"Amazonia":               "",
		"x.aws.y":                "",
		"ünïcode٣":               "",
		"aws.":                   "reserved for internal use",
		"Amazon.x":               "reserved for internal use",
		".":                      "name '.' is invalid",
		"a b":                    "name 'a b' is invalid",
		"a\xff":                  "is invalid",
		"a\ufffd":                "is invalid",
		"😀":                      "is invalid",
		strings.Repeat("é", 128): "",
		strings.Repeat("é", 129): "shorter than 256 bytes",
	} {
		err := Send(Queue{}, backend.SendMessageInput{
			MessageBody: "x", MessageAttributes: map[string]backend.MessageAttribute{name: {DataType: "String", StringValue: backend.Some("v")}},
		})
		if want == "" && err != nil || want != "" && !strings.Contains(textOf(err), want) {
			t.Errorf("%.20q: %v, want %q", name, err, want)
		}
	}
}

// TestTheSameAttributeIsAlwaysBlamed: the first by name, whatever the order of
// the map.
func TestTheSameAttributeIsAlwaysBlamed(t *testing.T) {
	attrs := map[string]backend.MessageAttribute{}
	for _, name := range []string{"b", "a", "d", "c", "e"} {
		attrs[name] = backend.MessageAttribute{DataType: "String"}
	}
	for range 50 {
		got := textOf(Send(Queue{}, backend.SendMessageInput{MessageBody: "x", MessageAttributes: attrs}))
		if !strings.Contains(got, "'a'") {
			t.Fatalf("blamed: %s", got)
		}
	}
}

func TestNumbers(t *testing.T) {
	for _, s := range []string{
		"0", "1", "-1", "+1", "007", "1.5", ".5", "5.", "1e3", "1E-3", "0.000", "-0", "1493147359900",
		"1234567890123456789012", strings.Repeat("9", 38), strings.Repeat("9", 38) + strings.Repeat("0", 60),
		"0." + strings.Repeat("0", 100) + "1", "1e126", "1e-128", "0e99999", "12345678901234567890.123456789012345678",
	} {
		if !isNumber(s) {
			t.Errorf("%s is refused", s)
		}
	}
	for _, s := range []string{
		"", "abc", "1 ", " 1", "1,5", "1.2.3", "--1", "+", ".", "e3", "1e", "1e1.5", "0x1F", "1_000", "NaN", "Infinity", "٣",
		strings.Repeat("9", 39), "1." + strings.Repeat("0", 37) + "1", "1e127", "1e-129", "1e99999999999999999999", "0.1e-128",
	} {
		if isNumber(s) {
			t.Errorf("%s is taken", s)
		}
	}
}

func TestSystemAttributes(t *testing.T) {
	text := func(dataType, s string) backend.MessageAttribute {
		return backend.MessageAttribute{DataType: dataType, StringValue: backend.Some(s)}
	}
	const trace = backend.SysAWSTraceHeader
	for name, c := range map[string]struct {
		attrs map[string]backend.MessageAttribute
		want  string
	}{
		"trace":       {map[string]backend.MessageAttribute{trace: text("String", "Root=1")}, ""},
		"another too": {map[string]backend.MessageAttribute{trace: text("String", "Root=1"), "Zed": text("String", "x"), "": text("String", "x")}, "Message system attribute name '' is invalid."},
		"no name":     {map[string]backend.MessageAttribute{"": text("String", "x")}, "Message system attribute name '' is invalid."},
		"case":        {map[string]backend.MessageAttribute{"awstraceheader": text("String", "x")}, "Message system attribute name 'awstraceheader' is invalid."},
		"type":        {map[string]backend.MessageAttribute{trace: text("Number", "1")}, "The type of message (system) attribute 'AWSTraceHeader' is invalid."},
		"empty":       {map[string]backend.MessageAttribute{trace: text("String", "")}, "must contain a non-empty value of type 'String'."},
		"control":     {map[string]backend.MessageAttribute{trace: text("String", "\x00")}, "Invalid binary character '#x0'"},
	} {
		err := Send(Queue{}, backend.SendMessageInput{MessageBody: "x", MessageSystemAttributes: c.attrs})
		if c.want == "" && err != nil || c.want != "" && !strings.Contains(textOf(err), c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
	// Free of charge (3.2).
	in := backend.SendMessageInput{
		MessageBody:             strings.Repeat("a", 1024),
		MessageSystemAttributes: map[string]backend.MessageAttribute{trace: text("String", "Root=1")},
	}
	if err := Send(Queue{MaximumMessageSize: 1024}, in); err != nil {
		t.Errorf("a trace header counts against the size: %v", err)
	}
}
