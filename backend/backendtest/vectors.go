package backendtest

import (
	"bytes"
	"encoding/json"
	"os"
	"testing"

	"sqscope/backend"
)

// vectorFile is read relative to a package beside this one.
const vectorFile = "../rules/testdata/sqs-vectors.json"

// vectors are what was recorded of AWS, or computed and verified: the whole
// file, so that a part that it gains is refused until somebody runs it.
type vectors struct {
	Meta         json.RawMessage // about the file
	MD5Algorithm string          `json:"md5_algorithm"`  // in words, as docs/SQS.md 4.2
	MD5EmptyRule string          `json:"md5_empty_rule"` // likewise
	MD5Bodies    []struct {
		Body   string
		Repeat struct {
			Unit  string
			Count int
		}
		MD5          string
		Source, Note string
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
		FifoUnrecorded  []string `json:"fifo_unrecorded"`
		Note            string
	} `json:"queue_names"`
	BatchIDs       validity `json:"batch_entry_ids"`
	GroupIDs       validity `json:"group_and_dedup_ids"`
	AttributeNames struct {
		validity
		Boundary map[string]string // with what is said of it
	} `json:"message_attribute_names"`
	AttributeTypes struct {
		validity
		Note string
	} `json:"message_attribute_types"`
	BodyCharacters struct {
		Allowed, Rejected []string
	} `json:"body_characters"`
	Sizes           []sizeVector               `json:"size_cases"`
	AttributeRanges map[string]json.RawMessage `json:"attribute_ranges"`
	AllAttributes   struct {
		Standard, Fifo, Kms map[string]string
		Source              string
	} `json:"get_queue_attributes_all"`
	AllSystem struct {
		Standard, Fifo []string
		WithGroup      []string `json:"standard_with_group_adds"`
		Source         string
	} `json:"receive_all_system_attributes"`
	Filters struct {
		Message []string
		Cases   []struct{ Filter, Returned []string }
		Source  string
	} `json:"message_attribute_filters"`
	Fifo        []fifoVector  `json:"fifo_scenarios"`
	DeadLetters []proseVector `json:"dlq_scenarios"`
	TaskList    struct {
		Running, Finished []string
		Destination       string            `json:"failure_reason_destination_deleted"`
		Handle            map[string]string `json:"task_handle_json"`
		Source            string
	} `json:"move_task_list_shape"`
	Shapes []struct {
		Shape, Code string
		Status      int
		Modelled    bool
		Source      string
	} `json:"error_shapes"`
	Errors       []errorCase `json:"error_cases"`
	ErrorExample struct {
		Status  int
		Headers map[string]string
		Body    map[string]string
		Source  string
	} `json:"json_error_example"`
}

type validity struct{ Valid, Invalid []string }

type digestVector struct {
	Name         string
	Attributes   map[string]wireAttribute
	Layout       string `json:"layout_hex"`
	MD5          string
	Source, Note string
}

type sizeVector struct {
	QueueMax   int `json:"queue_max"`
	BodyBytes  int `json:"body_bytes"`
	Attributes map[string]wireAttribute
	Size       int
	BatchTotal int `json:"batch_total"`
	OK         bool
	Note       string // the case in words, where it has no numbers
	Source     string
}

// fifoVector is a recorded scenario of groups: messages named group-message, and
// what receives gave.
type fifoVector struct {
	Name            string
	Send            []string
	Receive         *struct{ Max int }
	Expect          []string
	Steps           []fifoStep
	ExtendedThenGet map[string][]string `json:"extended_then_after_1s_receivable"`
	Source          string
}

// proseVector is a recorded scenario in words.
type proseVector struct {
	Name   string
	Steps  []string
	Source string
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
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	if err := d.Decode(&v); err != nil {
		t.Fatalf("%s has what nobody here runs: %v", vectorFile, err)
	}
	return v
}
