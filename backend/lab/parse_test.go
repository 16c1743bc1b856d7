package lab_test

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"sqscope/backend"
	"sqscope/backend/lab"
)

// small is a lesson with one of everything.
const small = `format = 1
title = "Small"
story = "A queue and a message."
aws = "The same."
hints = ["Receive it."]

scenario = '''
format = 1
title = "One"
[[queues]]
name = "q"
[[messages]]
queue = "q"
message = { body = '{"id":"x"}' }
'''

[[steps]]
text = "Receive it."
  [[steps.questions]]
  id = "left"
  ask = "How many are visible then?"
  kind = "numbers"
  fields = ["visible"]
  truth = 'if any(happened("received"); true) then [queue("q").visible] else null end'
  [[steps.goals]]
  id = "received"
  text = "It was received"
  when = 'any(happened("received"); .queue == "q")'
`

func TestAWrongLessonSaysWhereAndWhat(t *testing.T) {
	for _, c := range []struct {
		name, old, new string
		subject, says  string
	}{
		{"an unknown key", `aws = "The same."`, "aws = \"The same.\"\nstroy = \"x\"", "t.toml:5:", "story"},
		{"a newer format", "format = 1\ntitle = \"Small\"", "format = 2\ntitle = \"Small\"", "t.toml:1:", "newer"},
		{"no story", `story = "A queue and a message."`, `story = " "`, "t.toml:3:", "no story"},
		{"a mistake in the scenario", `name = "q"`, `nmae = "q"`, "t.toml:11:", "name"},
		{"a check that is no jq", `any(happened("received"); .queue == "q")`, `any(happened("received"); .queue = "q"`, "t.toml:28:", "check"},
		{"a function that is not there", `any(happened("received"); .queue == "q")`, `hapened("received") | .queue`, "t.toml:28:", "happened"},
		{"a member that is not there", `any(happened("received"); .queue == "q")`, `queue("q").recieved > 0`, "t.toml:28:21", "received"},
		{"a member in a truth", `[queue("q").visible]`, `[queue("q").visble]`, "t.toml:24:", "expected visible"},
		{"a tolerance that is no number", `  kind = "numbers"`, "  kind = \"numbers\"\n  tolerance = \"two\"", "t.toml:23:", `"two" is no number`},
		{"a kind of question", `kind = "numbers"`, `kind = "number"`, "t.toml:22:", "numbers"},
		{"an id twice", `id = "received"`, `id = "left"`, "t.toml:26:", "twice"},
		{"numbers of what", `  fields = ["visible"]`, ``, "t.toml", "what each number is of"},
		{"two ways to be right", `  fields = ["visible"]`, "  fields = [\"visible\"]\n  answer = [1]", "t.toml", "one way"},
		{"a trap without words", "[[steps]]", "[[traps]]\nwhen = 'true'\n\n[[steps]]", "t.toml:17:", "text"},
		{"a program for no queue", "[[steps]]", "[program]\nrole = \"consumer\"\nqueue = \"qq\"\n\n[[steps]]", "t.toml:19:", "q"},
		{"a role", "[[steps]]", "[program]\nrole = \"comsumer\"\nqueue = \"q\"\n\n[[steps]]", "t.toml:18:", "consumer"},
		{"looks", `aws = "The same."`, "aws = \"The same.\"\nlooks = \"lease\"", "t.toml:5:", "leases"},
		{"a start that is none", `aws = "The same."`, "aws = \"The same.\"\nstart = \"monday\"", "t.toml:5:", usualStart},
		{"definitions", `aws = "The same."`, "aws = \"The same.\"\ndefinitions = 'def x: ;'", "t.toml:5:", "check"},
		{"nothing for the engine", "  [[steps.goals]]\n  id = \"received\"\n  text = \"It was received\"\n  when = 'any(happened(\"received\"); .queue == \"q\")'\n", "", "t.toml", "engine"},
		{"a scenario that is not there", small[strings.Index(small, "scenario = "):strings.Index(small, "[[steps]]")], "scenario = 'shp'\n", "t.toml:7:", "shop"},
	} {
		t.Run(c.name, func(t *testing.T) {
			text := strings.Replace(small, c.old, c.new, 1)
			if text == small {
				t.Fatal("the mistake is not in the file")
			}
			l, err := lab.Parse("t.toml", []byte(text), scenarios)
			if l != nil || err == nil {
				t.Fatal("it was taken")
			}
			e := backend.AsError(err)
			if e.Kind != backend.KindInvalid || !strings.HasPrefix(e.Subject, c.subject) {
				t.Errorf("kind %v, subject %q: %v", e.Kind, e.Subject, err)
			}
			if !strings.Contains(err.Error(), c.says) {
				t.Errorf("%q does not say %q", err, c.says)
			}
		})
	}
}

