package rules

import (
	"strings"

	"sqscope/backend"
)

const fifoSuffix = ".fifo"

// QueueName checks the name of a queue that is to be made: 1 to 80 letters,
// digits, hyphens and underscores, and for a FIFO queue the suffix .fifo, which
// counts (docs/SQS.md 1.1, 3.1).
func QueueName(name string, fifo bool) error {
	stem := name
	if fifo {
		stem = strings.TrimSuffix(name, fifoSuffix)
	}
	switch {
	case name == "":
		return invalid("Queue name cannot be empty")
	case fifo && (stem == name || len(name) > MaxQueueName || !isWord(stem)):
		return invalid("The name of a FIFO queue can only include alphanumeric characters, hyphens, or underscores, " +
			"must end with .fifo suffix and be 1 to 80 in length")
	case !fifo && (len(name) > MaxQueueName || !isWord(name)):
		return invalid("Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length")
	}
	return nil
}

// isWord tells whether s is one or more letters, digits, hyphens and
// underscores of ASCII.
func isWord(s string) bool {
	for i := range len(s) {
		c := s[i]
		if !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == '_') {
			return false
		}
	}
	return s != ""
}

// id checks a message group id, deduplication id or receive attempt id: 1 to
// 128 printable ASCII characters and no space (3.1).
func id(parameter, value string) *backend.Error {
	ok := value != "" && len(value) <= MaxId
	for i := 0; ok && i < len(value); i++ {
		ok = value[i] > ' ' && value[i] < 0x7F
	}
	if ok {
		return nil
	}
	return Invalid(value, parameter,
		parameter+" can only include alphanumeric and punctuation characters. 1 to 128 in length.")
}
