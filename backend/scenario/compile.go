package scenario

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"sqscope/backend"
	"sqscope/backend/tomlfile"
)

// compiler turns the tables of a file into a Scenario, checking as it goes.
type compiler struct {
	doc  *tomlfile.File
	file *fileTable
	s    *Scenario

	lists       map[string]*choice[string]
	counters    map[string]int
	templates   map[string]*template
	queues      map[string]int
	actors      map[string]bool
	topics      map[string]int
	downstreams map[string]int
	sampled     map[sampleKey]bool
}

// scope is what the fields of one template may name.
type scope struct {
	*compiler
	lets      map[string]int
	fragments map[string]*text
	open      []string // fragments being compiled, against circles
	inLet     bool
	quotes    bool // set when a field reads the forwarded message
	tasked    bool // set when a field is the token of a task
}

// Parse reads a scenario from the text of a seed file; name stands for the file
// in errors. An error is a [*backend.Error] of KindInvalid whose Subject is
// file:line:column and whose Next says what was expected there. It is the first
// thing that is wrong, in the order format, keys and types, then the tables.
func Parse(name string, data []byte) (*Scenario, error) {
	var f fileTable
	doc, err := tomlfile.Read(name, data, tomlfile.Options{Format: Format, Max: maxFile}, &f)
	if err != nil {
		return nil, err
	}
	c := &compiler{
		doc: doc, file: &f, s: &Scenario{text: bytes.Clone(data), Name: name, Title: f.Title, Description: f.Description},
		lists: map[string]*choice[string]{}, counters: map[string]int{}, templates: map[string]*template{},
		queues: map[string]int{}, actors: map[string]bool{}, sampled: map[sampleKey]bool{},
		topics: map[string]int{}, downstreams: map[string]int{},
	}
	for _, step := range []func() error{
		c.head, c.compileLists, c.compileTemplates, c.compileQueues, c.compileMessages, c.compileTopics,
		c.compileDownstreams, c.compileProducers, c.compileWorkers, c.compileLambdas, c.compileMachines, c.compileScalers,
		c.checkCircles, c.compileFaults, c.compileCallers,
	} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	return c.s, nil
}

func (c *compiler) head() error {
	var err error
	if c.s.warmup, err = c.duration("warmup", c.file.Warmup, 0, 0, maxWarmup); err != nil {
		return err
	}
	if err := c.hours("hours", c.file.Hours); err != nil {
		return err
	}
	for _, name := range sortedKeys(c.file.Counters) {
		if start := c.file.Counters[name]; start < 0 || start > 1<<53 {
			return c.doc.Errorf(tomlfile.Path("counters", name), "a start between 0 and 2^53", "counter %q cannot start at %d", name, start)
		}
		c.counters[name] = len(c.s.counters)
		c.s.counters = append(c.s.counters, counter{name, c.file.Counters[name]})
	}
	return nil
}

// counter is a number that fields count up.
type counter struct {
	name  string
	start int64
}

func (c *compiler) compileLists() error {
	for _, name := range sortedKeys(c.file.Lists) {
		const expected = `an array of texts, ["a", "b"], or a table of texts with weights, { a = 3, b = 1 }`
		list, path := &choice[string]{}, tomlfile.Path("lists", name)
		switch v := c.file.Lists[name].(type) {
		case []any:
			for i, e := range v {
				s, ok := e.(string)
				if !ok {
					return c.doc.Errorf(tomlfile.Path("lists", name, i), "a text in quotes", "an entry of list %q is no text", name)
				}
				list.add(s, 1)
			}
		case map[string]any:
			for _, s := range sortedKeys(v) {
				w, ok := number(v[s])
				if !ok || !(w > 0 && w <= maxWeight) {
					return c.doc.Errorf(tomlfile.Path("lists", name, s), "a weight above 0", "the weight of %q in list %q is wrong", s, name)
				}
				list.add(s, w)
			}
		default:
			return c.doc.Errorf(path, expected, "list %q is neither", name)
		}
		if len(list.values) == 0 {
			return c.doc.Errorf(path, "at least one entry", "list %q is empty", name)
		}
		c.lists[name] = list
	}
	return nil
}

