package doctor

import (
	"fmt"

	"sqscope/backend"
	"sqscope/backend/rules"
)

// scanWindow is how many of a FIFO queue's messages SQS looks through for groups
// that can be received (3.3).
const scanWindow = 120_000

// near tells whether n is so close to a limit that it may soon be reached.
func near(n, limit int) bool { return n >= limit/100*80 }

// inFlightCeiling: receives are about to get nothing any more.
func inFlightCeiling(q *queue) []Finding {
	n, ok := q.number(backend.AttrMessagesNotVisible)
	if !ok || !near(n, rules.MaxInFlight) {
		return nil
	}
	end := "refused with OverLimit, or answered with nothing if they wait"
	if q.fifo() {
		end = "answered with nothing, without an error"
	}
	return found(Blocks, "The limit of messages in flight is near",
		fmt.Sprintf("%s of about %s that can be are in flight. Beyond it receives are %s, whatever is waiting.",
			count(n), count(rules.MaxInFlight), end),
		Fix{Note: "Consumers receive more than they delete: see that they delete what they have processed and receive no more than " +
			"they can process, or hide messages for less time."})
}

// fifoBacklog: groups behind the scan window are not found.
func fifoBacklog(q *queue) []Finding {
	n, ok := q.number(backend.AttrMessages)
	if !ok || !q.fifo() {
		return nil
	}
	if inFlight, ok := q.number(backend.AttrMessagesNotVisible); ok {
		n += inFlight
	}
	if !near(n, scanWindow) {
		return nil
	}
	return found(Blocks, "The backlog nears what SQS looks through",
		fmt.Sprintf("%s are waiting or in flight, and SQS looks for groups to deliver among the first %s only. If those are of few "+
			"groups that are held up, consumers get nothing, although others could be processed.", messages(n), count(scanWindow)),
		Fix{Note: "Find the group that is held up, and process or dead-letter its first message; send the messages of one source in " +
			"more groups."})
}

// halfHighThroughput: one of the two attributes is set that together make a
// high-throughput FIFO queue.
func halfHighThroughput(q *queue) []Finding {
	scope, limit := q.Attributes[backend.AttrDeduplicationScope], q.Attributes[backend.AttrFifoThroughputLimit]
	switch {
	case !q.fifo():
		return nil
	case scope == "messageGroup" && limit == "perQueue":
		return found(Costs, "High throughput is half configured",
			"Deduplication is by message group, but the limit of 300 requests a second and action still holds for the whole queue: "+
				"FifoThroughputLimit is perQueue.",
			q.set(backend.AttrFifoThroughputLimit, "perMessageGroupId"))
	case scope == "queue" && limit == "perMessageGroupId":
		return found(Costs, "High throughput is half configured",
			"The limit is by message group, which takes effect only with deduplication by message group: DeduplicationScope is queue.",
			q.set(backend.AttrDeduplicationScope, "messageGroup").
				because("The same deduplication id in two groups is then no duplicate any more."))
	}
	return nil
}

// shortPolling: receives that find nothing are paid for. Lambda asks for long
// polls itself, and dead-letter queues are not polled.
func shortPolling(q *queue) []Finding {
	wait, ok := q.number(backend.AttrReceiveMessageWaitTimeSeconds)
	if !ok || wait > 0 || q.Embedded || q.isDLQ() || q.looksLikeDLQ() || len(q.lambdas()) > 0 {
		return nil
	}
	price := 0.40 // USD a million requests
	if q.fifo() {
		price = 0.50
	}
	const short, long = 30 * 24 * 60 * 60, 30 * 24 * 60 * 60 / rules.MaxWait
	return found(Costs, "Receives do not wait for messages",
		fmt.Sprintf("Unless a consumer asks for it, a receive returns at once, and may miss messages that are there. One that asks every "+
			"second makes %s requests in 30 d, about %.2f USD; with waits of %d s it makes %s while there is nothing, about %.2f USD.",
			count(short), short*price/1e6, rules.MaxWait, count(long), long*price/1e6),
		q.setNumber(backend.AttrReceiveMessageWaitTimeSeconds, rules.MaxWait).
			because("The HTTP client of a consumer has to wait for more than 20 s."))
}
