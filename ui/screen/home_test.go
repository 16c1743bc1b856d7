package screen

import (
	"path/filepath"
	"testing"
)

func TestATildeIsTheHomeFolderOnlyWhereAPathBeginsWithIt(t *testing.T) {
	home := t.TempDir()
	t.Setenv("HOME", home)
	t.Setenv("USERPROFILE", home)
	for in, want := range map[string]string{
		filepath.Join("~", "a", "b"):     filepath.Join(home, "a", "b"),
		"~" + string(filepath.Separator): home + string(filepath.Separator), // a folder that is typed stays one
		"~":                              "~",
		"~other":                         "~other",
		"a" + "/~/b":                     "a/~/b",
		"":                               "",
	} {
		if got := Home(in); got != want {
			t.Errorf("Home(%q) is %q, want %q", in, got, want)
		}
	}
}
