package archive

import (
	"encoding/base64"
	"unicode/utf8"

	"sqscope/backend/rules"
)

// Mask is the record with another body, in which masks hide something. Its digest
// is that of what is left: the one of the true body would tell it to whoever can
// guess.
func (r Record) Mask(body string) Record {
	r.Body, r.BodyEncoding, r.MD5OfBody, r.Masked = body, "text", rules.MD5OfBody(body), true
	if !utf8.ValidString(body) {
		r.Body, r.BodyEncoding = base64.StdEncoding.EncodeToString([]byte(body)), "base64"
	}
	return r
}
