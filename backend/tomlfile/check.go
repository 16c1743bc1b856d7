package tomlfile

import (
	"reflect"
	"strings"

	"github.com/pelletier/go-toml/v2/unstable"

	"sqscope/backend"
)

// check compares every key and value with the struct, and stops at so many
// problems (-1: never). wrong holds the paths that are not to be taken.
func (f *File) check(t reflect.Type, o Options, limit int) (problems []*backend.Error, wrong map[string]bool) {
	wrong = map[string]bool{}
	for _, path := range f.order {
		if o.Format != 0 && path == "format" {
			continue
		}
		if err := f.checkOne(t, path, wrong); err != nil {
			problems = append(problems, err)
			if len(problems) == limit {
				break
			}
		}
	}
	return problems, wrong
}

// checkOne finds the field that a path leads to and compares its type. Below
// what is wrong already nothing is said.
func (f *File) checkOne(t reflect.Type, path string, wrong map[string]bool) *backend.Error {
	keys := strings.Split(path, ".")
	at, array := "", "" // array: the innermost one around the value
	for _, key := range keys {
		t = target(t)
		parent := at
		if at = path[:len(at)+len(key)]; parent != "" {
			at = path[:len(parent)+1+len(key)]
		}
		if wrong[at] {
			return nil
		}
		switch t.Kind() {
		case reflect.Struct:
			field, ok := fieldOf(t, key)
			if !ok {
				wrong[at] = true
				return f.Errorf(path, OneOf(unmask(key), keysOf(t)), "unknown key %q", unmask(key))
			}
			t, array = field.Type, ""
		case reflect.Map:
			t, array = t.Elem(), ""
		case reflect.Slice:
			t, array = t.Elem(), parent
		default: // any, and what stands below it
			return nil
		}
	}
	t = target(t)
	if kind := f.places[path].kind; !fits(kind, t) {
		wrong[path] = true
		if array != "" {
			wrong[array] = true
		}
		return f.Errorf(path, describe(t), "%s cannot be %s", Name(path), nounOf(kind))
	}
	return nil
}

// target is what a type holds in the end.
func target(t reflect.Type) reflect.Type {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return t
}

func fieldOf(t reflect.Type, key string) (reflect.StructField, bool) {
	for i := range t.NumField() {
		f := t.Field(i)
		if f.Anonymous {
			if inner, ok := fieldOf(f.Type, key); ok {
				return inner, true
			}
		} else if f.Tag.Get("toml") == key {
			return f, true
		}
	}
	return reflect.StructField{}, false
}

func keysOf(t reflect.Type) []string {
	var keys []string
	for i := range t.NumField() {
		f := t.Field(i)
		if f.Anonymous {
			keys = append(keys, keysOf(f.Type)...)
		} else if key := f.Tag.Get("toml"); key != "" {
			keys = append(keys, key)
		}
	}
	return keys
}

func fits(kind unstable.Kind, t reflect.Type) bool {
	switch t.Kind() {
	case reflect.String:
		return kind == unstable.String
	case reflect.Int, reflect.Int64:
		return kind == unstable.Integer
	case reflect.Float64:
		return kind == unstable.Integer || kind == unstable.Float
	case reflect.Bool:
		return kind == unstable.Bool
	case reflect.Struct, reflect.Map:
		return kind == unstable.Table || kind == unstable.InlineTable
	case reflect.Slice:
		return kind == unstable.Array || kind == unstable.ArrayTable && tables(t)
	}
	return true
}

// tables tells whether a slice is one of tables.
func tables(t reflect.Type) bool {
	switch target(t.Elem()).Kind() {
	case reflect.Struct, reflect.Map, reflect.Interface:
		return true
	}
	return false
}

func describe(t reflect.Type) string {
	t = target(t)
	switch t.Kind() {
	case reflect.String:
		return "a text in quotes"
	case reflect.Int, reflect.Int64:
		return "a whole number"
	case reflect.Float64:
		return "a number"
	case reflect.Bool:
		return "true or false"
	case reflect.Struct:
		return "a table with the keys " + strings.Join(keysOf(t), ", ")
	case reflect.Map:
		return "a table of names, each with " + describe(t.Elem())
	case reflect.Slice:
		if tables(t) {
			return "an array of tables, written with double brackets"
		}
		return "an array in brackets, each element " + describe(t.Elem())
	}
	return "another value"
}

func nounOf(kind unstable.Kind) string {
	switch kind {
	case unstable.String:
		return "a text"
	case unstable.Integer:
		return "a whole number"
	case unstable.Float:
		return "a number"
	case unstable.Bool:
		return "true or false"
	case unstable.Array:
		return "an array"
	case unstable.ArrayTable:
		return "an array of tables"
	case unstable.Table, unstable.InlineTable:
		return "a table"
	}
	return "a date or time"
}
