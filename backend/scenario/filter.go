package scenario

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"sqscope/backend"
	"sqscope/backend/tomlfile"
)

// filter is the filter policy of a subscription, on message attributes: each of
// these attributes must match one of its conditions. It knows the conditions of
// SNS that have a meaning for one attribute of type String, String.Array or
// Number.
type filter map[string][]condition

// condition is one of a list of which one must match.
type condition struct {
	text    *string
	number  *float64
	prefix  *string
	suffix  *string
	besides []string // anything-but
	exists  *bool
	within  []bound
}

// bound is a half of a numeric condition.
type bound struct {
	operator string
	number   float64
}

func (f filter) passes(attrs map[string]backend.MessageAttribute) bool {
	for name, conditions := range f {
		a, there := attrs[name]
		if !slices.ContainsFunc(conditions, func(c condition) bool { return c.matches(a, there) }) {
			return false
		}
	}
	return true
}

func (c condition) matches(a backend.MessageAttribute, there bool) bool {
	if c.exists != nil {
		return *c.exists == there
	}
	if !there || a.BinaryValue != nil {
		return false
	}
	values := []string{a.StringValue.Value}
	if a.DataType == "String.Array" {
		var list []any
		if json.Unmarshal([]byte(a.StringValue.Value), &list) != nil {
			return false
		}
		values = nil
		for _, v := range list {
			if s, ok := v.(string); ok {
				values = append(values, s)
			}
		}
	}
	numeric := a.DataType == "Number" || strings.HasPrefix(a.DataType, "Number.")
	return slices.ContainsFunc(values, func(v string) bool { return c.holds(v, numeric) })
}

func (c condition) holds(v string, numeric bool) bool {
	switch {
	case c.text != nil:
		return v == *c.text
	case c.prefix != nil:
		return strings.HasPrefix(v, *c.prefix)
	case c.suffix != nil:
		return strings.HasSuffix(v, *c.suffix)
	case c.besides != nil:
		return !slices.Contains(c.besides, v)
	}
	n, err := strconv.ParseFloat(v, 64)
	if err != nil || !numeric {
		return false
	}
	if c.number != nil {
		return n == *c.number
	}
	return !slices.ContainsFunc(c.within, func(b bound) bool { return !b.holds(n) })
}

func (b bound) holds(n float64) bool {
	switch b.operator {
	case "=":
		return n == b.number
	case "<":
		return n < b.number
	case "<=":
		return n <= b.number
	case ">":
		return n > b.number
	}
	return n >= b.number
}

const filterForms = `"text", 12, { prefix = "a" }, { suffix = "z" }, { anything-but = ["b"] }, { exists = true } or { numeric = [">=", 10, "<", 20] }`

// filter reads a filter policy as TOML writes it.
func (c *compiler) filter(path string, table map[string]any) (filter, error) {
	if table == nil {
		return nil, nil
	}
	f := filter{}
	for _, name := range sortedKeys(table) {
		at := tomlfile.Join(path, name)
		list, ok := table[name].([]any)
		if !ok || len(list) == 0 {
			return nil, c.doc.Errorf(at, "a list of "+filterForms, "the filter of %q has no conditions", name)
		}
		for i, v := range list {
			one, ok := conditionOf(v)
			if !ok {
				return nil, c.doc.Errorf(tomlfile.Join(at, strconv.Itoa(i)), filterForms, "the filter of %q has a condition that SNS does not know", name)
			}
			f[name] = append(f[name], one)
		}
	}
	return f, nil
}

func conditionOf(v any) (c condition, ok bool) {
	switch v := v.(type) {
	case string:
		return condition{text: &v}, true
	case int64, float64:
		n, ok := number(v)
		return condition{number: &n}, ok
	case map[string]any:
		if len(v) != 1 {
			return c, false
		}
		for key, value := range v {
			return operatorOf(key, value)
		}
	}
	return c, false
}

func operatorOf(key string, value any) (c condition, ok bool) {
	switch v := value.(type) {
	case string:
		switch key {
		case "prefix":
			return condition{prefix: &v}, true
		case "suffix":
			return condition{suffix: &v}, true
		case "anything-but":
			return condition{besides: []string{v}}, true
		}
	case bool:
		return condition{exists: &v}, key == "exists"
	case []any:
		switch key {
		case "anything-but":
			for _, e := range v {
				s, ok := e.(string)
				if !ok {
					return c, false
				}
				c.besides = append(c.besides, s)
			}
			return c, len(v) > 0
		case "numeric":
			return bounds(v)
		}
	}
	return c, false
}

func bounds(list []any) (c condition, ok bool) {
	for i := 0; i+1 < len(list); i += 2 {
		operator, isText := list[i].(string)
		n, isNumber := number(list[i+1])
		if !isText || !isNumber || !slices.Contains([]string{"=", "<", "<=", ">", ">="}, operator) {
			return c, false
		}
		c.within = append(c.within, bound{operator, n})
	}
	return c, len(list) > 0 && len(list)%2 == 0 && len(list) <= 4
}