func (c *compiler) compileTemplates() error {
	for _, name := range sortedKeys(c.file.Fragments) {
		// Each template compiles the fragments it uses; this finds mistakes in
		// those that none uses. A let is not known here, so it may be anything.
		sc := &scope{compiler: c, fragments: map[string]*text{}}
		if _, err := sc.fragment(name, tomlfile.Path("fragments", name), name); err != nil {
			return err
		}
	}
	for _, name := range sortedKeys(c.file.Templates) {
		table := c.file.Templates[name]
		t, err := c.template(name, tomlfile.Path("templates", name), &table)
		if err != nil {
			return err
		}
		c.templates[name] = t
	}
	return nil
}

func (c *compiler) template(name, path string, table *templateTable) (*template, error) {
	sc := &scope{compiler: c, lets: map[string]int{}, fragments: map[string]*text{}}
	t := &template{name: name}
	if err := sc.values(path+".let", table.Let, t); err != nil {
		return nil, err
	}
	var err error
	if t.body, err = sc.text(path+".body", table.Body); err != nil {
		return nil, err
	}
	for _, o := range []struct {
		key  string
		from *string
		to   *text
	}{{"group", table.Group, &t.group}, {"dedup", table.Dedup, &t.dedup}, {"trace_header", table.TraceHeader, &t.trace}} {
		if o.from == nil {
			continue
		}
		if *o.to, err = sc.text(path+"."+o.key, *o.from); err != nil {
			return nil, err
		}
		if *o.to == nil {
			*o.to = text{literal("")}
		}
	}
	if table.Delay != "" {
		d, err := c.seconds(path+".delay", table.Delay)
		if err != nil {
			return nil, err
		}
		t.delay = backend.Some(d)
	}
	for _, a := range sortedKeys(table.Attributes) {
		v, err := sc.attribute(tomlfile.Join(path+".attributes", a), a, table.Attributes[a])
		if err != nil {
			return nil, err
		}
		t.attributes = append(t.attributes, v)
	}
	t.quotes, t.tasked = sc.quotes, sc.tasked
	return t, nil
}

// values compiles the values that a message makes once and uses often.
func (sc *scope) values(path string, lets map[string]string, t *template) error {
	for i, name := range sortedKeys(lets) {
		if slices.Contains(fieldNames(), name) || len(strings.Fields(name)) != 1 || strings.ContainsAny(name, " {}") {
			return sc.doc.Errorf(tomlfile.Join(path, name), "a name of one word that is no field's", "%q cannot be the name of a value", name)
		}
		sc.lets[name] = i
	}
	sc.inLet = true
	for _, name := range sortedKeys(lets) {
		v, err := sc.text(tomlfile.Join(path, name), lets[name])
		if err != nil {
			return err
		}
		t.lets = append(t.lets, v)
	}
	sc.inLet = false
	sc.fragments = map[string]*text{} // Those of the values may use no values.
	return nil
}

func (sc *scope) attribute(path, name string, value any) (attribute, error) {
	const expected = `a text, a number, or a table such as { type = "Number", value = "1" } or { type = "Binary", hex = "00ff" }`
	var t attributeTable
	switch v := value.(type) {
	case string:
		t = attributeTable{dataType: "String", value: v}
	case int64:
		t = attributeTable{dataType: "Number", value: strconv.FormatInt(v, 10)}
	case float64:
		if !finite(v) {
			return attribute{}, sc.doc.Errorf(path, expected, "attribute %q is no number that SQS takes", name)
		}
		t = attributeTable{dataType: "Number", value: strconv.FormatFloat(v, 'f', -1, 64)}
	case map[string]any:
		for _, key := range sortedKeys(v) {
			s, ok := v[key].(string)
			to := map[string]*string{"type": &t.dataType, "value": &t.value, "hex": &t.hex}[key]
			if !ok || to == nil {
				return attribute{}, sc.doc.Errorf(tomlfile.Join(path, key), "type, and value or hex, all texts", "attribute %q has a wrong %q", name, key)
			}
			*to = s
		}
		binary := t.dataType == "Binary" || strings.HasPrefix(t.dataType, "Binary.")
		if t.dataType == "" || binary == (t.hex == "") || !binary == (t.value == "") {
			return attribute{}, sc.doc.Errorf(path, expected, "attribute %q is incomplete", name)
		}
	default:
		return attribute{}, sc.doc.Errorf(path, expected, "attribute %q has a wrong value", name)
	}
	a := attribute{name: name, dataType: t.dataType, hex: t.hex != ""}
	var err error
	a.value, err = sc.text(path, t.value+t.hex)
	return a, err
}

