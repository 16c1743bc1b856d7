package rules

import (
	"maps"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"sqscope/backend"
)

// Tags checks tags that are to be added to those that a queue of that name has
// (docs/SQS.md 1.8). Every error but a missing map is an
// InvalidParameterValue.
func Tags(queue string, have, add map[string]string) error {
	if len(add) == 0 {
		return Missing("Tags")
	}
	total := len(have)
	for _, key := range slices.Sorted(maps.Keys(add)) {
		if e := tag(key, add[key]); e != nil {
			return e
		}
		if _, known := have[key]; !known {
			total++
		}
	}
	if total > MaxTags {
		return invalid("Too many tags added for queue %s.", queue)
	}
	return nil
}

func tag(key, value string) *backend.Error {
	switch {
	case key == "" || utf8.RuneCountInString(key) > MaxTagKey:
		return invalid("Tag keys must be between 1 and 128 characters in length.")
	case utf8.RuneCountInString(value) > MaxTagValue:
		return invalid(longTagValue)
	case reserved(key, "aws:"):
		return invalid(reservedTagKey)
	case !isTagText(key) || !isTagText(value):
		return invalid(badTagCharacter)
	}
	return nil
}

// isTagText tells whether s has only what a tag may have: letters and digits of
// any script, spaces, and a few signs.
func isTagText(s string) bool {
	return utf8.ValidString(s) && !strings.ContainsFunc(s, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) && !unicode.Is(unicode.Zs, r) &&
			!strings.ContainsRune("_.:/=+-@", r)
	})
}
