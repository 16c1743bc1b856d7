package config

import (
	"flag"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sqscope/backend"
)

// parse reads a config file with this content.
func parse(t *testing.T, content string) (*Config, []*backend.Error) {
	t.Helper()
	return Parse(filepath.Join(t.TempDir(), "config.toml"), []byte(content))
}

// right reads a config file in which nothing is wrong.
func right(t *testing.T, content string) *Config {
	t.Helper()
	c, problems := parse(t, content)
	for _, p := range problems {
		t.Error(p)
	}
	return c
}

func TestAFileThatIsNotThereIsNoProblem(t *testing.T) {
	c, problems := Load(filepath.Join(t.TempDir(), "config.toml"))
	if len(problems) > 0 || c.Found {
		t.Errorf("found %v, %v", c.Found, problems)
	}
	if diff := cmp.Diff(Default(), c.Settings); diff != "" {
		t.Error(diff)
	}
}

func TestAFileThatCannotBeReadIsToldAndTheDefaultsHold(t *testing.T) {
	dir := t.TempDir()
	c, problems := Load(dir)
	if len(problems) != 1 || problems[0].Subject != dir || problems[0].Next == "" {
		t.Errorf("%v", problems)
	}
	if diff := cmp.Diff(Default(), c.Settings); diff != "" {
		t.Error(diff)
	}
}

func TestWhatTheFileDoesNotSayIsAtItsDefault(t *testing.T) {
	c := right(t, "theme = \"light\"\n[budget]\nburst = 5\n")
	want := Default()
	want.Theme, want.Budget.Burst = "light", 5
	if diff := cmp.Diff(want, c.Settings); diff != "" {
		t.Error(diff)
	}
}

func TestTheFileIsWhereTheEnvironmentSays(t *testing.T) {
	t.Setenv("SQSCOPE_CONFIG", "/somewhere/else.toml")
	if p := Path(); p != "/somewhere/else.toml" {
		t.Error(p)
	}
	t.Setenv("SQSCOPE_CONFIG", "")
	if p := Path(); !strings.HasSuffix(p, filepath.Join("sqscope", "config.toml")) {
		t.Error(p)
	}
}

func TestTheExampleIsRightAndChangesNothing(t *testing.T) {
	c := right(t, Example())
	if diff := cmp.Diff(Default(), c.Settings); diff != "" {
		t.Error(diff)
	}
}

func TestTheExampleInForceSaysEveryKey(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"keys.toml", "themes.toml"} {
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var lines []string
	for _, l := range strings.Split(Example(), "\n") {
		if l, or := strings.CutPrefix(l, "# or: "); or {
			lines = append(lines, "# "+l)
		} else if rest, example := strings.CutPrefix(l, "#"); example && !strings.HasPrefix(rest, " ") {
			lines = append(lines, rest)
		} else {
			lines = append(lines, l)
		}
	}
	path := filepath.Join(dir, "config.toml")
	c, problems := Parse(path, []byte(strings.Join(lines, "\n")))
	for _, p := range problems {
		t.Error(p)
	}
	said(t, c, reflect.ValueOf(c.Settings), "")
}

// said fails for keys that the example does not have.
func said(t *testing.T, c *Config, v reflect.Value, at string) {
	for _, k := range keysOf(v) {
		path := k.name
		if at != "" {
			path = at + "." + k.name
		}
		if strings.HasPrefix(k.eg, "or ") {
			continue
		}
		if !c.files[0].Has(path) {
			t.Errorf("the example has no %s", path)
		}
		switch {
		case k.kind.Kind() == reflect.Struct:
			said(t, c, k.def, path)
		case k.kind.Kind() == reflect.Slice && k.kind.Elem().Kind() == reflect.Struct:
			if k.def.Len() != 1 {
				t.Fatalf("%s has %d elements", path, k.def.Len())
			}
			said(t, c, k.def.Index(0), path+".0")
		}
	}
}

func TestEveryKeyIsExplainedAndItsDefaultIsRight(t *testing.T) {
	var walk func(v reflect.Value, at string)
	walk = func(v reflect.Value, at string) {
		for _, k := range keysOf(v) {
			if k.name == "" || !strings.HasSuffix(k.doc, ".") {
				t.Errorf("%s%s lacks a name or a sentence", at, k.name)
			}
			ruleOf(k.is) // panics where the tag is wrong
			if inner, ok := k.section(); ok && len(inner) > 0 {
				e := k.def
				if e.Kind() == reflect.Slice {
					e = reflect.Zero(k.kind.Elem())
				}
				walk(e, at+k.name+".")
			}
		}
	}
	walk(reflect.ValueOf(Default()), "")
}

var update = flag.Bool("update", false, "write docs/CONFIG.md")

func TestTheReferenceIsCurrent(t *testing.T) {
	const path = "../../docs/CONFIG.md"
	if *update {
		if err := os.WriteFile(path, []byte(Reference()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	have, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(Reference(), string(have)); diff != "" {
		t.Errorf("go test ./backend/config -update writes %s (-want +have):\n%s", path, diff)
	}
}

func TestAViewOfTheFileIsLikeOneThatWasSaved(t *testing.T) {
	c := right(t, "[[views]]\nname = \"trouble\"\nfilter = \"dlq >0\"\nsort = \"oldest\"\nreverse = true\nflat = true\ncolumns = [\"name\", \"lost\"]\n")
	want := View{Name: "trouble", Filter: "dlq >0", Sort: "oldest", Reverse: true, Flat: true, Columns: []string{"name", "lost"}}
	if diff := cmp.Diff(want, c.Views[0]); diff != "" {
		t.Error(diff)
	}
}
