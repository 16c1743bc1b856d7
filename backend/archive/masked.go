package archive

import "sqscope/backend/rules"

// Mask is the record with another body, in which masks hide something. Its digest
// is that of what is left: the one of the true body would tell it to whoever can
// guess.
func (r Record) Mask(body string) Record {
	r.Body, r.BodyEncoding = encoded(body)
	r.MD5OfBody, r.Masked = rules.MD5OfBody(body), true
	return r
}
