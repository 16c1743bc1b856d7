package main

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// pkg is what `go list -json` says of a package.
type pkg struct {
	ImportPath string
	Imports    []string // of shipped code
	Deps       []string // all that it is linked with
	GoFiles    []string
	Doc        string
	Name       string
}

// TestTheHouseKeepsItsWalls reads the real import graph and holds it against the
// list of what must never import what (DESIGN.md section 1).
func TestTheHouseKeepsItsWalls(t *testing.T) {
	pkgs := list(t)
	const teaPath, lip, sdk = "charm.land/bubbletea", "charm.land/lipgloss", "github.com/aws/"
	rules := []struct {
		from, not string
		deep      bool // also through others
	}{
		{"sqscope/backend", "sqscope/ui", true},
		{"sqscope/backend", "sqscope/keymap", true},
		{"sqscope/backend", "sqscope/themes", true},
		{"sqscope/backend", teaPath, true},
		{"sqscope/backend", lip, true},
		{"sqscope/ui", "sqscope/backend/memory", true},
		{"sqscope/ui", "sqscope/backend/awssqs", true},
		{"sqscope/ui", "sqscope/backend/endpoint", true},
		{"sqscope/backend/memory", "net/http", true},
		{"sqscope/backend/memory", sdk, true},
		{"sqscope/keymap", "sqscope/", true},
		{"sqscope/themes", "sqscope/", true},
		{"sqscope", "sqscope/ui/screentest", true},
		{"sqscope", "sqscope/backend/backendtest", true},
		{"sqscope", "testing", true},
	}
	for _, p := range pkgs {
		if strings.HasPrefix(p.ImportPath, "sqscope/ui/screentest") || p.ImportPath == "sqscope/backend/backendtest" {
			continue // never shipped
		}
		for _, r := range rules {
			if !within(p.ImportPath, r.from) || p.ImportPath == r.not {
				continue
			}
			imports := p.Imports
			if r.deep {
				imports = p.Deps
			}
			for _, i := range imports {
				if (within(i, r.not) || strings.HasSuffix(r.not, "/") && strings.HasPrefix(i, r.not)) && i != p.ImportPath {
					t.Errorf("%s imports %s", p.ImportPath, i)
				}
			}
		}
	}
}

// TestScreensDoNotKnowEachOther keeps every screen replaceable: it asks the root
// to open another.
func TestScreensDoNotKnowEachOther(t *testing.T) {
	screens := []string{
		"activity", "attributes", "compose", "contexts", "create", "deadletters", "health", "imports", "lab", "many", "messages", "queues", "redrive",
		"scene", "tasks",
	}
	for _, p := range list(t) {
		name := strings.TrimPrefix(p.ImportPath, "sqscope/ui/")
		if !slices.Contains(screens, name) {
			continue
		}
		for _, other := range screens {
			if other != name && slices.Contains(p.Deps, "sqscope/ui/"+other) {
				t.Errorf("%s imports the screen %s", p.ImportPath, other)
			}
		}
	}
}

func TestOnlyTheDoorKnowsTheThreeEngines(t *testing.T) {
	inner := []string{"sqscope/backend/memory", "sqscope/backend/awssqs", "sqscope/backend/endpoint"}
	allowed := []string{"sqscope", "sqscope/backend/connect", "sqscope/backend/scenario", "sqscope/backend/backendtest"}
	for _, p := range list(t) {
		for _, i := range p.Imports {
			if slices.Contains(inner, i) && !slices.Contains(allowed, p.ImportPath) {
				t.Errorf("%s imports %s; only connect, main and the scenario's actors may", p.ImportPath, i)
			}
		}
	}
}

func TestEveryRoomSaysWhatItIsFor(t *testing.T) {
	vague := []string{"util", "utils", "common", "helpers", "types", "misc"}
	for _, p := range list(t) {
		if len(p.GoFiles) > 0 && p.Doc == "" {
			t.Errorf("%s has no package comment", p.ImportPath)
		}
		if slices.Contains(vague, p.Name) {
			t.Errorf("%s: the name %s says nothing", p.ImportPath, p.Name)
		}
	}
}

func within(path, root string) bool { return path == root || strings.HasPrefix(path, root+"/") }

func list(t *testing.T) []pkg {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "go", "list", "-json=ImportPath,Imports,Deps,GoFiles,Doc,Name", "./...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var pkgs []pkg
	for dec := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p pkg
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			return pkgs
		} else if err != nil {
			t.Fatal(err)
		}
		pkgs = append(pkgs, p)
	}
}
