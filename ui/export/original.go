package export

import (
	"context"

	"sqscope/backend"
	"sqscope/backend/archive"
	"sqscope/backend/config"
	"sqscope/backend/decode"
	"sqscope/backend/peek"
)

// Original is a message that is to be copied, exported or opened elsewhere, with
// the masks that bind that.
type Original struct {
	peek.Message
	Queue backend.ARN
	URL   string
	Masks []config.Mask
}

// Open opens the body as far as the reader does, masked.
func (o Original) Open(ctx context.Context) decode.Result {
	return decode.Masked(ctx, decode.Decode(ctx, o.Message.Body, o.MessageAttributes), o.Masks)
}

// Body is the first layer: to the byte as received, or what masks leave of it.
func (o Original) Body(ctx context.Context) (body string, masked bool) {
	if len(o.Masks) == 0 {
		return o.Message.Body, false
	}
	r := o.Open(ctx)
	return r.Body(), r.Masked
}

// Record is the message as a line of a file.
func (o Original) Record(ctx context.Context) archive.Record {
	r := archive.RecordOf(o.Queue, o.Message.Message, o.State)
	if body, masked := o.Body(ctx); masked {
		return r.Mask(body)
	}
	return r
}
