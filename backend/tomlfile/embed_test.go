package tomlfile

import "testing"

// What several tables have stands in a struct that each embeds.
func TestEmbeddedFieldsAreTheHolders(t *testing.T) {
	type shared struct {
		Note string `toml:"note"`
	}
	type holder struct {
		Name string `toml:"name"`
		shared
	}
	var got holder
	if _, err := Read("x.toml", []byte("name = \"a\"\nnote = \"b\""), Options{}, &got); err != nil || got != (holder{"a", shared{"b"}}) {
		t.Errorf("got %+v, %v", got, err)
	}
	_, err := Read("x.toml", []byte("nota = 1"), Options{}, &got)
	const want = `x.toml:1:1: unknown key "nota" (expected one of name, note; did you mean note?)`
	if err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}
