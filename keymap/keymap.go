// Package keymap holds the actions of the screens as data: an id, the keys that
// call it, the word for the footer, the sentence for the help, and whether it
// can do harm. Dispatch, footer, help, palette and docs/KEYS.md all
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

// verb is what the action does.
func (id ID) verb() string {
	_, verb, _ := strings.Cut(string(id), ".")
	return verb
}

// Action is something a person can do with a key.
type Action struct {
	ID     ID
	Keys   []string // as Bubble Tea names them; the first is shown
	Word   string   // for the footer, one or two words
	Help   string   // for the help and the palette, one sentence without a full stop
	Danger bool     // can change or lose data on a real queue
}

// Key is the key that is shown for the action, as [Shown] writes it, or "" if the
// user took all of its keys away.
func (a Action) Key() string {
	if len(a.Keys) == 0 {
		return ""
	}
	return Shown(a.Keys[0])
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

// Scopes are the places where actions work, in the order of docs/KEYS.md.
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

// InFields is the first key of the action that types nothing, so that it can
// work while somebody types, or "".
func (a Action) InFields() string {
	for _, k := range a.Keys {
		if !printable(k) {
			return k
		}
	}
	return ""
}

// isField tells the scopes of text fields. Of the actions that work everywhere
// only those that leave sqscope work there, and help by a key that types nothing:
// letters belong to the text.
func isField(scope string) bool {
	return slices.Contains([]string{"compose", "many", "filter", "editor", "create", "files"}, scope)
}

// Conflicts are the keys that call two actions in one scope, or one in a scope
// and one everywhere, as sentences. There must be none.
func (m Map) Conflicts() []string {
	var out []string
	for _, c := range m.conflicts() {
		out = append(out, c.String())
	}
	return out
}

// conflict is a key that means two things in one place.
type conflict struct {
	key           string
	first, second ID
}

func (c conflict) String() string {
	return c.key + " calls both " + string(c.first) + " and " + string(c.second)
}

func (m Map) conflicts() []conflict {
	var out []conflict
	for _, scope := range Scopes() {
		owner := map[string]ID{}
		for _, a := range m.live(scope) {
			for _, k := range a.Keys {
				if other, taken := owner[k]; taken && other != a.ID {
					out = append(out, conflict{k, other, a.ID})
				}
				owner[k] = a.ID
			}
		}
	}
	return out
}

// live are the actions that a key can call in a scope.
func (m Map) live(scope string) []Action {
	switch {
	case scope == Everywhere:
		return m.In(scope)
	case isField(scope):
		help := m.Action(Help)
		help.Keys = slices.DeleteFunc(slices.Clone(help.Keys), printable)
		lab := m.Action(Lab)
		lab.Keys = slices.DeleteFunc(slices.Clone(lab.Keys), printable)
		return append([]Action{m.Action(ForceQuit), m.Action(Suspend), help, lab}, m.In(scope)...)
	}
	own := m.In(scope)
	screen := slices.DeleteFunc(m.In(around(scope)), func(a Action) bool {
		return slices.ContainsFunc(own, func(o Action) bool { return o.ID.verb() == a.ID.verb() })
	})
	return slices.Concat(m.In(Everywhere), screen, own)
}

// around is the screen whose actions work beside those of a component that stands
// in it, or "". An action of the component takes the place of the screen's that
// does the same.
func around(scope string) string {
	if scope == "reader" {
		return "messages"
	}
	return ""
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
