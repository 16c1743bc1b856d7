package move

import (
	"cmp"

	"sqscope/backend"
)

// numbers tell by what SQS answers whether it swallowed a message as the
// duplicate of an earlier one: the answer to a duplicate has the id and the
// sequence number of the message that it repeats (docs/SQS.md 8.1), and sequence
// numbers grow within a group (8.2). Batches to FIFO queues go one after the
// other, so one job at a time has it.
type numbers struct {
	known map[string]bool   // message ids that destinations gave before
	last  map[string]string // by queue and group: the highest sequence number
	fresh map[string]string // likewise, of what cannot have been swallowed
}

// judge tells what became of a message that SQS confirmed: sent, swallowed, or
// unknown where nothing tells the two apart.
func (n *numbers) judge(it *item, to backend.ARN, out backend.SendMessageOutput, trust bool) (state, *backend.Error) {
	key := to.String() + "\n" + it.l.digest.Group
	last, number := n.last[key], out.SequenceNumber
	seen := n.known[out.MessageId] || out.MessageId == it.m.MessageId
	n.known[out.MessageId] = true
	switch {
	case seen || last != "" && compare(number, last) <= 0:
		e := backend.Errorf(backend.KindConflict, "was swallowed as a duplicate of message %s", out.MessageId)
		e.Subject, e.Next = it.m.MessageId, "it was kept in the source; move it with a new deduplication id, or delete it if that one is enough"
		return stateSwallow, e
	case it.l.digest.Own:
		n.fresh[key] = number
	case n.fresh[key] == "" && !trust:
		n.last[key] = number
		e := backend.Errorf(backend.KindConflict, "SQS says the same whether it took it or swallowed it as a duplicate")
		e.Subject, e.Next = it.m.MessageId, "it was kept in the source; look in the destination, or move with new deduplication ids"
		return stateUnknown, e
	}
	n.last[key] = number
	return stateSent, nil
}

// compare compares sequence numbers, which are decimal without a sign.
func compare(a, b string) int { return cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(a, b)) }
