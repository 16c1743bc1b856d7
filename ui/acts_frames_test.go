package ui

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"sqscope/backend"
	"sqscope/backend/config"
)

// TestActFrames keeps the look of what is done with messages.
func TestActFrames(t *testing.T) {
	h := &half{bad: []string{"not JSON at all"}}
	inEveryLook(t, setup{fill: shelf, remote: true, wrap: halfFailing(h), named: true}, func(t *testing.T, name string, s setup) string {
		// The folders are names alone, so that the frames do not tell where the test
		// ran.
		before, err := os.Getwd()
		if err = errors.Join(err, os.Chdir(t.TempDir())); err != nil {
			t.Fatal(err)
		}
		defer func() {
			if err := os.Chdir(before); err != nil {
				t.Fatal(err)
			}
		}()
		h.let = false
		return actFrames(t, name, s, h)
	})
}

// files are some that could be imported, all of one time.
func files(t *testing.T, dir string) {
	t.Helper()
	many := strings.Repeat(`{"messageId":"33e61d5a-0d4b-4d0a-b9f1-0d0f8a3b1f11","body":"{\"order\":7}","attributes":{"MessageGroupId":"customer-7","MessageDeduplicationId":"a"}}`+"\n", 3)
	for file, body := range map[string]string{
		"orders-20261101T120000Z.jsonl": many, "with-problems.jsonl": `{"body":"one"}` + "\nnot JSON\n" + `{"body":""}` + "\n" + `{"body":"not JSON at all"}` + "\n" + `{"body":"last"}` + "\n",
		"received.json": `{"Messages":[{"Body":"x"}]}`, "notes.txt": "x",
	} {
		if err := errors.Join(os.MkdirAll(filepath.Join(dir, "older"), 0o700), os.WriteFile(filepath.Join(dir, file), []byte(body), 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	stamp(t, dir)
}

// stamp makes the times of files the same each time.
func stamp(t *testing.T, dir string) {
	t.Helper()
	for _, e := range entries(t, dir) {
		at := time.Date(2026, 11, 1, 12, 0, len(e), 0, time.UTC)
		if err := os.Chtimes(filepath.Join(dir, e), at, at); err != nil {
			t.Fatal(err)
		}
	}
}

func actFrames(t *testing.T, name string, s setup, h *half) string {
	var all strings.Builder
	onScreen(t, s, func(t *testing.T, d *desk) {
		take := func(what string) {
			d.PNG("act-" + name + "-" + what)
			fmt.Fprintf(&all, "── %s\n%s\n", what, d.Text())
		}
		files(t, d.opts.Exports)
		d.model.env.Masks = []config.Mask{{Queues: "orders", Mode: "deny", Paths: []string{"orderId"}}}
		d.Press("Z")
		d.Press("/")
		d.Type("orders")
		d.Press("Enter", "Enter", "l")
		d.Wait(2 * time.Second)
		if d.Press("y"); strings.Contains(d.Text(), "look all the same") {
			d.Press("Enter")
		}
		d.Wait(5 * time.Second)
		take("leased")
		d.Press("Y")
		take("copy")
		d.Press("Esc", "A", "w")
		take("export-what")
		d.Press("Enter")
		take("export-format")
		d.Press("Enter")
		take("export-path")
		d.Press("Enter")
		d.Wait(time.Second)
		take("exported")
		stamp(t, d.opts.Exports)
		d.Press("Esc", "H", "C-u")
		d.Type("13h")
		take("hold-wrong")
		d.Press("C-u")
		d.Type("30m")
		take("hold")
		d.Press("Esc", "x")
		take("delete")
		d.Type("orders")
		d.Press("Enter")
		d.Wait(2 * time.Second)
		take("delete-results")
		d.Press("Esc", "i")
		d.Wait(time.Second)
		take("import-choose")
		d.Type("with")
		take("import-narrowed")
		d.Press("Enter")
		d.Wait(time.Second)
		take("import-file")
		d.Press("Enter")
		take("import-ask")
		d.Press("Enter")
		d.Wait(3 * time.Second)
		take("import-results")
		h.letThrough()
		d.Press("a")
		d.Wait(2 * time.Second)
		d.Press("Tab")
		take("import-again")
		d.Press("?")
		take("import-keys")
	})
	return all.String()
}

// A long import shows how far it is, how fast, and what is left.
func TestAnImportShowsHowFarItIs(t *testing.T) {
	for _, w := range []int{80, 140} {
		onScreen(t, setup{w: w, h: 24, fill: func(t *testing.T, sqs backend.SQS) {
			queue(t, sqs, "orders.fifo", map[string]string{backend.AttrFifoQueue: "true", backend.AttrContentBasedDeduplication: "true"})
		}}, func(t *testing.T, d *desk) {
			var file strings.Builder
			for i := range 200 {
				fmt.Fprintf(&file, "{\"body\":\"body-%d\",\"attributes\":{\"MessageGroupId\":\"g%d\"}}\n", i, i%3)
			}
			if err := os.WriteFile(filepath.Join(d.opts.Exports, "in.jsonl"), []byte(file.String()), 0o600); err != nil {
				t.Fatal(err)
			}
			d.Press("i")
			d.Wait(time.Second)
			d.Type("in.jsonl")
			d.Press("Enter")
			d.Wait(time.Second)
			d.Shows("200 messages", "in 3 groups", "deduplication ids as they were")
			d.Press("R")
			d.Type("10")
			d.Press("Enter", "Enter", "Enter")
			d.Wait(8 * time.Second)
			d.Shows(" of 200 sent", "/s", "left", "✓ sent")
			d.PNG(fmt.Sprintf("act-import-progress-%d", w))
			d.Press("Esc") // leaving ends it, and that is said
			d.Wait(2 * time.Second)
			d.Shows("it ended early")
		})
	}
}
