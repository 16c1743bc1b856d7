package cli

import (
	"io"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/alecthomas/kong"

	"sqscope/backend/archive"
)

// What a program may rely on is written down: every field of every object.
func TestTheTopicOfJSONHasEveryFieldOfEveryObject(t *testing.T) {
	s, _ := topic("json")
	objects := regexp.MustCompile(`(?m)^    \{.*\n(?:     .*\n)*`).FindAllString(s, -1)
	for _, v := range []any{
		queueObject{},
		archive.Record{},
		exportedObject{},
		findingObject{},
		attributesObject{},
		changeObject{},
		sentObject{},
		createdObject{},
		outcomeObject{},
		movedObject{},
		unfinishedObject{},
		redrivenObject{},
		emptiedObject{},
		Scenario{},
		Lesson{},
		pathObject{},
	} {
		var fields []string
		for i := range reflect.TypeOf(v).NumField() {
			name, _, _ := strings.Cut(reflect.TypeOf(v).Field(i).Tag.Get("json"), ",")
			if name != "delaySeconds" { // only in files that somebody else wrote
				fields = append(fields, name)
			}
		}
		described := func(o string) bool {
			return !slices.ContainsFunc(fields, func(f string) bool { return !strings.Contains(o, `"`+f+`"`) })
		}
		if !slices.ContainsFunc(objects, described) {
			t.Errorf("no object of sqscope help json has all of %T: %q", v, fields)
		}
	}
}

// A line that stands under "Examples" is one that the parser takes.
func TestTheExamplesOfEachCommandCanBeTyped(t *testing.T) {
	commands := tree(t).Leaves(true)
	for name := range examples() {
		if !slices.ContainsFunc(commands, func(n *kong.Node) bool { return n.Path() == name }) {
			t.Errorf("there are examples of %s, which is no command", name)
		}
	}
	for _, n := range commands {
		for _, line := range examples()[n.Path()] {
			line, _, _ = strings.Cut(line, " | ")
			line, _, _ = strings.Cut(line, " > ")
			words := split(line)
			if words[0] != "sqscope" || words[1] != strings.Fields(n.Path())[0] && n.Name != "screen" {
				t.Errorf("%s is no example of %s", line, n.Path())
			}
			parser, err := newParser(&Line{}, nowhere(io.Discard, io.Discard), func(int) {})
			if err != nil {
				t.Fatal(err)
			}
			if _, err := parser.Parse(words[1:]); err != nil {
				t.Errorf("%s: %v", line, err)
			}
			if len([]rune(line)) > 76 {
				t.Errorf("%s is longer than a line of a terminal", line)
			}
		}
	}
}

func TestTheManualPageHasEveryCommandFlagAndTopic(t *testing.T) {
	app := tree(t)
	var b strings.Builder
	if err := manual(&b, app); err != nil {
		t.Fatal(err)
	}
	page := strings.ReplaceAll(b.String(), `\-`, "-")
	has := func(s string) {
		if !strings.Contains(page, s) {
			t.Errorf("it has no %q", s)
		}
	}
	for _, n := range app.Leaves(true) {
		has(".SS " + n.Path())
		for _, group := range n.AllFlags(true) {
			for _, f := range group {
				if f.Name != "help" {
					has(".B " + f.String() + "\n")
				}
			}
		}
	}
	for _, name := range topicNames() {
		s, _ := topic(name)
		has(".SH " + strings.ToUpper(title(s)) + "\n")
	}
}
