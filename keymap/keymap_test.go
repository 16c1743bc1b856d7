package keymap

import (
	"slices"
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
