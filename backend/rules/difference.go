package rules

import (
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"sqscope/backend"
)

// Difference is the first attribute, by name, in which a CreateQueue for a
// queue that exists differs from what the queue has now, and for which SQS
// answers QueueNameExists (docs/SQS.md 1.1). What is not in attrs is not
// compared, nor is what can only be read. The values are to have passed
// [NewSettings].
func (s Settings) Difference(attrs map[string]string) (name string, differs bool) {
	have := s.Attributes()
	// Without a key it is kept but not shown; a queue made with it and made
	// again with it is the same queue.
	have[backend.AttrKmsDataKeyReusePeriodSeconds] = strconv.Itoa(s.KmsDataKeyReusePeriodSeconds)
	for _, name := range slices.Sorted(maps.Keys(attrs)) {
		if !isReadOnly(name) && !sameValue(name, have[name], attrs[name]) {
			return name, true
		}
	}
	return "", false
}

// ExistsError is what CreateQueue answers for a queue that exists and differs
// in the attribute (1.1).
func ExistsError(attribute string) error {
	return backend.ErrorOf(backend.ErrQueueNameExists,
		"A queue already exists with the same name and a different value for attribute %s", attribute)
}

// sameValue compares by meaning: 030 is 30, True is true, and JSON is the same
// in whatever layout.
func sameValue(name, a, b string) bool {
	if a == b {
		return true
	}
	switch name {
	case backend.AttrRedrivePolicy:
		p, errA := ParseRedrivePolicy(a)
		q, errB := ParseRedrivePolicy(b)
		return errA == nil && errB == nil && p == q
	case backend.AttrPolicy, backend.AttrRedriveAllowPolicy:
		return sameJSON(a, b)
	case backend.AttrFifoQueue, backend.AttrContentBasedDeduplication, backend.AttrSqsManagedSseEnabled:
		return strings.EqualFold(a, b)
	}
	m, okA := parseInt(a)
	n, okB := parseInt(b)
	return okA && okB && m == n
}

func sameJSON(a, b string) bool {
	var x, y any
	return json.Unmarshal([]byte(a), &x) == nil && json.Unmarshal([]byte(b), &y) == nil && reflect.DeepEqual(x, y)
}
