package rules

import (
	"slices"
	"strings"

	"sqscope/backend"
)

// SelectAttribute tells whether a receive that asked for message attributes by
// names wants the one of that name (docs/SQS.md 5.1). "All", ".*" and "*" mean all,
// "foo.*" every name that begins with the text foo; names that match nothing, legal
// or not, are ignored.
func SelectAttribute(name string, names []string) bool {
	for _, filter := range names {
		if filter == backend.AttrAll || filter == "*" || filter == name {
			return true
		}
		if prefix, wild := strings.CutSuffix(filter, ".*"); wild && strings.HasPrefix(name, prefix) {
			return true
		}
	}
	return false
}

// SelectSystem tells whether a receive that asked for names wants SQS's own
// attribute of that name: by "All" or by the exact name. Unknown names are
// ignored (5.1).
func SelectSystem(name string, names []string) bool {
	return slices.Contains(names, backend.AttrAll) || slices.Contains(names, name)
}