const usualStart = "2026-03-02T09:00:00Z"

func TestACheckThatDoesNotFitIsFoundAtTheBeginning(t *testing.T) {
	for name, c := range map[string]struct{ old, new, subject, says string }{
		"a queue":       {`.queue == "q"`, `.queue == "q" or queue("r").visible > 0`, "", ""},
		"an actor":      {`any(happened("received"); .queue == "q")`, `actor("nobody").done > 0`, "t.toml:28:", "no actor nobody"},
		"a message":     {`any(happened("received"); .queue == "q")`, `named("y").receives > 0`, "t.toml:28:", "no message y"},
		"an event":      {`any(happened("received"); .queue == "q")`, `any(happened("recieved"); true)`, "t.toml:28:", "no event recieved"},
		"an action":     {`any(happened("received"); .queue == "q")`, `any(requested("Receive"); true)`, "t.toml:28:", "no request Receive"},
		"wrong sorts":   {`any(happened("received"); .queue == "q")`, `.messages.visible == 1`, "t.toml:28:", "check"},
		"no such knob":  {"[[steps]]", "[[knobs]]\nsubject = \"q\"\nname = \"VisibilityTimout\"\n\n[[steps]]", "t.toml:19:", "did you mean VisibilityTimeout?"},
		"nobody's knob": {"[[steps]]", "[[knobs]]\nsubject = \"qu\"\nname = \"VisibilityTimeout\"\n\n[[steps]]", "t.toml:19:", "did you mean q?"},
	} {
		t.Run(name, func(t *testing.T) {
			l, err := lab.Parse("t.toml", []byte(strings.Replace(small, c.old, c.new, 1)), scenarios)
			if err != nil {
				t.Fatal(err)
			}
			_, err = open(t, l)
			if c.says == "" {
				return // it is asked only once something was received
			}
			if err == nil {
				t.Fatal("the lesson began")
			}
			if e := backend.AsError(err); !strings.HasPrefix(e.Subject, c.subject) || !strings.Contains(err.Error(), c.says) {
				t.Errorf("%q of %q does not say %q", err, e.Subject, c.says)
			}
		})
	}
}

// A name that a body has is taken, near as it may be to one of the lab's.
func TestNamesOfBodiesAreTheLessonsOwn(t *testing.T) {
	for _, when := range []string{
		`any(.messages[]; .body.recieved == 1)`, `any(.messages[] | .body; .ids == 1)`, `[{ visibl: 1 }] | .[0].visibl == 1`, `.answers.lef.at == null`,
	} {
		text := strings.Replace(strings.Replace(small, `{"id":"x"}`, `{"id":"x","ids":1}`, 1), `any(happened("received"); .queue == "q")`, when, 1)
		if _, err := lab.Parse("t.toml", []byte(text), scenarios); err != nil {
			t.Errorf("%s: %v", when, err)
		}
	}
}

// A check that says of something that it is right must say what can be answered.
func TestATruthThatNobodyCanAnswerIsTheLessonsMistake(t *testing.T) {
	for truth, says := range map[string]string{`"none"`: "none", `[1, 2]`: "2 of 1 numbers"} {
		l, err := lab.Parse("t.toml", []byte(strings.Replace(small, `[queue("q").visible]`, truth, 1)), scenarios)
		if err != nil {
			t.Fatal(err)
		}
		c, err := open(t, l)
		if err != nil {
			t.Fatal(err)
		}
		_, err = c.s.Hand().Receive(t.Context(), "q", 1, backend.Some(0), backend.Opt[int]{})
		c.must(err)
		if _, err = c.s.Look(t.Context()); kindOf(err) != backend.KindInvalid || !strings.Contains(err.Error(), says) || !strings.Contains(err.Error(), "t.toml:24:") {
			t.Errorf("%s: %v", truth, err)
		}
	}
}

func TestATeachersFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "mine.toml")
	if err := os.WriteFile(path, []byte(small), 0o600); err != nil {
		t.Fatal(err)
	}
	l, err := lab.Load(path, scenarios)
	if err != nil {
		t.Fatal(err)
	}
	c, err := open(t, l)
	if err != nil {
		t.Fatal(err)
	}
	c.answer("left", "0")
	c.receive("q", 1)
	c.passed()
	if l.ID != "Small" || l.Number != 0 {
		t.Errorf("id %q, number %d", l.ID, l.Number)
	}
	if _, err := lab.Load(path+"x.toml", scenarios); kindOf(err) != backend.KindNotFound {
		t.Errorf("a file that is not there: %v", err)
	}
}

