package lab

import (
	"bytes"
	"slices"
	"strings"
	"time"

	"sqscope/backend"
	"sqscope/backend/rules"
	"sqscope/backend/tomlfile"
)

// compiler turns the tables of a file into a Lesson, checking as it goes.
type compiler struct {
	doc    *tomlfile.File
	data   []byte
	file   *fileTable
	l      *Lesson
	queues []string
	ids    map[string]bool // of questions, goals and claims
}

// usualStart is when lessons begin that do not say: a Monday morning.
const usualStart = "2026-03-02T09:00:00Z"

// Parse reads a lesson from the text of a file; name stands for the file in
// errors. An error is a [*backend.Error] of KindInvalid whose Subject is
// file:line:column and whose Next says what was expected there; also one in the
// lesson's scenario. Checks are tried on the state when a session begins.
func Parse(name string, data []byte, scenarios Scenarios) (*Lesson, error) {
	var f fileTable
	doc, err := tomlfile.Read(name, data, tomlfile.Options{Format: Format, Max: maxFile}, &f)
	if err != nil {
		return nil, err
	}
	c := &compiler{doc: doc, data: data, file: &f, l: &Lesson{}, ids: map[string]bool{}}
	if _, err := compile(doc, "definitions", "", f.Words+"\n."); f.Words != "" && err != nil {
		return nil, err
	}
	for _, step := range []func() error{
		c.head, func() error { return c.setup(name, scenarios) }, func() error { return c.misspelt("definitions", f.Words) },
		c.steps, c.closing, c.claims, c.rest,
	} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	return c.l, nil
}

func (c *compiler) head() error {
	f, l := c.file, c.l
	for _, text := range []struct{ key, value, what string }{
		{"title", f.Title, "what the lesson is called"},
		{"story", f.Story, "what the learner reads first"},
		{"aws", f.Aws, "what AWS does differently, or that it does the same"},
	} {
		if strings.TrimSpace(text.value) == "" {
			return c.doc.Errorf(text.key, text.what, "the lesson has no %s", text.key)
		}
	}
	l.Title, l.Concept, l.Story, l.Aws = f.Title, f.Concept, strings.TrimSpace(f.Story), strings.TrimSpace(f.Aws)
	l.ID = f.ID
	if l.ID == "" {
		l.ID = f.Title
	}
	if f.Names != "" {
		if l.names = strings.Split(f.Names, "."); slices.Contains(l.names, "") {
			return c.doc.Errorf("names", "a path in the body, such as order.id", "%q is no path", f.Names)
		}
	}
	for i, h := range f.Hints {
		if strings.TrimSpace(h) == "" {
			return c.doc.Errorf(tomlfile.Path("hints", i), "a text", "a hint is empty")
		}
		l.hints = append(l.hints, strings.TrimSpace(h))
	}
	return nil
}

func (c *compiler) setup(name string, scenarios Scenarios) (err error) {
	f, s := c.file, &c.l.Setup
	s.File, s.Paused, s.Speed, s.Seed = name, !f.Running, f.Speed, uint64(f.Seed)
	switch {
	case f.Seed < 0:
		return c.doc.Errorf("seed", "a number from 1 on", "there is no seed %d", f.Seed)
	case f.Seed == 0:
		s.Seed = 1
	}
	if s.Speed == 0 {
		s.Speed = 1
	}
	if !(s.Speed > 0 && s.Speed <= 100_000) {
		return c.doc.Errorf("speed", "engine seconds for each second, up to 100000", "the clock cannot run at %v", f.Speed)
	}
	start := f.Start
	if start == "" {
		start = usualStart
	}
	if s.Start, err = time.Parse(time.RFC3339, start); err != nil {
		return c.doc.Errorf("start", "a text such as "+usualStart, "%q is no time", f.Start)
	}
	switch looks := []string{"free", "leases"}; f.Looks {
	case "", looks[0]:
	case looks[1]:
		s.Leases = true
	default:
		return c.doc.Errorf("looks", tomlfile.OneOf(f.Looks, looks), "looks cannot be %q", f.Looks)
	}
	return c.scenario(name, scenarios)
}

// scenario reads the lesson's own scenario, or finds the one it names. Empty
// lines in front of the text give its errors the lines of the lesson's file.
func (c *compiler) scenario(name string, scenarios Scenarios) (err error) {
	s, text := &c.l.Setup, c.file.Scenario
	if text == "" {
		return c.doc.Errorf("scenario", "a scenario's text between three quotes, or the name of one", "the lesson has no scenario")
	}
	if !strings.Contains(text, "\n") {
		s.Scenario = text
		if c.queues, err = scenarios(text, "", nil); err != nil {
			e := backend.AsError(err)
			return c.doc.Errorf("scenario", "a scenario's text between three quotes, or "+e.Next, "%s: %s", text, e.Message)
		}
		return nil
	}
	before := 0
	if at := bytes.Index(c.data, []byte(text)); at > 0 {
		before = bytes.Count(c.data[:at], []byte("\n"))
	}
	s.Text = append(bytes.Repeat([]byte("\n"), before), text...)
	c.queues, err = scenarios("", name, s.Text)
	return err
}

