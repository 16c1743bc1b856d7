package document

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Path is the jq path from the root to the value: . for the root, else as
// .order.items[3]."unit price".
func (n Node) Path() string {
	if n.doc == nil {
		return ""
	}
	var steps []string
	for i := n.at; i > 0; i = n.doc.nodes[i].parent {
		steps = append(steps, Node{n.doc, i}.step())
	}
	slices.Reverse(steps)
	return join(steps)
}

// step is the last step of the value's path.
func (n Node) step() string {
	v := &n.doc.nodes[n.at]
	if n.doc.nodes[v.parent].kind == Array {
		return "[" + strconv.Itoa(int(v.index)) + "]"
	}
	name := n.Name()
	if plainName.MatchString(name) {
		return "." + name
	}
	return "." + Quote(valid(name))
}

var plainName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

func join(steps []string) string {
	path := strings.Join(steps, "")
	if !strings.HasPrefix(path, ".") {
		path = "." + path
	}
	return path
}
