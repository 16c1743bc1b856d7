package compose

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"sqscope/backend"
)

func TestAttributesAreWrittenOneALine(t *testing.T) {
	got, err := parseAttributes("source=web shop\n\n tries:Number.int=3\nraw:Binary=AAEC\nempty=\nformula=a=b")
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]backend.MessageAttribute{
		"source":  {DataType: "String", StringValue: backend.Some("web shop")},
		"tries":   {DataType: "Number.int", StringValue: backend.Some("3")},
		"raw":     {DataType: "Binary", BinaryValue: []byte{0, 1, 2}},
		"empty":   {DataType: "String", StringValue: backend.Some("")},
		"formula": {DataType: "String", StringValue: backend.Some("a=b")},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if got, err := parseAttributes(" \n\n"); got != nil || err != nil {
		t.Errorf("nothing written gave %v, %v", got, err)
	}
}

func TestAttributesThatCannotBeReadNameTheirLine(t *testing.T) {
	for in, want := range map[string]string{
		"a=1\nb":       "line 2: write name=value or name:Number=1",
		"a=1\na=2":     "line 2: a is there twice",
		"\nb:Binary=!": "line 2: a Binary value is written in base64",
	} {
		if _, err := parseAttributes(in); err == nil || err.Error() != want {
			t.Errorf("%q: got %v, want %s", in, err, want)
		}
	}
}

func TestADelayIsANumberOfSeconds(t *testing.T) {
	for in, want := range map[string]backend.Opt[int]{"": {}, " ": {}, "0": backend.Some(0), " 900 ": backend.Some(900)} {
		if got, err := parseDelay(in); err != nil || got != want {
			t.Errorf("%q: got %v, %v", in, got, err)
		}
	}
	if _, err := parseDelay("5s"); err == nil {
		t.Error("5s was taken for a number")
	}
}
