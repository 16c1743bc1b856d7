package rules

import (
	"maps"
	"testing"

	"sqscope/backend"
)

// TestSelectedAttributesBelongToTheCaller: to change them must not change what
// is stored.
func TestSelectedAttributesBelongToTheCaller(t *testing.T) {
	stored := map[string]backend.MessageAttribute{"b": {DataType: "Binary", BinaryValue: []byte{1, 2}}}
	got := SelectAttributes(maps.All(stored), []string{"b"})
	got["b"].BinaryValue[0] = 9
	delete(got, "b")
	if len(stored) != 1 || stored["b"].BinaryValue[0] != 1 {
		t.Errorf("stored attributes are now %v", stored)
	}
}

func TestSystemAttributesAreSelectedByExactName(t *testing.T) {
	for _, c := range []struct {
		names []string
		want  bool
	}{
		{nil, false},
		{[]string{"All"}, true},
		{[]string{"SenderId", "All"}, true},
		{[]string{"SentTimestamp"}, true},
		{[]string{"Sent.*", "*", "all", "senttimestamp", "Nope"}, false},
	} {
		if got := SelectSystem(backend.SysSentTimestamp, c.names); got != c.want {
			t.Errorf("SentTimestamp under %v: %v, want %v", c.names, got, c.want)
		}
	}
}
