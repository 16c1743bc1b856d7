package rules

import (
	"strconv"
	"time"

	"sqscope/backend"
)

// Expiry is when a received message is lost, by its own attributes and its
// queue's retention (docs/SQS.md 5.9, 6.2, 7.3): retention counts from the time
// sent, which a move to a standard dead-letter queue keeps and a redrive sets
// anew. A move to a FIFO dead-letter queue restarts retention; whether the time
// sent tells of that move is not documented, so the time is then not exact: the
// message lives at least that long. It is zero where the attributes or the
// retention do not tell.
func Expiry(attributes map[string]string, fifo bool, retention time.Duration) (at time.Time, exact bool) {
	ms, err := strconv.ParseInt(attributes[backend.SysSentTimestamp], 10, 64)
	if err != nil || ms <= 0 || retention <= 0 {
		return time.Time{}, false
	}
	return time.UnixMilli(ms).Add(retention), !fifo || attributes[backend.SysDeadLetterQueueSourceArn] == ""
}
