package rules

import (
	"encoding/json"
	"maps"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sqscope/backend"
)

func TestVectorsOfAttributeRanges(t *testing.T) {
	ran := 0
	for name, raw := range readVectors(t).Ranges {
		if name == "_columns" {
			continue
		}
		ran++
		var lo, hi int
		var def *int
		for i, into := range []any{&lo, &hi, &def} {
			if err := json.Unmarshal(raw[i], into); err != nil {
				t.Fatal(err)
			}
		}
		take := func(n int) error {
			value := strconv.Itoa(n)
			if name == keyCount {
				value = `{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:123456789012:dlq","maxReceiveCount":` + value + `}`
				_, err := NewSettings(standard, map[string]string{backend.AttrRedrivePolicy: value}, nil)
				return err
			}
			_, err := NewSettings(standard, map[string]string{name: value}, nil)
			return err
		}
		if err := take(lo); err != nil {
			t.Errorf("%s takes no %d: %v", name, lo, err)
		}
		if err := take(hi); err != nil {
			t.Errorf("%s takes no %d: %v", name, hi, err)
		}
		if take(lo-1) == nil || take(hi+1) == nil {
			t.Errorf("%s takes %d or %d", name, lo-1, hi+1)
		}
		if name == keyCount {
			continue
		}
		if gotLo, gotHi, gotDef, ok := AttributeRange(name); !ok || gotLo != lo || gotHi != hi || gotDef != *def {
			t.Errorf("AttributeRange(%s) = %d, %d, %d, want %d, %d, %d", name, gotLo, gotHi, gotDef, lo, hi, *def)
		}
	}
	if ran != 7 {
		t.Errorf("%d ranges were tried, want 7", ran)
	}
}

func TestVectorsOfAllQueueAttributes(t *testing.T) {
	ran := 0
	for kind, raw := range readVectors(t).AllAttributes {
		if kind == "source" {
			continue
		}
		ran++
		var want map[string]string
		if err := json.Unmarshal(raw, &want); err != nil {
			t.Fatal(err)
		}
		maps.DeleteFunc(want, func(name, _ string) bool { return isReadOnly(name) })
		arn, attrs := standard, map[string]string{}
		switch kind {
		case "fifo":
			arn, attrs = fifo, map[string]string{"FifoQueue": "true"}
		case "kms":
			attrs = map[string]string{"KmsMasterKeyId": "testKeyId", "KmsDataKeyReusePeriodSeconds": "6000"}
		}
		s, err := NewSettings(arn, attrs, nil)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, s.Attributes()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", kind, diff)
		}
	}
	if ran != 3 {
		t.Errorf("%d kinds of queue were tried, want 3", ran)
	}
}
