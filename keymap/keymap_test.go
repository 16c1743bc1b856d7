package keymap

import (
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestNoKeyMeansTwoThingsInOnePlace(t *testing.T) {
	for _, c := range Default().Conflicts() {
		t.Error(c)
	}
}

// The reader stands in the screen of messages, whose keys go on working beside its.
func TestAKeyOfTheReaderMeansNothingElseOnTheScreenAroundIt(t *testing.T) {
	m := Default()
	for _, c := range []struct {
		id    ID
		key   string
		wrong bool
	}{
		{ReaderRaw, m.Action(MessagesDelete).Keys[0], true},
		{MessagesExport, m.Action(ReaderHead).Keys[0], true},
		{ReaderNext, m.Action(MessagesNext).Keys[0], false}, // the same, in the body
	} {
		if _, problems := m.With(map[ID][]string{c.id: {c.key}}); len(problems) > 0 != c.wrong {
			t.Errorf("%s on %s: %+v", c.id, c.key, problems)
		}
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

var update = flag.Bool("update", false, "write docs/KEYS.md")

func TestTheGuideHasEveryKeyOfEveryScreen(t *testing.T) {
	guide := Default().Guide()
	for _, s := range Scopes() {
		for _, a := range Default().In(s) {
			if !strings.Contains(guide, "`"+string(a.ID)+"`") {
				t.Errorf("%s is not in the guide", a.ID)
			}
		}
	}
	isCurrent(t, "../docs/KEYS.md", guide)
}

// isCurrent compares a file with what it should have, or writes it.
func isCurrent(t *testing.T, path, want string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(want, read(t, path)); diff != "" {
		t.Errorf("%s is not current, go test ./keymap -update writes it (-want +have):\n%s", path, diff)
	}
}

func read(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}
