// Package keymap holds the actions of the screens as data: an id, the keys that
// call it, the word for the footer, the sentence for the help, and whether it
// can do harm. Dispatch, footer, help, palette and the table in the README all
// come from this one list. It neither draws nor handles anything.
package keymap

import (
	"slices"
	"strings"
)

// ID names an action, as "queues.send": the scope where it works, then what it
// does.
type ID string

// Scope is where an action works: a screen's name, or "everywhere".
func (id ID) Scope() string {
	scope, _, _ := strings.Cut(string(id), ".")
	return scope
}

// Action is something a person can do with a key.
type Action struct {
	ID     ID
	Keys   []string // as Bubble Tea names them; the first is shown
	Word   string   // for the footer, one or two words
	Help   string   // for the help and the palette, one sentence without a full stop
	Danger bool     // can change or lose data on a real queue
}

// Map is a set of actions by id. The zero Map is empty; [Default] has all.
type Map struct{ byID map[ID]Action }

// Default is the map with the default keys.
func Default() Map {
	m := Map{byID: make(map[ID]Action, len(actions))}
	for _, a := range actions {
		m.byID[a.ID] = a
	}
	return m
}

// Action is the action with the id. An unknown id gives one without keys.
func (m Map) Action(id ID) Action {
	a, ok := m.byID[id]
	if !ok {
		a.ID = id
	}
	return a
}

// Matches tells whether the keystroke calls the action.
func (m Map) Matches(id ID, keystroke string) bool {
	return slices.Contains(m.byID[id].Keys, keystroke)
}

// Scopes are the places where actions work, in the order of the README.
func Scopes() []string {
	var out []string
	for _, a := range actions {
		if s := a.ID.Scope(); !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}

// In are the actions of a scope, in the order in which they are shown.
func (m Map) In(scope string) []Action {
	var out []Action
	for _, a := range actions {
		if a.ID.Scope() == scope {
			out = append(out, m.byID[a.ID])
		}
	}
	return out
}

// Conflicts are the keys that call two actions in one scope, or one in a scope
// and one everywhere, as sentences. There must be none.
func (m Map) Conflicts() []string {
	var out []string
	for _, scope := range Scopes() {
		owner := map[string]ID{}
		list := m.In(scope)
		if scope != Everywhere {
			list = append(m.In(Everywhere), list...)
		}
		for _, a := range list {
			for _, k := range a.Keys {
				if other, taken := owner[k]; taken && other != a.ID {
					out = append(out, k+" calls both "+string(other)+" and "+string(a.ID))
				}
				owner[k] = a.ID
			}
		}
	}
	return out
}

// Shown is how a key is written for people.
func Shown(key string) string {
	switch key {
	case "up":
		return "↑"
	case "down":
		return "↓"
	case "left":
		return "←"
	case "right":
		return "→"
	case "pgdown":
		return "pgdn"
	}
	return key
}
