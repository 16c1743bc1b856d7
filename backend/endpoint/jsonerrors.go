package endpoint

import "sqscope/backend"

// The texts in this file that docs/SQS.md 11.3 does not record follow the
// pattern of those that it does: FALSE_VALUE, the other Java classes, a number
// that is no integer. For bad JSON no text is recorded at all, so it says what
// is wrong and where.

// fail keeps the first error.
func (r *jsonReader) fail(format string, args ...any) {
	if r.err == nil {
		r.err = backend.ErrorOf(backend.ErrSerialization, format, args...)
	}
}

// malformed is the error for what is not JSON.
func (r *jsonReader) malformed(what string) {
	r.fail("The request is not valid JSON: %s at byte %d.", what, r.pos)
}

// notA is the error for a value of another type than the one expected.
func (r *jsonReader) notA(expected string) {
	switch r.peek() {
	case '{':
		r.mistyped("Start of structure or map found where not expected.")
	case '[':
		r.mistyped("Start of list found where not expected")
	case '"':
		r.mistyped("STRING_VALUE can not be converted to " + expected)
	case 't':
		r.mistyped("TRUE_VALUE can not be converted to " + expected)
	case 'f':
		r.mistyped("FALSE_VALUE can not be converted to " + expected)
	default:
		r.mistyped("NUMBER_VALUE can not be converted to " + expected)
	}
}

// mistyped fails with the text unless what stands there is no JSON at all.
func (r *jsonReader) mistyped(text string) {
	r.skip()
	r.fail("%s", text)
}