func TestLessonsByNumberAndName(t *testing.T) {
	for said, want := range map[string]string{
		"1": "01-receive-is-not-delete", "01": "01-receive-is-not-delete", "14": "14-noisy-neighbour",
		"noisy-neighbour": "14-noisy-neighbour", "07-three-strikes": "07-three-strikes",
	} {
		l, err := lab.Load(said, scenarios)
		if err != nil || l.ID != want {
			t.Errorf("%s: %v, %v", said, l, err)
		}
	}
	for _, said := range []string{"0", "15", "", "three-strike"} {
		if _, err := lab.Load(said, scenarios); kindOf(err) != backend.KindNotFound {
			t.Errorf("%q: %v", said, err)
		}
	}
	if _, err := lab.Load("three-strike", scenarios); !strings.Contains(err.Error(), "did you mean three-strikes?") {
		t.Errorf("nothing near is named: %v", err)
	}
}

// TestEveryLessonIsWhole holds the lessons against what a learner can expect.
func TestEveryLessonIsWhole(t *testing.T) {
	all, err := lab.Lessons(scenarios)
	if err != nil {
		t.Fatal(err)
	}
	if len(all) != 14 {
		t.Fatalf("%d lessons", len(all))
	}
	for i, l := range all {
		predictions := 0
		for _, step := range l.Steps {
			for _, q := range step.Questions {
				predictions++
				if q.Why == "" || q.Predicts() && q.Miss == "" {
					t.Errorf("lesson %d, question %s: nothing is said of a right or wrong answer", i+1, q.ID)
				}
			}
		}
		if l.Number != i+1 || l.Concept == "" || l.Closing == nil || predictions == 0 {
			t.Errorf("lesson %d is not whole: number %d, concept %q, %d questions", i+1, l.Number, l.Concept, predictions)
		}
		if l.Closing.Why == "" || l.Closing.Miss == "" {
			t.Errorf("lesson %d: the closing question teaches nothing", i+1)
		}
		for _, text := range []string{l.Story, l.Aws} {
			if strings.Contains(text, "\\") || strings.Contains(text, "  ") {
				t.Errorf("lesson %d: a line was not joined as it should: %q", i+1, text)
			}
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add(small)
	f.Add(strings.Replace(small, "numbers", "messages", 1))
	f.Add("format = 1\n[closing]\nkind = 'duration'\nanswer = '4d'\n")
	f.Fuzz(func(t *testing.T, text string) {
		l, err := lab.Parse("t.toml", []byte(text), scenarios)
		if (l == nil) == (err == nil) {
			t.Fatalf("%v, %v", l, err)
		}
		if err != nil && backend.KindOf(err) != backend.KindInvalid {
			t.Fatalf("%v", err)
		}
	})
}

func FuzzAnswer(f *testing.F) {
	for _, s := range []string{"2 1 0", "1,2", "4d12h", "-1", "9999999999999999999d", "NaN 1 2", "a b", "/tmp/x"} {
		f.Add(s)
	}
	l, err := lab.Load("9", scenarios)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, step := range l.Steps {
			for _, q := range step.Questions {
				_, err := q.ParseAnswer(text)
				if err != nil && backend.KindOf(err) != backend.KindInvalid {
					t.Fatalf("%v", err)
				}
			}
		}
	})
}

// TestTheExampleOfTheDocs runs the lesson in docs/LAB.md.
func TestTheExampleOfTheDocs(t *testing.T) {
	doc, err := os.ReadFile("../../docs/LAB.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, found := strings.Cut(string(doc), "```toml\n")
	text, _, closed := strings.Cut(rest, "```")
	if !found || !closed {
		t.Fatal("there is no example")
	}
	l, err := lab.Parse("LAB.md", []byte(text), scenarios)
	if err != nil {
		t.Fatal(err)
	}
	c, err := open(t, l)
	if err != nil {
		t.Fatal(err)
	}
	c.answer("left", "1 0")
	c.remove(c.receive("jobs", 1)...)
	if !c.claim("half") {
		t.Error("half of it is done")
	}
	c.choose("why", "DeleteMessage")
	c.passed()
	state, err := c.s.State(t.Context())
	c.must(err)
	for key := range state {
		if !strings.HasPrefix(key, "by") && !strings.Contains(string(doc), "`."+key+"`") {
			t.Errorf("the docs do not know .%s", key)
		}
	}
	var parts []any // of which checks ask for members by name
	for _, key := range []string{"messages", "events", "requests", "tasks"} {
		parts = append(parts, state[key].([]any)...)
	}
	for _, key := range []string{"queues", "actors", "answers", "claims"} {
		parts = append(parts, slices.Collect(maps.Values(state[key].(map[string]any)))...)
	}
	parts = append(parts, state)
	for _, part := range parts {
		for key := range part.(map[string]any) {
			if !slices.Contains(lab.Members(), key) && !strings.HasPrefix(key, "by") {
				t.Errorf("a check that asks for .%s may be taken for a misspelt one", key)
			}
		}
	}
}
