package main

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the map of the house anew")

// The guide's map has every room with what its package comment says it is for.
func TestTheMapShowsEveryRoom(t *testing.T) {
	const path, begin, end = "docs/guide/architecture.md", "<!-- map -->\n", "<!-- end of map -->"
	page, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok := strings.Cut(string(page), begin)
	_, after, ended := strings.Cut(rest, end)
	if !ok || !ended {
		t.Fatalf("%s has no place for the map", path)
	}
	want := before + begin + houseMap(list(t)) + end + after
	switch {
	case want == string(page):
	case *update:
		if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	default:
		t.Errorf("%s is not what the packages say of themselves: go test . -run Map -update", path)
	}
}

// houseMap is a table for each floor, the rooms in the order of their names.
func houseMap(pkgs []pkg) string {
	var out strings.Builder
	for _, floor := range []string{"backend", "ui", "keymap", "themes"} {
		fmt.Fprintf(&out, "\n| %s | |\n| --- | --- |\n", floor)
		for _, p := range pkgs {
			room := strings.TrimPrefix(p.ImportPath, "sqscope/")
			if len(p.GoFiles) == 0 || !within(room, floor) {
				continue
			}
			fmt.Fprintf(&out, "| [`%s`](../../%s) | %s |\n", room, room, purpose(p))
		}
	}
	return out.String() + "\n"
}

// purpose is the first sentence of a package comment, without its subject.
func purpose(p pkg) string {
	s := strings.TrimPrefix(strings.Join(strings.Fields(p.Doc), " "), "Package "+p.Name+" ")
	for i, r := range s {
		if r != '.' && r != ':' || i+1 < len(s) && s[i+1] != ' ' {
			continue
		}
		if words := strings.Fields(s[:i]); slices.Contains([]string{"is", "are", "has"}, words[0]) && r == ':' {
			continue
		}
		s = s[:i]
		break
	}
	s, _, _ = strings.Cut(s, " (") // a source, or a name
	return strings.NewReplacer("[", "", "]", "", "|", `\|`).Replace(s)
}
