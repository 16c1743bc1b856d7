package backendtest

import (
	"encoding/json"
	"os"
	"testing"

	"sqscope/backend"
)

// vectorFile is read relative to a package beside this one.
const vectorFile = "../rules/testdata/sqs-vectors.json"

// vectors are what was recorded of AWS, or computed and verified.
type vectors struct {
	MD5Bodies []struct {
		Body, MD5 string
	} `json:"md5_bodies"`
	MD5Attributes       []digestVector `json:"md5_attributes"`
	MD5SystemAttributes []digestVector `json:"md5_system_attributes"`
	ContentDedup        []struct {
		Body    string
		DedupID string `json:"dedup_id"`
	} `json:"content_based_dedup_sha256"`
	QueueNames struct {
		StandardValid   []string `json:"standard_valid"`
		StandardInvalid []string `json:"standard_invalid"`
		FifoValid       []string `json:"fifo_valid"`
		FifoInvalid     []string `json:"fifo_invalid"`
	} `json:"queue_names"`
	BatchIDs       validity `json:"batch_entry_ids"`
	GroupIDs       validity `json:"group_and_dedup_ids"`
	AttributeNames validity `json:"message_attribute_names"`
	AttributeTypes validity `json:"message_attribute_types"`
	BodyCharacters struct {
		Allowed, Rejected []string
	} `json:"body_characters"`
	AttributeRanges map[string]json.RawMessage `json:"attribute_ranges"`
	AllAttributes   struct {
		Standard, Fifo map[string]string
	} `json:"get_queue_attributes_all"`
	AllSystem struct {
		Standard, Fifo []string
	} `json:"receive_all_system_attributes"`
	Filters struct {
		Message []string
		Cases   []struct{ Filter, Returned []string }
	} `json:"message_attribute_filters"`
	Fifo []struct {
		Name            string
		Send            []string
		Receive         *struct{ Max int }
		Expect          []string
		Steps           []fifoStep
		ExtendedThenGet map[string][]string `json:"extended_then_after_1s_receivable"`
	} `json:"fifo_scenarios"`
	Errors []errorCase `json:"error_cases"`
}

type validity struct{ Valid, Invalid []string }

type digestVector struct {
	Name       string
	Attributes map[string]wireAttribute
	MD5        string
}

// wireAttribute is a message attribute as it is written in JSON.
type wireAttribute struct {
	DataType    string
	StringValue *string
	BinaryValue []byte
}

func messageAttributes(m map[string]wireAttribute) map[string]backend.MessageAttribute {
	out := map[string]backend.MessageAttribute{}
	for name, a := range m {
		attribute := backend.MessageAttribute{DataType: a.DataType, BinaryValue: a.BinaryValue}
		if a.StringValue != nil {
			attribute.StringValue = backend.Some(*a.StringValue)
		}
		out[name] = attribute
	}
	return out
}

// Ranges are the queue attributes with a number, and what it can be.
func (v vectors) Ranges() map[string]struct{ Min, Max int } {
	ranges := map[string]struct{ Min, Max int }{}
	for name, raw := range v.AttributeRanges {
		var bounds []int
		if name == "maxReceiveCount" || json.Unmarshal(raw, &bounds) != nil {
			continue // part of RedrivePolicy, and the heads of the columns
		}
		ranges[name] = struct{ Min, Max int }{bounds[0], bounds[1]}
	}
	return ranges
}

func readVectors(t *testing.T) vectors {
	t.Helper()
	b, err := os.ReadFile(vectorFile)
	if err != nil {
		t.Fatal(err)
	}
	var v vectors
	if err := json.Unmarshal(b, &v); err != nil {
		t.Fatal(err)
	}
	return v
}
