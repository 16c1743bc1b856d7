package rules

import (
	"bytes"
	"iter"
	"slices"
	"strings"

	"sqscope/backend"
)

// SelectAttributes are those message attributes that a receive asked for by
// name, or nil if there are none (docs/SQS.md 5.1). "All", ".*" and "*" mean
// all, "foo.*" every name that begins with the text foo; names that match
// nothing, legal or not, are ignored. The result shares nothing with attrs.
func SelectAttributes(attrs iter.Seq2[string, backend.MessageAttribute], names []string) map[string]backend.MessageAttribute {
	var selected map[string]backend.MessageAttribute
	for name, a := range attrs {
		if !slices.ContainsFunc(names, func(filter string) bool { return matches(filter, name) }) {
			continue
		}
		if selected == nil {
			selected = map[string]backend.MessageAttribute{}
		}
		a.BinaryValue = bytes.Clone(a.BinaryValue)
		selected[name] = a
	}
	return selected
}

func matches(filter, name string) bool {
	if filter == backend.AttrAll || filter == "*" || filter == name {
		return true
	}
	prefix, wild := strings.CutSuffix(filter, ".*")
	return wild && strings.HasPrefix(name, prefix)
}

// SelectSystem tells whether a receive that asked for names wants SQS's own
// attribute of that name: by "All" or by the exact name. Unknown names are
// ignored (5.1).
func SelectSystem(name string, names []string) bool {
	return slices.Contains(names, backend.AttrAll) || slices.Contains(names, name)
}
