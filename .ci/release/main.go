// Command release builds what is published of a commit: for each system an
// archive with the program, its completions, its manual page and the licences of
// what is in it, and the checksums of all. Built twice from a commit, the bytes
// are the same: nothing in them says when or where.
//
//	go run ./.ci/release                 all systems, into dist/
//	go run ./.ci/release linux/amd64     one of them
package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"
)

// systems are those that people run sqscope on.
var systems = [...]string{"linux/amd64", "linux/arm64", "darwin/amd64", "darwin/arm64", "windows/amd64", "windows/arm64"}

// made are the files that the program makes of itself, with the commands that do.
var made = [...]struct {
	path string
	args []string
}{
	{"completions/sqscope.bash", []string{"completion", "bash"}},
	{"completions/_sqscope", []string{"completion", "zsh"}},
	{"completions/sqscope.fish", []string{"completion", "fish"}},
	{"completions/sqscope.ps1", []string{"completion", "powershell"}},
	{"man/sqscope.1", []string{"help", "--man"}},
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "release:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, wanted []string) error {
	for _, w := range wanted {
		if !slices.Contains(systems[:], w) {
			return fmt.Errorf("%s is none of %s", w, strings.Join(systems[:], ", "))
		}
	}
	if len(wanted) == 0 {
		wanted = systems[:]
	}
	at, err := committed(ctx)
	if err != nil {
		return err
	}
	const dist = "dist"
	if err := os.RemoveAll(dist); err != nil {
		return err
	}
	if err := os.MkdirAll(dist, 0o755); err != nil {
		return err
	}
	common, version, err := sameEverywhere(ctx)
	if err != nil {
		return err
	}
	var sums strings.Builder
	for _, system := range wanted {
		path, err := pack(ctx, dist, system, version, at, common)
		if err != nil {
			return fmt.Errorf("%s: %w", system, err)
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		fmt.Fprintf(&sums, "%x  %s\n", sha256.Sum256(content), filepath.Base(path))
		fmt.Printf("%s, %.1f MB\n", path, float64(len(content))/1e6)
	}
	return os.WriteFile(filepath.Join(dist, "SHA256SUMS"), []byte(sums.String()), 0o644)
}

// committed is the time of the commit, which all files in the archives carry.
func committed(ctx context.Context) (time.Time, error) {
	out, err := output(ctx, nil, "git", "log", "-1", "--format=%ct")
	if err != nil {
		return time.Time{}, err
	}
	s, err := strconv.ParseInt(strings.TrimSpace(string(out)), 10, 64)
	return time.Unix(s, 0).UTC(), err
}

// sameEverywhere are the files that do not depend on the system, made by the
// program as it runs here, and its version.
func sameEverywhere(ctx context.Context) (files []file, version string, err error) {
	dir, err := os.MkdirTemp("", "sqscope-release-")
	if err != nil {
		return nil, "", err
	}
	defer os.RemoveAll(dir)
	here := filepath.Join(dir, "sqscope")
	if err := build(ctx, here, runtime.GOOS+"/"+runtime.GOARCH); err != nil {
		return nil, "", err
	}
	home := append(os.Environ(), "HOME="+dir, "XDG_CONFIG_HOME="+dir, "XDG_STATE_HOME="+dir, "XDG_DATA_HOME="+dir)
	out, err := output(ctx, home, here, "version")
	if err != nil {
		return nil, "", err
	}
	version = strings.TrimPrefix(strings.TrimSpace(string(out)), "sqscope ")
	for _, m := range made {
		content, err := output(ctx, home, here, m.args...)
		if err != nil {
			return nil, "", err
		}
		files = append(files, file{path: m.path, content: content})
	}
	readme, err := os.ReadFile("README.md")
	return append(files, file{path: "README.md", content: readme}), version, err
}

// pack builds the program for a system and puts it into an archive.
func pack(ctx context.Context, dist, system, version string, at time.Time, common []file) (string, error) {
	program := "sqscope"
	if strings.HasPrefix(system, "windows/") {
		program += ".exe"
	}
	dir, err := os.MkdirTemp("", "sqscope-release-")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, program)
	if err := build(ctx, path, system); err != nil {
		return "", err
	}
	binary, err := os.ReadFile(path)
	if err != nil {
		return "", err
	}
	licences, err := licences(ctx, system)
	if err != nil {
		return "", err
	}
	files := slices.Concat([]file{{path: program, content: binary, runs: true}}, common, licences)
	name := fmt.Sprintf("sqscope-%s-%s", version, strings.ReplaceAll(system, "/", "-"))
	if strings.HasPrefix(system, "windows/") {
		return writeTo(filepath.Join(dist, name+".zip"), func(out *os.File) error { return writeZip(out, name, at, files) })
	}
	return writeTo(filepath.Join(dist, name+".tar.gz"), func(out *os.File) error { return writeTar(out, name, at, files) })
}

// build makes a static program that says its commit, and no path of this machine.
// HTTP/2 is left out: SQS and its neighbours speak 1.1, and it is half a megabyte.
func build(ctx context.Context, path, system string) error {
	goos, goarch, _ := strings.Cut(system, "/")
	env := append(os.Environ(), "GOOS="+goos, "GOARCH="+goarch, "CGO_ENABLED=0", "GOFLAGS=-mod=readonly")
	_, err := output(ctx, env, "go", "build", "-trimpath", "-buildvcs=true", "-tags=nethttpomithttp2", "-ldflags=-s -w -buildid=", "-o", path, ".")
	return err
}

func output(ctx context.Context, env []string, name string, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, name, args...)
	var out, problems bytes.Buffer
	cmd.Env, cmd.Stdout, cmd.Stderr = env, &out, &problems
	if err := cmd.Run(); err != nil {
		return nil, fmt.Errorf("%s %s: %w\n%s", filepath.Base(name), strings.Join(args, " "), err, problems.String())
	}
	return out.Bytes(), nil
}

func writeTo(path string, write func(*os.File) error) (string, error) {
	out, err := os.Create(path)
	if err != nil {
		return "", err
	}
	return path, errors.Join(write(out), out.Close())
}
