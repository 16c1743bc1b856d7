package cli

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestListsAreTablesForPeopleAndLinesForPrograms(t *testing.T) {
	hostile := filepath.Join(t.TempDir(), "c.toml")
	if err := os.WriteFile(hostile, []byte("theme = 1\n\"key \\u202e\" = 2\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	var said bytes.Buffer
	for name, print := range map[string]func(Out) error{
		"keys":   func(o Out) error { return Keys(o, &said, hostile) },
		"themes": func(o Out) error { return Themes(o, &said, hostile) },
		"scenarios": func(o Out) error {
			return Scenarios(o, []Scenario{{Name: "shop", Title: "Web shop", Queues: []string{"orders"}}})
		},
		"problems": func(o Out) error {
			if err := CheckConfig(o, hostile); err == nil || !strings.Contains(err.Error(), "wrong") {
				t.Errorf("a wrong configuration ends with %v", err)
			}
			return nil
		},
	} {
		t.Run(name, func(t *testing.T) {
			var table, lines bytes.Buffer
			if err := print(Out{Writer: &table}); err != nil {
				t.Fatal(err)
			}
			if err := print(Out{Writer: &lines, JSON: true}); err != nil {
				t.Fatal(err)
			}
			if n, m := strings.Count(table.String(), "\n"), strings.Count(lines.String(), "\n"); n != m+1 {
				t.Errorf("%d lines under a head, %d objects", n-1, m)
			}
			for _, line := range strings.Split(strings.TrimSpace(lines.String()), "\n") {
				if !json.Valid([]byte(line)) {
					t.Errorf("no JSON: %s", line)
				}
			}
			if strings.ContainsAny(table.String()+lines.String()+said.String(), "\x1b\x07\u202e") {
				t.Errorf("a terminal obeys something here: %q", table.String())
			}
		})
	}
}

func TestColumnsStandUnderEachOther(t *testing.T) {
	var b bytes.Buffer
	if err := table(Out{Writer: &b}, [][]string{{"A", "B"}, {"long", "x"}, {"王芳", "y"}}); err != nil {
		t.Fatal(err)
	}
	if want := "A     B\nlong  x\n王芳  y\n"; b.String() != want {
		t.Errorf("printed\n%s", &b)
	}
}
