package main

import (
	"go/scanner"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// What troubleshooting.md has as headings, people find by searching for what
// they see. So each stands in the program, word for word but for what "…" stands
// for.
func TestTroubleshootingQuotesTheProgram(t *testing.T) {
	page, err := os.ReadFile("docs/guide/troubleshooting.md")
	if err != nil {
		t.Fatal(err)
	}
	headings := regexp.MustCompile("(?m)^### (.*)$").FindAllStringSubmatch(string(page), -1)
	if len(headings) < 20 {
		t.Fatalf("%d texts are explained, fewer than there were", len(headings))
	}
	said := strings.Join(literals(t, "main.go", "backend", "ui"), "\n")
	for _, h := range headings {
		quoted := strings.Trim(h[1], "`")
		if len(quoted) != len(h[1])-2 {
			t.Errorf("%s is not in backquotes", h[1])
		}
		for part := range strings.SplitSeq(quoted, "…") {
			if part = strings.Trim(part, ` .,:;()`); !strings.Contains(said, part) {
				t.Errorf("%q: the program says nowhere %q", quoted, part)
			}
		}
	}
}

// literals are the strings in the program's own source, tests left out.
func literals(t *testing.T, roots ...string) (all []string) {
	for _, root := range roots {
		err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			if d.IsDir() && d.Name() == "testdata" {
				return filepath.SkipDir
			}
			if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") || strings.HasPrefix(path, filepath.Join("backend", "backendtest")) {
				return nil
			}
			source, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			var s scanner.Scanner
			s.Init(token.NewFileSet().AddFile(path, -1, len(source)), source, nil, 0)
			for {
				_, tok, text := s.Scan()
				if tok == token.EOF {
					return nil
				}
				if tok != token.STRING {
					continue
				}
				value, err := strconv.Unquote(text)
				if err != nil {
					return err
				}
				all = append(all, value)
			}
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return all
}