// text compiles a text with {{fields}}.
func (sc *scope) text(path, s string) (text, error) {
	var t text
	for s != "" {
		before, rest, ok := strings.Cut(s, "{{")
		if before != "" {
			t = append(t, literal(before))
		}
		if !ok {
			break
		}
		inner, after, ok := strings.Cut(rest, "}}")
		if !ok {
			return nil, sc.doc.ErrorIn(path, "{{"+firstLine(rest), "}} behind the field", "a field is not closed")
		}
		f, err := sc.field(path, inner)
		if err != nil {
			return nil, err
		}
		t, s = append(t, f), after
	}
	return t, nil
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(s, "\n")
	return line
}

// fragment compiles a fragment for this scope, once.
func (sc *scope) fragment(path, part, name string) (*text, error) {
	if t, ok := sc.fragments[name]; ok {
		return t, nil
	}
	s, ok := sc.file.Fragments[name]
	if !ok {
		return nil, sc.doc.ErrorIn(path, part, oneOf("a fragment", name, sortedKeys(sc.file.Fragments)), "there is no fragment %q", name)
	}
	if slices.Contains(sc.open, name) {
		return nil, sc.doc.ErrorIn(path, part, "fragments that end", "fragment %q uses itself (%s)", name,
			strings.Join(append(sc.open, name), " → "))
	}
	sc.open = append(sc.open, name)
	t, err := sc.text(tomlfile.Path("fragments", name), s)
	sc.open = sc.open[:len(sc.open)-1]
	if err != nil {
		return nil, err
	}
	sc.fragments[name] = &t
	return &t, nil
}

// oneOf says in words what was expected among declared names.
func oneOf(what, name string, declared []string) string {
	if len(declared) == 0 {
		return what + " that is declared; there is none"
	}
	return what + " that is declared, " + tomlfile.OneOf(name, declared)
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// number reads a TOML number of either kind.
func number(v any) (float64, bool) {
	switch n := v.(type) {
	case int64:
		return float64(n), true
	case float64:
		return n, finite(n)
	}
	return 0, false
}

// queue finds a queue by name.
func (c *compiler) queue(path, name string) (int, error) {
	if name == "" {
		return 0, c.doc.Errorf(path, "the name of a queue", "the queue is missing")
	}
	i, ok := c.queues[name]
	if !ok {
		return 0, c.doc.Errorf(path, oneOf("a queue", name, c.s.Queues()), "queue %q is not declared", name)
	}
	return i, nil
}

// named finds a template by name.
func (c *compiler) named(path, name string) (*template, error) {
	t, ok := c.templates[name]
	if !ok {
		return nil, c.doc.Errorf(path, oneOf("a template", name, sortedKeys(c.templates)), "there is no template %q", name)
	}
	return t, nil
}

// within checks a whole number that may be left out.
func (c *compiler) within(path string, v *int, def, lo, hi int) (int, error) {
	if v == nil {
		return def, nil
	}
	if *v < lo || *v > hi {
		return 0, c.doc.Errorf(path, fmt.Sprintf("%d to %d", lo, hi), "%s cannot be %d", tomlfile.Name(path), *v)
	}
	return *v, nil
}

// fraction checks a number that may be left out.
func (c *compiler) fraction(path string, v *float64, def, lo, hi float64) (float64, error) {
	if v == nil {
		return def, nil
	}
	if !(*v >= lo && *v <= hi) {
		return 0, c.doc.Errorf(path, fmt.Sprintf("%v to %v", lo, hi), "%s cannot be %v", tomlfile.Name(path), *v)
	}
	return *v, nil
}
