package config

import (
	"cmp"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"sqscope/backend"
	"sqscope/backend/find"
	"sqscope/backend/tomlfile"
)

// mistyped tells whether a table of the file has keys that its type does not
// know, of which nobody can tell what they were meant to do.
func (r *reader) mistyped(at string, t reflect.Type) bool {
	for _, p := range r.file.Order() {
		key, below := strings.CutPrefix(p, at+".")
		if !below || strings.Contains(key, ".") {
			continue
		}
		known := false
		for i := range t.NumField() {
			known = known || t.Field(i).Tag.Get("toml") == key
		}
		if !known {
			return true
		}
	}
	return false
}

// named keeps what has a name of its own.
func named[T any](r *reader, section string, list []T, name func(T) string) []T {
	var kept []T
	seen := map[string]bool{}
	for i, e := range list {
		at := tomlfile.Path(section, i)
		switch n := name(e); {
		case n == "" && !r.file.Has(tomlfile.Join(at, "name")):
			r.errorf(at, "name = and a text", "this has no name, and is left out")
		case n == "":
			// Told already.
		case seen[n]:
			r.errorf(tomlfile.Join(at, "name"), "another name", "%q is named twice, and this one is left out", n)
		default:
			seen[n] = true
			kept = append(kept, e)
		}
	}
	return kept
}

// contexts closes those whose access is not what somebody wanted it to be.
func (r *reader) contexts() {
	c := r.config
	for i := range c.Contexts {
		r.context(&c.Contexts[i], tomlfile.Path("contexts", i))
	}
	c.Contexts = named(r, "contexts", c.Contexts, func(x Context) string { return x.Name })
}

func (r *reader) context(x *Context, at string) {
	has := func(key string) bool { return r.file.Has(tomlfile.Join(at, key)) }
	closed := r.mistyped(at, reflect.TypeFor[Context]()) ||
		has("access") && x.Access == "" || has("lower") && len(x.Lower) == 0
	for i, l := range x.Lower {
		path := at + "." + tomlfile.Path("lower", i)
		if l.Queues == "" && !r.file.Has(tomlfile.Join(path, "queues")) || l.Access == "" && !r.file.Has(tomlfile.Join(path, "access")) {
			r.errorf(path, `{ queues = "billing*", access = "view" }`, "this needs both queues and access")
		}
		closed = closed || l.Queues == "" || l.Access == "" || r.mistyped(path, reflect.TypeFor[Lower]())
	}
	if closed {
		x.Access = "view"
	}
	if x.Region != "" && len(x.Regions) > 0 {
		r.errorf(tomlfile.Join(at, "region"), "either region or regions", "this context has both, and regions holds")
		x.Region = ""
	}
	if x.Scenario != "" && (x.Profile != "" || x.EndpointURL != "" || x.Region != "" || len(x.Regions) > 0) {
		r.errorf(tomlfile.Join(at, "scenario"), "a scenario alone", "an embedded engine has no profile, region or endpoint; the scenario is left out")
		x.Scenario = ""
	}
}

// views empties filters that cannot be read.
func (r *reader) views() {
	for i := range r.config.Views {
		v, at := &r.config.Views[i], tomlfile.Path("views", i, "filter")
		_, err := find.Parse(v.Filter)
		if e := new(find.Error); errors.As(err, &e) {
			r.errorf(at, e.Expected, "the filter %q cannot be read: %s", v.Filter, e.Problem)
			v.Filter = ""
		}
	}
	r.config.Views = named(r, "views", r.config.Views, func(v View) string { return v.Name })
}

func (r *reader) templates() {
	for i := range r.config.Templates {
		t := &r.config.Templates[i]
		// A group is right on a standard queue too (docs/SQS.md 9), where the
		// delay is; a deduplication id is not.
		if t.Delay > 0 && t.Dedup != "" {
			r.errorf(tomlfile.Path("templates", i, "delay"), "a delay or a dedup, not both", "a FIFO queue refuses a delay for one message")
			t.Delay = 0
		}
	}
	r.config.Templates = named(r, "templates", r.config.Templates, func(t Template) string { return t.Name })
}

// everything is the mask that hides all bodies.
func everything() Mask { return Mask{Mode: "allow"} }

