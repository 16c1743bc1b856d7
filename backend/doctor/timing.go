package doctor

import (
	"fmt"
	"time"

	"sqscope/backend"
	"sqscope/backend/rules"
)

// retention is how long the queue keeps messages, in seconds; -1 if that is not
// known.
func (q *queue) retention() int {
	if n, ok := q.number(backend.AttrMessageRetentionPeriod); ok {
		return n
	}
	return -1
}

// visibility is the queue's visibility timeout, in seconds; -1 if that is not
// known.
func (q *queue) visibility() int {
	if n, ok := q.number(backend.AttrVisibilityTimeout); ok {
		return n
	}
	return -1
}

// lateDeadLetters: a message that fails every time is deleted before it was
// received often enough to be dead-lettered.
func lateDeadLetters(q *queue) []Finding {
	kept, hidden := q.retention(), q.visibility()
	if q.receives == 0 || kept < 0 || hidden <= 0 || hidden >= kept || q.receives <= q.mostReceives() || q.unfit() || q.target == q.self {
		return nil
	}
	fix := Fix{Open: AttributeForm, Note: "Keep messages longer, or hide them for less time, or let them be received less often."}
	if n := q.mostReceives(); n >= q.enough() {
		fix = q.setReceives(n)
	}
	return found(Loses, "Messages expire before they are dead-lettered",
		fmt.Sprintf("A message is dead-lettered after %s. Each hides it for %s unless the consumer gives it back sooner, which makes "+
			"%s in all; the queue keeps it for %s. One whose consumer crashes every time is deleted without a trace.",
			receipts(q.receives), span(hidden), span(q.receives*hidden), span(kept)), fix)
}

// expiresInFlight: a message that failed once is deleted before it can be
// received again.
func expiresInFlight(q *queue) []Finding {
	kept, hidden := q.retention(), q.visibility()
	if kept < 0 || hidden < kept {
		return nil
	}
	return found(Loses, "Messages expire while they are in flight",
		fmt.Sprintf("A message is hidden for %s when it is received, and the queue keeps it for %s. If its consumer crashes, it is "+
			"deleted before anybody can receive it again.", span(hidden), span(kept)),
		q.setNumber(backend.AttrMessageRetentionPeriod, rules.DefaultRetention))
}

// expiresDelayed: messages are deleted before anybody can receive them.
func expiresDelayed(q *queue) []Finding {
	kept := q.retention()
	delay, ok := q.number(backend.AttrDelaySeconds)
	if kept < 0 || !ok || delay < kept {
		return nil
	}
	return found(Loses, "Messages expire before they can be received",
		fmt.Sprintf("A message is delayed by %s after it was sent, and the queue keeps it for %s from then on.", span(delay), span(kept)),
		q.setNumber(backend.AttrMessageRetentionPeriod, rules.DefaultRetention))
}

// nearly is the part of their time after which messages are about to expire, in
// percent.
const nearly = 80

// expiring: the oldest message has little time left.
func expiring(q *queue) []Finding {
	kept := q.retention()
	if kept < 0 || !q.Oldest.Set || stored(q.Attributes) == 0 || !nearlyOver(q.Oldest.Value, kept) {
		return nil
	}
	fix := Fix{Note: "The queue keeps messages as long as SQS can: they have to be processed, or copied elsewhere."}
	for _, longer := range []int{24 * 60 * 60, rules.DefaultRetention, rules.MaxRetention} {
		if !nearlyOver(q.Oldest.Value, longer) {
			fix = q.setNumber(backend.AttrMessageRetentionPeriod, longer).
				because("It may take 15 min, and holds for the messages that are there.")
			break
		}
	}
	return found(Loses, "Messages are about to expire",
		fmt.Sprintf("The oldest of %s has been there for %s, and the queue keeps messages for %s. Nobody is told when they are deleted.",
			messages(stored(q.Attributes)), duration(q.Oldest.Value), span(kept)), fix)
}

func nearlyOver(age time.Duration, kept int) bool {
	return age >= time.Duration(kept)*time.Second*nearly/100
}

// lambdaFactor is how many times the function's timeout AWS advises the
// visibility timeout to be at least.
const lambdaFactor = 6

// forLambda is the visibility timeout that the mapped functions call for, in
// seconds, and the one that calls for it; 0 if none is known to.
func (q *queue) forLambda() (seconds int, m Mapping) {
	for _, l := range q.lambdas() {
		if l.Timeout <= 0 {
			continue
		}
		if n := int((lambdaFactor*l.Timeout + max(l.Window, 0)) / time.Second); n > seconds {
			seconds, m = min(n, rules.MaxVisibility), l
		}
	}
	return seconds, m
}

// visibilityLambda: messages become visible while Lambda still works on them.
func visibilityLambda(q *queue) []Finding {
	hidden := q.visibility()
	want, m := q.forLambda()
	if hidden < 0 || hidden >= want {
		return nil
	}
	why := fmt.Sprintf("Messages are hidden for %s, and %s may run for %s. AWS advises six times that",
		span(hidden), m.function(), duration(m.Timeout))
	if m.Window > 0 {
		why += " and the batching window of " + duration(m.Window)
	}
	why += ", since Lambda holds messages while it is throttled and tries batches again."
	if time.Duration(hidden)*time.Second < m.Timeout {
		why += " Now a message comes back while the function is still at work on it, and is processed twice."
	}
	return found(Blocks, "The visibility timeout is short for Lambda", why, q.setNumber(backend.AttrVisibilityTimeout, want))
}

// noVisibility: receiving hides nothing.
func noVisibility(q *queue) []Finding {
	if q.visibility() != 0 {
		return nil
	}
	why := "A message stays visible while it is being processed, so that every receive that names no timeout gets it again, and it " +
		"is processed by several consumers at once."
	if q.receives > 0 && q.target != (backend.ARN{}) {
		why += fmt.Sprintf(" After %s it is dead-lettered, however well it went.", receipts(q.receives))
	}
	want, _ := q.forLambda()
	return found(Blocks, "Received messages stay visible", why,
		q.setNumber(backend.AttrVisibilityTimeout, max(want, rules.DefaultVisibility)).
			because("Choose a time in which a message is surely processed."))
}

// longVisibility: what a crashed consumer had received comes back half a day
// later.
func longVisibility(q *queue) []Finding {
	if q.visibility() != rules.MaxVisibility {
		return nil
	}
	why := "When a consumer crashes, what it had received is hidden for the rest of 12 h. The time cannot be extended further, and " +
		"no other consumer can give the messages back."
	if q.fifo() {
		why += " Their groups stand still until then."
	}
	return found(Blocks, "Messages of a crashed consumer are hidden for 12 h", why, Fix{
		Open: AttributeForm,
		Note: "Choose a few times what processing takes; a consumer that needs more extends it with ChangeMessageVisibility.",
	})
}
