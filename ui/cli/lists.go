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

// table prints columns, the last as long as it is.
func table(o Out, rows [][]string) error {
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
	for _, r := range safe {
		var b strings.Builder
		for j, s := range r {
			if j < len(r)-1 {
				s = s.Pad(widths[j] + 2)
			}
			b.WriteString(s.String())
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
