package rules

import (
	"maps"
	"slices"
	"strings"
	"unicode"

	"sqscope/backend"
)

// userAttributes checks the attributes that a sender puts on a message
// (docs/SQS.md 3.4), in the order of their names so that the same message
// always gets the same error.
func userAttributes(attrs map[string]backend.MessageAttribute) *backend.Error {
	if len(attrs) == 0 {
		return nil
	}
	if len(attrs) > MaxMessageAttributes {
		return invalid("Number of message attributes [%d] exceeds the allowed maximum [%d].",
			len(attrs), MaxMessageAttributes)
	}
	var room [MaxMessageAttributes]string
	names := room[:0]
	for name := range attrs {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		if e := attributeName(name); e != nil {
			return e
		}
		a := attrs[name]
		if e := userAttribute(name, &a); e != nil {
			return e
		}
	}
	return nil
}

// attributeName checks the name of a message attribute as AWS was seen to do,
// which is not all that its documentation says: letters beyond ASCII pass, and
// so do two periods in a row.
func attributeName(name string) *backend.Error {
	switch {
	case name == "":
		return invalid("The request must contain non-empty message (user) attribute names.")
	case reserved(name, "aws.") || reserved(name, "amazon."):
		return invalid("You can't use message attribute names beginning with 'AWS.' or 'Amazon'. " +
			"These strings are reserved for internal use.")
	case len(name) > MaxAttributeName:
		return invalid("Message (user) attribute name must be shorter than 256 bytes.")
	case name[0] == '.' || name[len(name)-1] == '.' || strings.ContainsFunc(name, notInName):
		return invalid(badAttributeName, name)
	}
	return nil
}

// reserved tells whether name begins with prefix, in whatever case.
func reserved(name, prefix string) bool {
	return len(name) >= len(prefix) && strings.EqualFold(name[:len(prefix)], prefix)
}

func notInName(r rune) bool {
	return r != '_' && r != '-' && r != '.' && !unicode.IsLetter(r) && !unicode.IsDigit(r)
}

// userAttribute checks the type of an attribute and then that it has the one
// value that goes with it.
func userAttribute(name string, a *backend.MessageAttribute) *backend.Error {
	base, label, labelled := strings.Cut(a.DataType, ".")
	if base != "String" && base != "Number" && base != "Binary" || labelled && !goodLabel(label) {
		return invalid("The type of message (user) attribute '%s' is invalid. You must use only the following "+
			"supported type prefixes: Binary, Number, String.", name)
	}
	if len(a.DataType) > MaxAttributeType {
		return invalid("Message (user) attribute type must be shorter than 256 bytes.")
	}
	if !a.StringValue.Set && a.BinaryValue == nil {
		return invalid("The message (user) attribute '%s' must contain a non-empty message attribute value.", name)
	}
	if a.StringValue.Set && a.BinaryValue != nil {
		return invalid(twoValues, name)
	}
	value := a.StringValue.Value
	if base == "Binary" && len(a.BinaryValue) == 0 || base != "Binary" && value == "" {
		return invalid("Message (user) attribute '%s' must contain a non-empty value of type '%s'.", name, base)
	}
	if at := firstRefused(value); at >= 0 {
		return invalid(badAttributeCharacter, characterName(value[at:]), name, allowedCharacters)
	}
	if base == "Number" && !isNumber(value) {
		return invalid("Can't cast the value of message (user) attribute '%s' to a number.", name)
	}
	return nil
}

// systemAttributes checks the attributes that are meant for SQS itself, of
// which there is one, of type String (3.4).
func systemAttributes(attrs map[string]backend.MessageAttribute) *backend.Error {
	if len(attrs) == 0 {
		return nil
	}
	trace, ok := attrs[backend.SysAWSTraceHeader]
	switch {
	case !ok || len(attrs) > 1:
		names := slices.Sorted(maps.Keys(attrs))
		names = slices.DeleteFunc(names, func(name string) bool { return name == backend.SysAWSTraceHeader })
		return invalid("Message system attribute name '%s' is invalid.", names[0])
	case trace.DataType != "String":
		return invalid(systemType, backend.SysAWSTraceHeader)
	case trace.StringValue.Value == "" || trace.BinaryValue != nil:
		return invalid(systemValue, backend.SysAWSTraceHeader)
	}
	if at := firstRefused(trace.StringValue.Value); at >= 0 {
		return invalid(badSystemCharacter, characterName(trace.StringValue.Value[at:]), backend.SysAWSTraceHeader,
			allowedCharacters)
	}
	return nil
}
