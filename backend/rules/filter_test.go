package rules

import (
	"maps"
	"testing"

	"sqscope/backend"
)

// selected are the attributes that a receive asked for.
func selected(attrs map[string]backend.MessageAttribute, names []string) map[string]backend.MessageAttribute {
	attrs = maps.Clone(attrs)
	maps.DeleteFunc(attrs, func(name string, _ backend.MessageAttribute) bool { return !SelectAttribute(name, names) })
	return attrs
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