func (c *compiler) steps() error {
	if len(c.file.Steps) == 0 {
		return c.doc.Errorf("steps", "at least one [[steps]]", "the lesson has nothing to do")
	}
	goals := 0
	for i, t := range c.file.Steps {
		path := tomlfile.Path("steps", i)
		step := Step{Text: strings.TrimSpace(t.Text)}
		if step.Text == "" {
			return c.doc.Errorf(path+".text", "what is to be done", "the step has no text")
		}
		for k, q := range t.Questions {
			question, err := c.question(tomlfile.Path("steps", i, "questions", k), q)
			if err != nil {
				return err
			}
			step.Questions = append(step.Questions, *question)
		}
		for k, g := range t.Goals {
			goal, err := c.goal(tomlfile.Path("steps", i, "goals", k), g)
			if err != nil {
				return err
			}
			step.Goals = append(step.Goals, goal)
		}
		goals += len(step.Goals)
		c.l.Steps = append(c.l.Steps, step)
	}
	if goals == 0 {
		return c.doc.Errorf("steps", "at least one goal that the engine can show", "nothing in the lesson is checked by the engine")
	}
	return nil
}

func (c *compiler) goal(path string, t goalTable) (g Goal, err error) {
	if err := c.id(path, t.ID); err != nil {
		return g, err
	}
	if t.Text == "" {
		return g, c.doc.Errorf(path+".text", "the goal in words", "the goal %q has no text", t.ID)
	}
	g = Goal{ID: t.ID, Text: t.Text}
	g.when, err = c.check(path+".when", t.When)
	return g, err
}

// id takes an id, which must be there once.
func (c *compiler) id(path, id string) error {
	switch {
	case id == "":
		return c.doc.Errorf(path+".id", "a name of its own", "it has no id")
	case c.ids[id]:
		return c.doc.Errorf(path+".id", "a name of its own", "the id %q is there twice", id)
	}
	c.ids[id] = true
	return nil
}

// check is one that must be there.
func (c *compiler) check(path, text string) (check, error) {
	if strings.TrimSpace(text) == "" {
		return check{}, c.doc.Errorf(path, "a jq expression over the state, see docs/LAB.md", "there is no condition")
	}
	return c.maybe(path, text)
}

// maybe is one that may be left out.
func (c *compiler) maybe(path, text string) (check, error) {
	if err := c.misspelt(path, text); err != nil {
		return check{}, err
	}
	return compile(c.doc, path, c.file.Words, text)
}

func (c *compiler) closing() (err error) {
	if c.file.Closing != nil {
		c.l.Closing, err = c.question("closing", *c.file.Closing)
	}
	return err
}

func (c *compiler) claims() (err error) {
	for i, t := range c.file.Claims {
		path := tomlfile.Path("claims", i)
		if err := c.id(path, t.ID); err != nil {
			return err
		}
		if t.Text == "" {
			return c.doc.Errorf(path+".text", "what is claimed, in words", "the claim %q has no text", t.ID)
		}
		claim := Claim{ID: t.ID, Text: t.Text, Wrong: t.Wrong}
		if claim.when, err = c.check(path+".when", t.When); err != nil {
			return err
		}
		c.l.Claims = append(c.l.Claims, claim)
	}
	return nil
}

func (c *compiler) rest() (err error) {
	for i, t := range c.file.Before {
		b, err := c.before(tomlfile.Path("before", i), t)
		if err != nil {
			return err
		}
		c.l.before = append(c.l.before, b)
	}
	for i, t := range c.file.Knobs {
		path := tomlfile.Path("knobs", i)
		if t.Subject == "" || t.Name == "" {
			return c.doc.Errorf(path, "a subject, an actor or a queue, and the name of its knob", "a knob is not named")
		}
		c.l.Knobs = append(c.l.Knobs, KnobRef{t.Subject, t.Name, t.Text, c.doc.Errorf(path+".name", "", "").Subject})
	}
	for i, t := range c.file.Counters {
		counter := Counter{Text: t.Text, Bad: t.Bad}
		if counter.value, err = c.check(tomlfile.Path("counters", i, "value"), t.Value); err != nil {
			return err
		}
		c.l.Counters = append(c.l.Counters, counter)
	}
	for i, t := range c.file.Traps {
		if t.Text == "" {
			return c.doc.Errorf(tomlfile.Path("traps", i, "text"), "what went wrong, in words", "the trap has no text")
		}
		tr := trap{text: strings.TrimSpace(t.Text), spoils: t.Spoils}
		if tr.when, err = c.check(tomlfile.Path("traps", i, "when"), t.When); err != nil {
			return err
		}
		c.l.traps = append(c.l.traps, tr)
	}
	return c.program()
}

func (c *compiler) before(path string, t beforeTable) (b before, err error) {
	if err := c.queue(path+".queue", t.Queue); err != nil {
		return b, err
	}
	if t.Most < 1 || t.Most > rules.MaxReceive {
		return b, c.doc.Errorf(path+".most", "1 to 10 messages", "a receive cannot bring %d", t.Most)
	}
	seconds, err := c.amount(path+".visibility", t.Visibility, Duration)
	if t.Visibility == "" || err != nil {
		return b, c.doc.Errorf(path+".visibility", `a time span such as "0s"`, "the receive has no visibility timeout")
	}
	return before{t.Queue, t.Most, int(seconds)}, nil
}

func (c *compiler) program() error {
	t := c.file.Program
	if t == nil {
		return nil
	}
	roles := []string{string(Consumer), string(Sender)}
	if !slices.Contains(roles, t.Role) {
		return c.doc.Errorf("program.role", tomlfile.OneOf(t.Role, roles), "a program cannot be a %q", t.Role)
	}
	if err := c.queue("program.queue", t.Queue); err != nil {
		return err
	}
	c.l.Program = &Program{Role: Role(t.Role), Queue: t.Queue, Text: t.Text}
	return nil
}

func (c *compiler) queue(path, name string) error {
	if !slices.Contains(c.queues, name) {
		return c.doc.Errorf(path, tomlfile.OneOf(name, c.queues), "there is no queue %q in the scenario", name)
	}
	return nil
}
