package attributes

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"

	"sqscope/backend"
	"sqscope/themes"
	"sqscope/ui/dialog"
	"sqscope/ui/text"
)

// difference says what setting attributes of a queue changes: in words, and
// exactly as SQS gets it. Of a policy it shows the lines that go and come.
func (m *Model) difference(of backend.ARN, set map[string]string) (lines []dialog.Line) {
	have := m.attributesOf(of)
	for _, name := range sortedKeys(set) {
		if name == backend.AttrPolicy {
			lines = append(lines, jsonDifference(have[name], set[name])...)
			continue
		}
		lines = append(lines,
			dialog.Line{Role: themes.Strong, Text: text.Sprintf("%s → %s", valueWords(name, have[name]), valueWords(name, set[name]))},
			dialog.Line{Role: themes.Dim, Text: text.Sprintf("%s: %s → %s", name, exact(have, name), exact(set, name))},
		)
	}
	return lines
}

// exact is a value as SQS has it.
func exact(attrs map[string]string, name string) string {
	v, there := attrs[name]
	if !there {
		return "not set"
	}
	return strconv.Quote(v)
}

// jsonDifference are the lines that go and come between two documents, with one
// line around them that stays.
func jsonDifference(from, to string) (lines []dialog.Line) {
	a, b := jsonLines(from), jsonLines(to)
	all := diff(a, b)
	for i, l := range all {
		near := slices.ContainsFunc(all[max(0, i-1):min(len(all), i+2)], func(l diffLine) bool { return l.sign != ' ' })
		if !near {
			if i == 0 || lines[len(lines)-1].Text.String() != "  …" {
				lines = append(lines, dialog.Line{Role: themes.Faint, Text: text.Const("  …")})
			}
			continue
		}
		role := map[byte]themes.Role{'-': themes.Bad, '+': themes.Good, ' ': themes.Dim}[l.sign]
		lines = append(lines, dialog.Line{Role: role, Text: text.Join(text.Sprintf("%c ", l.sign), indented(l.line))})
	}
	return lines
}

// indented keeps the blanks before a line where it is wrapped.
func indented(s string) text.Safe {
	body := strings.TrimLeft(s, " ")
	return text.Join(text.Const(strings.Repeat(" ", len(s)-len(body))), text.Clean(body))
}

// jsonLines are a document's lines, set out as one reads it; what is not JSON
// comes as it is.
func jsonLines(doc string) []string {
	if doc == "" {
		return nil
	}
	var b bytes.Buffer
	if json.Indent(&b, []byte(doc), "", "  ") != nil {
		return strings.Split(doc, "\n")
	}
	return strings.Split(b.String(), "\n")
}

type diffLine struct {
	sign byte // '-' goes, '+' comes, ' ' stays
	line string
}

// diff is the shortest way from one list of lines to another. Documents have at
// most a few hundred lines (docs/SQS.md 3.3).
func diff(a, b []string) (out []diffLine) {
	common := make([][]int, len(a)+1) // lines that stay, from i and j on
	for i := range common {
		common[i] = make([]int, len(b)+1)
	}
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if a[i] == b[j] {
				common[i][j] = common[i+1][j+1] + 1
			} else {
				common[i][j] = max(common[i+1][j], common[i][j+1])
			}
		}
	}
	i, j := 0, 0
	for i < len(a) || j < len(b) {
		switch {
		case i < len(a) && j < len(b) && a[i] == b[j]:
			out = append(out, diffLine{' ', a[i]})
			i, j = i+1, j+1
		case i < len(a) && (j == len(b) || common[i+1][j] >= common[i][j+1]):
			out = append(out, diffLine{'-', a[i]})
			i++
		default:
			out = append(out, diffLine{'+', b[j]})
			j++
		}
	}
	return out
}

// shorter tells whether one number is below another; what is none is not.
func shorter(a, b string) bool {
	m, errA := strconv.Atoi(a)
	n, errB := strconv.Atoi(b)
	return errA == nil && errB == nil && m < n
}

func sortedKeys(m map[string]string) []string { return slices.Sorted(maps.Keys(m)) }