// masks makes those that are wrong hide everything in their queues.
func (r *reader) masks() {
	c := r.config
	if r.file.Has("masks") && len(c.Masks) == 0 {
		c.Masks = []Mask{everything()}
		return
	}
	for i := range c.Masks {
		m, at := &c.Masks[i], tomlfile.Path("masks", i)
		has := func(key string) bool { return r.file.Has(tomlfile.Join(at, key)) }
		asked := 0
		for r.file.Has(at + "." + tomlfile.Path("paths", asked)) {
			asked++
		}
		deny := m.Mode != "allow"
		if deny && !has("paths") {
			r.errorf(at, "paths, or mode = \"allow\"", "this mask hides nothing")
		}
		if r.mistyped(at, reflect.TypeFor[Mask]()) || has("mode") && m.Mode == "" || deny && (asked == 0 || len(m.Paths) < asked) {
			*m = Mask{Queues: m.Queues, Mode: "allow"}
		}
		if m.Mode == "" {
			m.Mode = "deny"
		}
	}
}

// keys takes the actions of a [keys] section, which may be written as
// "queues.send" = […], queues.send = […] or below [keys.queues].
func (r *reader) keys(file *tomlfile.File, raw map[string]any) {
	r.keysBelow(file, "", "keys", raw)
}

func (r *reader) keysBelow(file *tomlfile.File, scope, at string, raw map[string]any) {
	c := r.config
	for _, key := range slices.Sorted(maps.Keys(raw)) {
		id, path := scope+key, tomlfile.Join(at, key)
		if table, ok := raw[key].(map[string]any); ok && scope == "" {
			r.keysBelow(file, key+".", path, table)
			continue
		}
		keys, ok := texts(raw[key])
		_, twice := c.keysAt[id]
		switch {
		case !ok:
			r.problems = append(r.problems, file.Errorf(path, `an array of keys, such as ["s", "ctrl+n"]`, "%s cannot be this", tomlfile.Name(path)))
		case twice:
			r.problems = append(r.problems, file.Errorf(path, "each action once", "%q has its keys already", id))
		default:
			c.Keys[id], c.keysAt[id] = keys, path
		}
	}
}

func texts(v any) ([]string, bool) {
	list, ok := v.([]any)
	out := make([]string, len(list))
	for i, e := range list {
		s, isText := e.(string)
		out[i], ok = s, ok && isText
	}
	return out, ok
}

// include reads the keys and themes of further files.
func (r *reader) include() {
	for i, name := range r.config.Include {
		path := name
		if !filepath.IsAbs(path) {
			path = filepath.Join(filepath.Dir(r.config.Path), name)
		}
		data, err := os.ReadFile(path)
		if err != nil {
			e := r.file.Errorf(tomlfile.Path("include", i), "a file with keys or themes", "%s cannot be read: %s", name, err)
			e.Err = err
			r.problems = append(r.problems, e)
			continue
		}
		r.includeFile(path, data)
	}
}

func (r *reader) includeFile(path string, data []byte) {
	c := r.config
	var part struct {
		Keys   map[string]any               `toml:"keys"`
		Themes map[string]map[string]string `toml:"themes"`
	}
	file, problems := tomlfile.ReadAll(path, data, tomlfile.Options{}, &part)
	c.files = append(c.files, file)
	before := len(r.problems)
	r.problems = append(r.problems, problems...)
	defer func() { slices.SortStableFunc(r.problems[before:], byPlace) }()
	r.keys(file, part.Keys)
	for _, name := range slices.Sorted(maps.Keys(part.Themes)) {
		if _, twice := c.Themes[name]; twice {
			r.problems = append(r.problems, file.Errorf(tomlfile.Path("themes", name), "another name", "there is a theme %q already", name))
			continue
		}
		if c.Themes == nil {
			c.Themes = map[string]map[string]string{}
		}
		c.Themes[name] = part.Themes[name]
	}
}

// byPlace orders the problems of one file.
func byPlace(a, b *backend.Error) int {
	lineA, columnA := place(a.Subject)
	lineB, columnB := place(b.Subject)
	return cmp.Or(cmp.Compare(lineA, lineB), cmp.Compare(columnA, columnB))
}

// place is the line and column in file:line:column.
func place(subject string) (line, column int) {
	parts := strings.Split(subject, ":")
	if len(parts) < 3 {
		return 0, 0
	}
	line, _ = strconv.Atoi(parts[len(parts)-2])   // 0, the start, for what has no place
	column, _ = strconv.Atoi(parts[len(parts)-1]) // likewise
	return line, column
}
