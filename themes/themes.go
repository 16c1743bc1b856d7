// Package themes holds the palettes: what colour each role has on a dark and on
// a light terminal. A role says what a piece of text is, never how it looks, so
// that a theme is one table and no widget names a colour.
//
// Colours are written as true colour; the renderer brings them down to what the
// terminal can show. Nothing in sqscope means something by colour alone.
package themes

import (
	"fmt"
	"slices"
	"sort"
	"strconv"
	"strings"
)

// Role is what a piece of text is.
type Role int

// The roles. Those of the second group are backgrounds.
const (
	Text    Role = iota // what is to be read
	Dim                 // what is there if looked for: units, labels, old values
	Faint               // rules, empty cells, scroll tracks
	Strong              // names, the thing itself
	Title               // where we are
	Header              // column heads
	Accent              // what the eye is led to: cursor, keys, the active pane
	Key                 // a key to press
	Good                // done, healthy, growing where that is good
	Warn                // look here
	Bad                 // failed, lost, dangerous
	DLQ                 // a dead-letter queue
	Fifo                // a FIFO queue, a message group
	Number              // counts
	Spark               // trend lines
	JSONKey             // in bodies
	JSONString
	JSONNumber
	JSONWord    // true, false, null
	Foreign     // hostile bytes that were made visible
	LevelView   // access levels in the top line
	LevelPeek   //
	LevelChange //
	Selected    // background of the row under the cursor
	Marked      // background of marked rows
	Bar         // background of the top and bottom line
	Match       // background of what a search found
	Dialog      // background of a dialog
	Field       // background of a text field
	roles
)

// Theme is a palette made ready: an escape sequence for each role.
type Theme struct {
	Name string
	Dark bool
	sgr  [roles]string
}

// Reset ends every style.
const Reset = "\x1b[m"

// SGR is the sequence that switches a role on. It sets only a foreground (and
// weight) or only a background, so that one of each can be combined. Whoever
// writes it writes [Reset] after the text.
func (t *Theme) SGR(r Role) string { return t.sgr[r] }

// Paint is text in a role, reset behind it. The text must be safe.
func (t *Theme) Paint(r Role, s string) string { return t.sgr[r] + s + Reset }

// palette is a theme as it is written down: "#rrggbb" or one of the sixteen names,
// with "bold " before it or, for backgrounds, "on ".
type palette map[Role]string

// sixteen are the names of a terminal's own colours, in its order.
var sixteen = []string{
	"black", "red", "green", "yellow", "blue", "magenta", "cyan", "white",
	"grey", "brightred", "brightgreen", "brightyellow", "brightblue", "brightmagenta", "brightcyan", "brightwhite",
}

func build(name string, dark bool, p palette) *Theme {
	t := &Theme{Name: name, Dark: dark}
	for r := range roles {
		t.sgr[r] = sequence(p[r])
	}
	return t
}

func sequence(def string) string {
	if def == "" {
		return ""
	}
	codes, layer := []string{}, 38
	for _, word := range strings.Fields(def) {
		switch word {
		case "bold":
			codes = append(codes, "1")
		case "italic":
			codes = append(codes, "3")
		case "underline":
			codes = append(codes, "4")
		case "reverse":
			codes = append(codes, "7")
		case "on":
			layer = 48
		default:
			if i := slices.Index(sixteen, word); i >= 0 {
				codes = append(codes, strconv.Itoa(30+i%8+i/8*60))
				continue
			}
			var r, g, b int
			if _, err := fmt.Sscanf(word, "#%02x%02x%02x", &r, &g, &b); err == nil {
				codes = append(codes, fmt.Sprintf("%d;2;%d;%d;%d", layer, r, g, b))
			}
		}
	}
	return "\x1b[" + strings.Join(codes, ";") + "m"
}

// Names are the names of all themes, sorted.
func Names() []string {
	var names []string
	for _, t := range all() {
		names = append(names, t.Name)
	}
	sort.Strings(names)
	return names
}

// ByName finds a theme.
func ByName(name string) (*Theme, bool) {
	for _, t := range all() {
		if t.Name == name {
			return t, true
		}
	}
	return nil, false
}

// Default is the theme for a dark or a light terminal.
func Default(dark bool) *Theme {
	if dark {
		return build("dark", true, dark24)
	}
	return build("light", false, light24)
}

// Sixteen is the theme for a terminal that has only its own sixteen colours,
// where a colour between two of them would come out as either. It has no
// backgrounds: selection is the terminal's own reverse.
func Sixteen(dark bool) *Theme {
	if dark {
		return build("dark16", true, dark16)
	}
	return build("light16", false, light16)
}

func all() []*Theme { return []*Theme{Default(true), Default(false), Sixteen(true), Sixteen(false)} }
