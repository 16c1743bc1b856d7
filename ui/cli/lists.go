// Package cli is the command line: the tree of commands with their flags, the
// commands that need no screen, and what they print, tables for people or with
// --json one object a line for programs.
//
// Promises:
//   - Standard output has what was asked for and nothing else; what is said to a
//     person is on standard error. Foreign text is made safe on its way
//     (DESIGN.md 4.6).
//   - A command that changes something has said what it is going to do, and was
//     told by a person at a terminal or by --yes that it is meant.
//   - When a command ends, by itself, by a signal, or because nobody reads its
//     output any more, every message that it had on lease has been given back or
//     is said not to be, and the journal's lines are written.
package cli

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/charmbracelet/x/term"

	"sqscope/backend/jsonline"
	"sqscope/ui/text"
)

// Out is where a command prints.
type Out struct {
	io.Writer
	JSON bool // one object a line
}

// list prints rows under a head, or the objects that they stand for.
func list[T any](o Out, head []string, all []T, row func(T) []string) error {
	if o.JSON {
		for _, v := range all {
			line, err := json.Marshal(v)
			if err != nil {
				return err
			}
			if _, err := o.Write(append(jsonline.Escape(line), '\n')); err != nil {
				return err
			}
		}
		return nil
	}
	rows := [][]string{head}
	for _, v := range all {
		rows = append(rows, row(v))
	}
	return table(o, rows)
}

// table prints columns. The last one is as long as it is, and on a terminal goes on
// below itself.
func table(o Out, rows [][]string) error {
	width := 0
	if f, ok := o.Writer.(interface{ Fd() uintptr }); ok && term.IsTerminal(f.Fd()) {
		width, _, _ = term.GetSize(f.Fd()) // without an answer no line is broken
	}
	return columns(o, rows, width)
}

// leastWrapped is how narrow a column may be that goes on below itself, in cells.
const leastWrapped = 20

// columns prints columns on lines of so many cells; 0: of any length.
func columns(o io.Writer, rows [][]string, width int) error {
	var widths []int
	safe := make([][]text.Safe, len(rows))
	for i, r := range rows {
		for j, cell := range r {
			s := text.Clean(cell)
			safe[i] = append(safe[i], s)
			if j == len(widths) {
				widths = append(widths, 0)
			}
			widths[j] = max(widths[j], s.Width())
		}
	}
	before := 0
	for _, w := range widths[:max(0, len(widths)-1)] {
		before += w + 2
	}
	for _, r := range safe {
		var b strings.Builder
		for j, s := range r {
			switch {
			case j < len(r)-1:
				b.WriteString(s.Pad(widths[j] + 2).String())
			case width-before >= leastWrapped:
				for k, part := range s.Wrap(width - before) {
					if k > 0 {
						b.WriteString("\n" + strings.Repeat(" ", before))
					}
					b.WriteString(part.String())
				}
			default:
				b.WriteString(s.String())
			}
		}
		if _, err := fmt.Fprintln(o, strings.TrimRight(b.String(), " ")); err != nil {
			return err
		}
	}
	return nil
}

// Scenario is a scenario as it is listed.
type Scenario struct {
	Name        string   `json:"name"`
	Title       string   `json:"title"`
	Description string   `json:"description"`
	Queues      []string `json:"queues"`
}

// Scenarios lists the scenarios.
func Scenarios(o Out, all []Scenario) error {
	return list(o, []string{"SCENARIO", "TITLE", "WHAT HAPPENS"}, all, func(s Scenario) []string { return []string{s.Name, s.Title, s.Description} })
}
