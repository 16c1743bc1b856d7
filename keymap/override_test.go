package keymap

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestAnActionGetsExactlyTheKeysThatItIsGiven(t *testing.T) {
	m, problems := Default().With(map[ID][]string{QueuesSend: {"shift+ctrl+n", "f9"}, MessagesDelete: {}})
	if len(problems) > 0 {
		t.Fatalf("%+v", problems)
	}
	if diff := cmp.Diff([]string{"ctrl+shift+n", "f9"}, m.Action(QueuesSend).Keys); diff != "" {
		t.Error(diff)
	}
	if m.Matches(QueuesSend, "s") || !m.Matches(QueuesSend, "ctrl+shift+n") {
		t.Error("the old key still sends, or the new one does not")
	}
	if a := m.Action(MessagesDelete); len(a.Keys) != 0 || a.Key() != "" || a.Word == "" {
		t.Errorf("deleting has the keys %q", a.Keys)
	}
	if !Default().Matches(QueuesSend, "s") {
		t.Error("the map that was overridden changed too")
	}
}

func TestTwoActionsCanChangeTheirKeys(t *testing.T) {
	m, problems := Default().With(map[ID][]string{QueuesSend: {"d"}, QueuesDeadLetters: {"s"}})
	if len(problems) > 0 || !m.Matches(QueuesSend, "d") || !m.Matches(QueuesDeadLetters, "s") {
		t.Errorf("%+v", problems)
	}
}

func TestAnOverrideThatIsWrongLeavesTheActionItsKeys(t *testing.T) {
	for what, test := range map[string]struct {
		id    ID
		keys  []string
		index int
		says  string
	}{
		"unknown action":             {"queue.send", []string{"s"}, -1, `no action "queue.send"`},
		"unknown key":                {QueuesSend, []string{"s", "escape"}, 1, `write "esc"`},
		"taken in its scope":         {QueuesSend, []string{"d"}, 0, "d calls both queues.send and queues.deadLetters"},
		"taken everywhere":           {QueuesSend, []string{"f9", "q"}, 1, "q calls both everywhere.quit and queues.send"},
		"taken in a scope":           {Refresh, []string{"s"}, 0, "s calls both everywhere.refresh and"},
		"letter in a field":          {ComposeSend, []string{"s"}, 0, "taken from a text field"},
		"space in a field":           {FilterKeep, []string{"space"}, 0, "taken from a text field"},
		"ctrl+c lost":                {ForceQuit, []string{"ctrl+q"}, -1, "ctrl+c always quits"},
		"ctrl+c taken":               {QueuesSend, []string{"ctrl+c"}, 0, "ctrl+c calls both everywhere.forceQuit"},
		"ctrl+c taken from a field":  {ComposeSend, []string{"ctrl+c"}, 0, "ctrl+c calls both everywhere.forceQuit"},
		"no way back":                {Back, []string{}, -1, "no way out"},
		"no way out of a field":      {ComposeClose, nil, -1, "no way out"},
		"no way to learn the others": {Help, nil, -1, "no way out"},
	} {
		m, problems := Default().With(map[ID][]string{test.id: test.keys})
		if len(problems) != 1 || problems[0].ID != test.id || problems[0].Index != test.index || !strings.Contains(problems[0].Message, test.says) {
			t.Errorf("%s: %+v", what, problems)
		}
		if diff := cmp.Diff(Default().Action(test.id).Keys, m.Action(test.id).Keys); diff != "" {
			t.Errorf("%s: the keys changed:\n%s", what, diff)
		}
	}
}

func TestAnUnknownActionComesWithThoseThereAre(t *testing.T) {
	_, problems := Default().With(map[ID][]string{"queue.send": {"s"}})
	if p := problems[0]; p.Unknown != "queue.send" || !slices.Contains(p.Known, string(QueuesSend)) {
		t.Errorf("%+v", p)
	}
}

// TestNoOverrideMakesAKeyMeanTwoThings: whatever is asked for, the map that
// comes out has no conflicts, and an action has the keys it was given or those
// it had, and then a problem says why.
func TestNoOverrideMakesAKeyMeanTwoThings(t *testing.T) {
	ids := Default().ids()
	keys := []string{"s", "d", "q", "esc", "enter", "ctrl+s", "ctrl+c", "f5", "bad key", "x", "?", "up"}
	rapid.Check(t, func(rt *rapid.T) {
		asked := rapid.MapOf(rapid.Custom(func(rt *rapid.T) ID { return ID(rapid.SampledFrom(ids).Draw(rt, "id")) }),
			rapid.SliceOfN(rapid.SampledFrom(keys), 0, 3)).Draw(rt, "asked")
		m, problems := Default().With(asked)
		if c := m.Conflicts(); len(c) > 0 {
			rt.Fatalf("%q", c)
		}
		for id, want := range asked {
			told := slices.ContainsFunc(problems, func(p Problem) bool { return p.ID == id })
			if told {
				want = Default().Action(id).Keys
			}
			if have := m.Action(id).Keys; !slices.Equal(have, want) {
				rt.Fatalf("%s has %q, want %q, told %v", id, have, want, told)
			}
		}
	})
}
