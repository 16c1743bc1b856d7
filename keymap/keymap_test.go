package keymap

import (
	"flag"
	"os"
	"slices"
	"strings"
	"testing"
)

func TestNoKeyMeansTwoThingsInOnePlace(t *testing.T) {
	// A text field closes by the key that goes back everywhere else.
	field := []string{"esc calls both everywhere.back and compose.close", "esc calls both everywhere.back and filter.clear"}
	for _, c := range Default().Conflicts() {
		if slices.Contains(field, c) {
			continue
		}
		t.Error(c)
	}
}

func TestEveryActionCanBeCalledAndExplained(t *testing.T) {
	for _, s := range Scopes() {
		for _, a := range Default().In(s) {
			if len(a.Keys) == 0 || a.Word == "" || a.Help == "" {
				t.Errorf("%s lacks a key, a word or a help text", a.ID)
			}
		}
	}
}

func TestAnUnknownActionHasNoKeys(t *testing.T) {
	if a := Default().Action("nowhere.nothing"); len(a.Keys) != 0 || a.ID != "nowhere.nothing" {
		t.Errorf("got %+v", a)
	}
}

var update = flag.Bool("update", false, "write the table into README.md")

// TestTheREADMEHasTheKeysThatThereAre keeps the table there what the program
// does; go test ./keymap -update writes it.
func TestTheREADMEHasTheKeysThatThereAre(t *testing.T) {
	const path, begin, end = "../README.md", "<!-- keys -->\n", "<!-- /keys -->"
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	head, rest, found := strings.Cut(string(data), begin)
	table, tail, closed := strings.Cut(rest, end)
	if !found || !closed {
		t.Fatalf("%s has no place for the keys", path)
	}
	want := Default().Markdown()
	if table == want {
		return
	}
	if !*update {
		t.Fatal("the table in README.md is not current: go test ./keymap -update")
	}
	if err := os.WriteFile(path, []byte(head+begin+want+end+tail), 0o644); err != nil {
		t.Fatal(err)
	}
}
