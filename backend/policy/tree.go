package policy

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"sqscope/backend"
)

// kind is what a JSON value is, in the words of an error.
type kind string

const (
	isObject  kind = "an object"
	isList    kind = "a list"
	isText    kind = "a string"
	isNumber  kind = "a number"
	isBoolean kind = "a boolean"
	isNull    kind = "null"
)

// value is a JSON value with the members of its objects in their order.
type value struct {
	kind    kind
	text    string // of a string, a number or a boolean
	members []member
	items   []value
}

type member struct {
	name  string
	value value
}

// readTree reads a JSON document.
func readTree(doc string) (value, error) {
	if !utf8.ValidString(doc) {
		return value{}, invalid("policy", "save it as UTF-8", "is not UTF-8")
	}
	// A decoder of tokens is lenient with commas, so the grammar is checked first.
	var whole json.RawMessage
	if err := json.Unmarshal([]byte(doc), &whole); err != nil {
		where := "policy"
		var syntax *json.SyntaxError
		if errors.As(err, &syntax) {
			where = position(doc, int(syntax.Offset))
		}
		e := invalid(where, "correct the JSON", "is no JSON: %v", err)
		e.Err = err
		return value{}, e
	}
	dec := json.NewDecoder(strings.NewReader(doc))
	dec.UseNumber()
	return readValue(dec)
}

// position says where in a document the byte is after which it went wrong.
func position(doc string, offset int) string {
	before := doc[:max(0, min(offset, len(doc))-1)]
	line := strings.Count(before, "\n") + 1
	column := utf8.RuneCountInString(before[strings.LastIndexByte(before, '\n')+1:]) + 1
	return fmt.Sprintf("policy, line %d, column %d", line, column)
}

func readValue(dec *json.Decoder) (value, error) {
	token, err := dec.Token()
	if err != nil {
		return value{}, err
	}
	switch t := token.(type) {
	case string:
		return value{kind: isText, text: t}, nil
	case json.Number:
		return value{kind: isNumber, text: t.String()}, nil
	case bool:
		return value{kind: isBoolean, text: fmt.Sprint(t)}, nil
	case json.Delim:
		if t == '[' {
			return readList(dec)
		}
		return readObject(dec)
	}
	return value{kind: isNull}, nil
}

func readList(dec *json.Decoder) (value, error) {
	v := value{kind: isList}
	for dec.More() {
		item, err := readValue(dec)
		if err != nil {
			return v, err
		}
		v.items = append(v.items, item)
	}
	_, err := dec.Token()
	return v, err
}

func readObject(dec *json.Decoder) (value, error) {
	v := value{kind: isObject}
	for dec.More() {
		name, err := dec.Token()
		if err != nil {
			return v, err
		}
		of, err := readValue(dec)
		if err != nil {
			return v, err
		}
		v.members = append(v.members, member{fmt.Sprint(name), of})
	}
	_, err := dec.Token()
	return v, err
}

// invalid is an error about a place in a policy.
func invalid(where, next, format string, args ...any) *backend.Error {
	e := backend.Errorf(backend.KindInvalid, format, args...)
	e.Subject, e.Next = where, next
	return e
}
