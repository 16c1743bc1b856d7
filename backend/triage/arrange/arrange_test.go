package arrange

import (
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sqscope/backend"
)

func TestParseMarker(t *testing.T) {
	zone := time.FixedZone("CET", 3600)
	now := time.Date(2026, 3, 14, 14, 30, 0, 0, zone)
	at := func(d, h, m, s int) time.Time { return time.Date(2026, 3, d, h, m, s, 0, zone) }
	for in, want := range map[string]Marker{
		"deploy 14:05":                       {at(14, 14, 5, 0), "deploy"},
		"14:05:30 deploy":                    {at(14, 14, 5, 30), "deploy"},
		"14:05":                              {at(14, 14, 5, 0), "marker"},
		"deploy 23:10":                       {at(13, 23, 10, 0), "deploy"}, // not yet today
		"rolled back v2 2026-03-12 08:00":    {at(12, 8, 0, 0), "rolled back v2"},
		"2026-03-12 08:00:07 release":        {at(12, 8, 0, 7), "release"},
		"2026-03-12T07:00:00Z release":       {at(12, 8, 0, 0), "release"},
		"-20m deploy":                        {at(14, 14, 10, 0), "deploy"},
		"deploy 1h30m ago":                   {at(14, 13, 0, 0), "deploy"},
		"deploy 1d1h ago":                    {at(13, 13, 30, 0), "deploy"},
		"mail of 12:00 was late 13:00":       {at(14, 13, 0, 0), "mail of 12:00 was late"},
		"  14:05   two  words ":              {at(14, 14, 5, 0), "two words"},
		"2026-03-12 08:00 2 partners joined": {at(12, 8, 0, 0), "2 partners joined"},
	} {
		got, err := ParseMarker(in, now)
		if err != nil || got.Text != want.Text || !got.At.Equal(want.At) {
			t.Errorf("%q is %v %q, %v; want %v %q", in, got.At, got.Text, err, want.At, want.Text)
		}
	}
	for _, in := range []string{"", "deploy", "25:00 deploy", "deploy at noon", "deploy -x", "20m"} {
		var e *backend.Error
		if m, err := ParseMarker(in, now); !errors.As(err, &e) || e.Kind != backend.KindInvalid || e.Next == "" {
			t.Errorf("%q is %v, %v; want an error of kind invalid that says how to write it", in, m, err)
		}
	}
}

func TestArrangementsAreKept(t *testing.T) {
	var r Rules
	for _, err := range []error{
		r.AddSplit(Split{Group: "a", By: ".x"}), r.AddSplit(Split{Group: "a", By: "attribute:tenant"}),
		r.AddSplit(Split{Group: "b", At: time.Unix(1, 0).UTC()}), r.AddMerge("c", "b", "c"),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	r.SetLabel("a", "the android one")
	r.SetLabel("b", "x")
	r.SetLabel("b", "")
	data, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	var back Rules
	if err := json.Unmarshal(data, &back); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(r, back); diff != "" {
		t.Errorf("after writing and reading:\n%s", diff)
	}
	if len(r.Splits) != 2 || r.Splits[0].By != "attribute:tenant" || len(r.Merges[0].Groups) != 2 || len(r.Labels) != 1 {
		t.Errorf("%+v", r)
	}
	if (Merge{[]string{"b", "c"}}).ID() != (Merge{[]string{"c", "b"}}).ID() {
		t.Error("the order of a merge makes another group of it")
	}
	r.Undo(r.Merges[0].ID())
	r.Undo("a")
	if len(r.Merges) != 0 || len(r.Splits) != 1 {
		t.Errorf("after undo: %+v", r)
	}
}

func TestArrangementsThatAreNone(t *testing.T) {
	var r Rules
	for name, err := range map[string]error{
		"a split without a way":   r.AddSplit(Split{Group: "a"}),
		"a split in two ways":     r.AddSplit(Split{Group: "a", By: ".x", At: time.Unix(1, 0)}),
		"a split of no group":     r.AddSplit(Split{By: ".x"}),
		"a place that is none":    r.AddSplit(Split{Group: "a", By: "x"}),
		"an attribute of no name": r.AddSplit(Split{Group: "a", By: AttributePlace}),
		"a merge of one":          r.AddMerge("a", "a"),
	} {
		var e *backend.Error
		if !errors.As(err, &e) || e.Kind != backend.KindInvalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	if len(r.Splits)+len(r.Merges) != 0 {
		t.Errorf("taken all the same: %+v", r)
	}
}
