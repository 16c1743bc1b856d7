package keymap

import "testing"

func TestNoKeyMeansTwoThingsInOnePlace(t *testing.T) {
	for _, c := range Default().Conflicts() {
		if c == "esc calls both everywhere.back and compose.close" {
			continue // the composer closes by the same key, and keeps its text
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
