package backendtest

import (
	"reflect"
	"testing"
)

// The file of vectors is known to the last member: a part or a member that it
// gains is refused where it is read, and one that is lost, renamed or empty
// shows here, so that no test runs over nothing.
func TestNoPartOfTheVectorsIsEmpty(t *testing.T) {
	v := readVectors(t)
	for _, empty := range empties("vectors", []reflect.Value{reflect.ValueOf(v)}) {
		t.Errorf("%s has no value anywhere in %s", empty, vectorFile)
	}
	seen := map[int]bool{}
	for i, c := range v.Errors {
		if c.ID != i+1 || seen[c.ID] {
			t.Errorf("error case %d is not where its number says", c.ID)
		}
		seen[c.ID] = true
	}
	for id := range notHere {
		if !seen[id] {
			t.Errorf("error case %d is left out and does not exist", id)
		}
	}
}

// empties are the paths of fields that are zero, or without elements, in all of
// the values of a type.
func empties(path string, values []reflect.Value) (paths []string) {
	var parts []reflect.Value // that are not zero
	for _, v := range values {
		if v.Kind() == reflect.Pointer && !v.IsNil() {
			v = v.Elem()
		}
		if list := v.Kind() == reflect.Slice || v.Kind() == reflect.Map; !v.IsZero() && (!list || v.Len() > 0) {
			parts = append(parts, v)
		}
	}
	if len(parts) == 0 {
		return []string{path}
	}
	switch t := parts[0].Type(); t.Kind() {
	case reflect.Struct:
		for i := range t.NumField() {
			if t.Field(i).Name == "Note" {
				continue // a remark, where there is one to make
			}
			var fields []reflect.Value
			for _, p := range parts {
				fields = append(fields, p.Field(i))
			}
			paths = append(paths, empties(path+"."+t.Field(i).Name, fields)...)
		}
	case reflect.Slice:
		if t.Elem().Kind() != reflect.Struct {
			return nil
		}
		var elements []reflect.Value
		for _, p := range parts {
			for i := range p.Len() {
				elements = append(elements, p.Index(i))
			}
		}
		return empties(path+"[]", elements)
	}
	return paths
}
