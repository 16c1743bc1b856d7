package tomlfile

import (
	"maps"
	"reflect"
	"slices"
	"strconv"
)

// fill puts a value of the file into one of the program, but for the paths that
// are wrong. Every value was checked to fit.
func fill(to reflect.Value, from any, path string, wrong map[string]bool) {
	if wrong[path] {
		return
	}
	if to.Kind() == reflect.Pointer {
		if to.IsNil() {
			to.Set(reflect.New(to.Type().Elem()))
		}
		to = to.Elem()
	}
	switch to.Kind() {
	case reflect.Interface:
		to.Set(reflect.ValueOf(from))
	case reflect.Struct:
		table := from.(map[string]any)
		for i := range to.NumField() {
			f := to.Type().Field(i)
			if f.Anonymous {
				fill(to.Field(i), table, path, wrong)
				continue
			}
			key := f.Tag.Get("toml")
			if v, ok := table[key]; ok && key != "" {
				fill(to.Field(i), v, Join(path, key), wrong)
			}
		}
	case reflect.Map:
		fillMap(to, from.(map[string]any), path, wrong)
	case reflect.Slice:
		list := elements(from)
		s := reflect.MakeSlice(to.Type(), len(list), len(list))
		for i, v := range list {
			fill(s.Index(i), v, Join(path, strconv.Itoa(i)), wrong)
		}
		to.Set(s)
	default:
		if n, ok := from.(int64); ok && to.Kind() == reflect.Float64 {
			from = float64(n)
		}
		to.Set(reflect.ValueOf(from).Convert(to.Type()))
	}
}

// fillMap adds to what the map has. It does so in the order of the keys, so that
// the same file always does the same.
func fillMap(to reflect.Value, from map[string]any, path string, wrong map[string]bool) {
	m := reflect.MakeMapWithSize(to.Type(), len(from))
	for it := to.MapRange(); it.Next(); {
		m.SetMapIndex(it.Key(), it.Value())
	}
	for _, key := range slices.Sorted(maps.Keys(from)) {
		at := Join(path, key)
		if wrong[at] {
			continue
		}
		name := reflect.ValueOf(key).Convert(to.Type().Key())
		v := reflect.New(to.Type().Elem()).Elem()
		if old := m.MapIndex(name); old.IsValid() {
			v.Set(old)
		}
		fill(v, from[key], at, wrong)
		m.SetMapIndex(name, v)
	}
	to.Set(m)
}

// elements are those of an array of either form.
func elements(from any) []any {
	list, _ := from.([]any)
	return list
}
