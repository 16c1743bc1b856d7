package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
)

// licences are those of every module that is in the program on that system, and
// of Go itself. A module without one is an error: it may not be published.
func licences(ctx context.Context, system string) ([]file, error) {
	goos, goarch, _ := strings.Cut(system, "/")
	env := append(os.Environ(), "GOOS="+goos, "GOARCH="+goarch, "CGO_ENABLED=0")
	out, err := output(ctx, env, "go", "list", "-deps", "-f", "{{with .Module}}{{if not .Main}}{{.Path}}\t{{.Version}}\t{{.Dir}}{{end}}{{end}}", ".")
	if err != nil {
		return nil, err
	}
	modules := strings.Split(strings.TrimSpace(string(out)), "\n")
	slices.Sort(modules)
	root, err := output(ctx, nil, "go", "env", "GOROOT")
	if err != nil {
		return nil, err
	}
	modules = append(slices.Compact(modules), "go\t"+runtime.Version()+"\t"+strings.TrimSpace(string(root)))
	var files []file
	for _, m := range modules {
		parts := strings.Split(m, "\t")
		if len(parts) != 3 {
			continue // a package of the standard library has no module
		}
		found, err := licencesOf(parts[2])
		if err != nil {
			return nil, err
		}
		if len(found) == 0 {
			return nil, fmt.Errorf("no licence in %s %s", parts[0], parts[1])
		}
		for _, f := range found {
			f.path = "licences/" + parts[0] + "@" + parts[1] + "/" + f.path
			files = append(files, f)
		}
	}
	return files, nil
}

// licencesOf are the licences in a module's folder, or in the folder above: the
// modules of one repository share one.
func licencesOf(dir string) (files []file, err error) {
	for range 3 {
		for _, pattern := range []string{"LICENSE*", "LICENCE*", "COPYING*", "NOTICE*"} {
			paths, err := filepath.Glob(filepath.Join(dir, pattern))
			if err != nil {
				return nil, err
			}
			for _, path := range paths {
				content, err := os.ReadFile(path)
				if err != nil {
					return nil, err
				}
				files = append(files, file{path: filepath.Base(path), content: content})
			}
		}
		if len(files) > 0 {
			return files, nil
		}
		dir = filepath.Dir(dir)
	}
	return nil, nil
}
