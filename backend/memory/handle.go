package memory

import (
	"encoding/base64"
	"encoding/binary"

	"sqscope/backend"
	"sqscope/backend/rules"
)

// A receipt handle stands for one receive of one message of one queue. Base64 of
//
//	3 bytes  1 1 1, so that it begins with AQEB as AWS's do
//	8 bytes  the queue's id
//	8 bytes  digest of the rest and of a secret of the engine
//	8 bytes  the message's sequence, masked
//	4 bytes  the number of the receive, masked
//
// The digest tells garbage from handles, and handles of an older run from ours;
// the masks keep anybody from reading meaning into them (docs/SQS.md 5.4).
const handleBytes = 3 + 8 + 8 + 8 + 4

func (q *queue) handle(seq uint64, receipt uint32) string {
	digest := q.digest(q.id, seq, receipt)
	mask := mix(q.secret, digest)
	var room [handleBytes]byte
	b := append(room[:0], 1, 1, 1)
	b = binary.BigEndian.AppendUint64(b, q.id)
	b = binary.BigEndian.AppendUint64(b, digest)
	b = binary.BigEndian.AppendUint64(b, seq^mask)
	b = binary.BigEndian.AppendUint32(b, receipt^uint32(mask))
	var text [(handleBytes + 2) / 3 * 4]byte
	base64.StdEncoding.Encode(text[:], b)
	return string(text[:])
}

// open reads a handle of this queue. Any other is no handle (1.14).
func (q *queue) openHandle(handle string) (seq uint64, receipt uint32, err error) {
	if handle == "" {
		return 0, 0, rules.Missing("ReceiptHandle")
	}
	var b [handleBytes + 3]byte
	n := 0
	if len(handle) == base64.StdEncoding.EncodedLen(handleBytes) {
		n, err = base64.StdEncoding.Strict().Decode(b[:], []byte(handle))
	}
	if err != nil || n != handleBytes || b[0] != 1 || b[1] != 1 || b[2] != 1 {
		return 0, 0, badHandle(handle, "")
	}
	id, digest := binary.BigEndian.Uint64(b[3:]), binary.BigEndian.Uint64(b[11:])
	mask := mix(q.secret, digest)
	seq, receipt = binary.BigEndian.Uint64(b[19:])^mask, binary.BigEndian.Uint32(b[27:])^uint32(mask)
	switch {
	case q.digest(id, seq, receipt) != digest:
		return 0, 0, badHandle(handle, "")
	case id != q.id:
		return 0, 0, badHandle(handle, "it belongs to another queue")
	}
	return seq, receipt, nil
}

func (q *queue) digest(id, seq uint64, receipt uint32) uint64 {
	return mix(mix(mix(q.secret, id), seq), uint64(receipt))
}

func badHandle(handle, hint string) error {
	e := backend.ErrorOf(backend.ErrReceiptHandleIsInvalid,
		"The input receipt handle \"%s\" is not a valid receipt handle.", handle)
	e.Next = hint
	return e
}
