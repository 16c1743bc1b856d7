package config

import (
	"errors"
	"net/url"
	"path"
	"reflect"
	"regexp"
	"strconv"
	"strings"

	"sqscope/backend"
	"sqscope/backend/guard"
	"sqscope/backend/tomlfile"
)

// reader goes through what was read and collects what is wrong.
type reader struct {
	config   *Config
	file     *tomlfile.File
	problems []*backend.Error
}

func (r *reader) errorf(path, expected, format string, args ...any) {
	r.problems = append(r.problems, r.file.Errorf(path, expected, format, args...))
}

// rule is what the values of some fields must be.
type rule struct {
	what string // completes "expected …"
	ok   func(string) bool
}

// names is a rule of a closed list.
func names(list ...string) rule {
	return rule{"one of " + strings.Join(list, ", "), func(s string) bool {
		for _, n := range list {
			if s == n {
				return true
			}
		}
		return false
	}}
}

var (
	regionForm  = regexp.MustCompile(`^[a-z][a-z0-9-]*$`)
	accountForm = regexp.MustCompile(`^[0-9]{12}$`)
	maskForm    = regexp.MustCompile(`^\.?(([^.\[\]"\s]+|"[^"]+")(\[\])?|\[\])(\.([^.\[\]"\s]+|"[^"]+")(\[\])?)*$`)
	typeForm    = regexp.MustCompile(`^(String|Number|Binary)(\..+)?$`)
)

// ruleOf is the rule of an `is` tag.
func ruleOf(is string) rule {
	switch is {
	case "":
		return rule{"", func(string) bool { return true }}
	case "text":
		return rule{"a text that is not empty", func(s string) bool { return strings.TrimSpace(s) != "" }}
	case "glob":
		return rule{"a pattern, with * for any letters, ? for one and [a-c] for one of some", func(s string) bool {
			_, err := path.Match(s, "")
			return s != "" && err == nil
		}}
	case "level":
		return rule{"view, peek or change", func(s string) bool { _, err := guard.ParseLevel(s); return err == nil }}
	case "region":
		return rule{"a region such as eu-west-1", regionForm.MatchString}
	case "account":
		return rule{"twelve digits", accountForm.MatchString}
	case "url":
		return rule{"an address such as http://127.0.0.1:9324", func(s string) bool {
			u, err := url.Parse(s)
			return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != ""
		}}
	case "path":
		return rule{"a path such as .customer.email or .items[].card", maskForm.MatchString}
	case "place":
		return rule{"a path such as .order.type, or attribute:NAME", func(s string) bool {
			name, isAttribute := strings.CutPrefix(s, ColumnAttribute)
			return isAttribute && name != "" || strings.HasPrefix(s, ".") && maskForm.MatchString(s)
		}}
	case "attribute": // of a map's key
		return rule{"a name, or a name, a colon and String, Number or Binary", func(s string) bool {
			name, kind, typed := strings.Cut(s, ":")
			return name != "" && (!typed || typeForm.MatchString(kind))
		}}
	case "color":
		return names(Colors()...)
	case "column":
		return names(Columns()...)
	case "message column":
		all := names(MessageColumns()...)
		return rule{all.what + ", attribute:NAME, or a jq path that begins with a dot", func(s string) bool {
			name, isAttribute := strings.CutPrefix(s, ColumnAttribute)
			return all.ok(s) || isAttribute && name != "" || len(s) > 1 && strings.HasPrefix(s, ColumnPath)
		}}
	case "mode":
		return names("deny", "allow")
	case "clipboard":
		return names("auto", "native", "osc52", "off")
	}
	return between(is)
}

// between is the rule of a range, as 1..900.
func between(is string) rule {
	low, high, _ := strings.Cut(is, "..")
	from, err1 := strconv.ParseFloat(low, 64)
	to, err2 := strconv.ParseFloat(high, 64)
	if err := errors.Join(err1, err2); err != nil {
		panic("config: the tag is:\"" + is + "\": " + err.Error()) // a test reads every tag
	}
	return rule{"a number from " + low + " to " + high, func(s string) bool {
		n, err := strconv.ParseFloat(s, 64)
		return err == nil && n >= from && n <= to
	}}
}

// check holds every value against its rule. One that breaks it gets its default.
func (r *reader) check() {
	r.checkTable(reflect.ValueOf(&r.config.Settings).Elem(), reflect.ValueOf(Default()), "")
}

func (r *reader) checkTable(v, def reflect.Value, at string) {
	for i := range v.NumField() {
		f := v.Type().Field(i)
		r.checkValue(v.Field(i), def.Field(i), tomlfile.Join(at, f.Tag.Get("toml")), ruleOf(f.Tag.Get("is")))
	}
}

func (r *reader) checkValue(v, def reflect.Value, at string, is rule) {
	if !r.file.Has(at) {
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		r.checkTable(v, def, at)
	case reflect.Slice:
		r.checkList(v, def, at, is)
	case reflect.Map:
		r.checkKeys(v, at, is)
	case reflect.Interface, reflect.Bool:
	default:
		s := valueText(v)
		if !is.ok(s) {
			r.errorf(at, is.what, "%s cannot be %q", tomlfile.Name(at), s)
			v.Set(def)
		}
	}
}

// checkList leaves out the texts that break the rule; if none is left, the
// default holds.
func (r *reader) checkList(v, def reflect.Value, at string, is rule) {
	if v.Type().Elem().Kind() == reflect.Struct {
		for i := range v.Len() {
			e := v.Index(i)
			r.checkTable(e, reflect.Zero(e.Type()), tomlfile.Join(at, strconv.Itoa(i)))
		}
		return
	}
	kept := reflect.MakeSlice(v.Type(), 0, v.Len())
	wrong := false
	seen := map[string]bool{}
	for i := range v.Len() {
		s := v.Index(i).String()
		switch path := tomlfile.Join(at, strconv.Itoa(i)); {
		case !is.ok(s):
			wrong = true
			r.errorf(path, is.what, "%s cannot have %q", tomlfile.Name(at), s)
		case seen[s]:
			r.errorf(path, "each once", "%s has %q twice", tomlfile.Name(at), s)
		default:
			kept = reflect.Append(kept, v.Index(i))
		}
		seen[s] = true
	}
	// Columns are a whole: with one of them wrong, what would be left is nobody's
	// wish.
	if kept.Len() == 0 && v.Len() > 0 || wrong && strings.HasSuffix(at, "columns") {
		kept = def
	}
	v.Set(kept)
}

// checkKeys leaves out what has a name that breaks the rule.
func (r *reader) checkKeys(v reflect.Value, at string, is rule) {
	for _, key := range v.MapKeys() {
		if !is.ok(key.String()) {
			r.errorf(tomlfile.Join(at, key.String()), is.what, "%s cannot have %q", tomlfile.Name(at), key.String())
			v.SetMapIndex(key, reflect.Value{})
		}
	}
}

// valueText is a value as people write it.
func valueText(v reflect.Value) string {
	switch v.Kind() {
	case reflect.Int:
		return strconv.FormatInt(v.Int(), 10)
	case reflect.Float64:
		return strconv.FormatFloat(v.Float(), 'g', -1, 64)
	}
	return v.String()
}
