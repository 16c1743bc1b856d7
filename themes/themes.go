// Package themes holds the palettes: what colour each role has on a dark and on
// a light terminal. A role says what a piece of text is, never how it looks, so
// that a theme is one table and no widget names a colour.
//
// Colours are written as true colour; the renderer brings them down to what the
// terminal can show. Nothing in sqscope means something by colour alone.
package themes

import "slices"

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
	What string // what is special about it, in a few words
	Dark bool   // made for a dark background
	sgr  [roles]string
	// palette is what it was made of, for themes that change some of it.
	palette palette
}

// Reset ends every style.
const Reset = "\x1b[m"

// SGR is the sequence that switches a role on. It sets only a foreground (and
// weight) or only a background, so that one of each can be combined. Whoever
// writes it writes [Reset] after the text.
func (t *Theme) SGR(r Role) string { return t.sgr[r] }

// Swaps tells whether a ground is the terminal's two colours changed for each
// other. Text on it is drawn without a colour of its own, which would become the
// ground under it.
func (t *Theme) Swaps(ground Role) bool { return t.sgr[ground] == "\x1b[7m" }

// Paint is text in a role, reset behind it. The text must be safe.
func (t *Theme) Paint(r Role, s string) string { return t.sgr[r] + s + Reset }

// palette is a theme as it is written down, see [parse].
type palette map[Role]string

// build makes a theme of a palette that is right.
func build(name, what string, dark bool, p palette) *Theme {
	t := &Theme{Name: name, What: what, Dark: dark, palette: p}
	for r, def := range p {
		t.sgr[r], _ = parse(def, r.ground()) // a test parses every palette
	}
	return t
}

// All are the themes that sqscope has, those for dark terminals first.
func All() []*Theme {
	return []*Theme{
		Default(true),
		build("warm", "dark and soft, with little blue", true, warm),
		build("contrast-dark", "dark, with the strongest contrast", true, contrastDark),
		build("colorblind-dark", "dark, without pairs of red and green", true, colorblindDark),
		Sixteen(true),
		Default(false),
		build("contrast-light", "light, with the strongest contrast", false, contrastLight),
		build("colorblind-light", "light, without pairs of red and green", false, colorblindLight),
		Sixteen(false),
		Mono(),
	}
}

// Names are the names of all themes, sorted.
func Names() []string {
	var names []string
	for _, t := range All() {
		names = append(names, t.Name)
	}
	slices.Sort(names)
	return names
}

// ByName finds a theme.
func ByName(name string) (*Theme, bool) {
	for _, t := range All() {
		if t.Name == name {
			return t, true
		}
	}
	return nil, false
}

// Default is the theme for a dark or a light terminal.
func Default(dark bool) *Theme {
	if dark {
		return build("dark", "for a dark terminal", true, dark24)
	}
	return build("light", "for a light terminal", false, light24)
}

// Sixteen is the theme for a terminal that has only its own sixteen colours,
// where a colour between two of them would come out as either. It has no
// backgrounds: selection is the terminal's own reverse.
func Sixteen(dark bool) *Theme {
	if dark {
		return build("dark16", "the terminal's own sixteen colours, dark", true, dark16)
	}
	return build("light16", "the terminal's own sixteen colours, light", false, light16)
}

// Mono is the theme without colours: weight, underlines and reverse. It is right
// on every terminal, and where NO_COLOR is set.
func Mono() *Theme { return build("mono", "no colours: bold, underline and reverse", true, mono) }

// ByColor is the role that a context's colour is drawn in, so that it is legible
// in every theme: red, orange, yellow, green, blue or purple.
func ByColor(name string) (Role, bool) {
	switch name {
	case "red":
		return Bad, true
	case "orange":
		return DLQ, true
	case "yellow":
		return Warn, true
	case "green":
		return Good, true
	case "blue":
		return Accent, true
	case "purple":
		return Fifo, true
	}
	return Text, false
}
