package doctor

import (
	"fmt"
	"strings"

	"sqscope/backend"
	"sqscope/backend/rules"
)

// looksLikeDLQ tells whether the queue was meant to be a dead-letter queue, by
// its name or since it says who may redrive into it. That makes it none (6.3).
func (q *queue) looksLikeDLQ() bool {
	name := strings.ToLower(q.Queue.Name)
	for _, sign := range []string{"dlq", "deadletter", "dead-letter", "dead_letter"} {
		if strings.Contains(name, sign) {
			return true
		}
	}
	doc := q.Attributes[backend.AttrRedriveAllowPolicy]
	p, err := rules.ParseRedriveAllowPolicy(doc)
	return doc != "" && err == nil && p.Permission != rules.DenyAll
}

// orphanDLQ: dead letters that no queue's own redrive brings back.
func orphanDLQ(q *queue) []Finding {
	n := stored(q.Attributes)
	if n == 0 || !q.SourcesKnown || q.isDLQ() || !q.looksLikeDLQ() || q.Attributes[backend.AttrRedrivePolicy] != "" {
		return nil
	}
	return found(Loses, "It looks like a dead-letter queue, has "+messages(n)+", and no queue names it",
		fmt.Sprintf("No RedrivePolicy names this queue, so what was dead-lettered here may be forgotten; it is deleted when it is %s "+
			"old. It is in use all the same if an SNS subscription or a Lambda function sends its failures here.", q.lifetime()),
		Fix{Open: DeadLetters, Note: "Look at the messages and bring them back, or name the queue in a RedrivePolicy again."})
}

// deadLettersWaiting: somebody has to look at them.
func deadLettersWaiting(q *queue) []Finding {
	n := stored(q.Attributes)
	if n == 0 || !q.isDLQ() {
		return nil
	}
	title := count(n) + " dead letters are waiting"
	if n == 1 {
		title = "1 dead letter is waiting"
	}
	from := q.Sources[0].Name
	if len(q.Sources) > 1 {
		from = fmt.Sprintf("%s and %d more", from, len(q.Sources)-1)
	}
	return found(Informs, title,
		fmt.Sprintf("They failed in %s. They stay until somebody deletes or redrives them, or until they are %s old.", from, q.lifetime()),
		Fix{Open: DeadLetters})
}

// dlqOfDLQ: dead letters are dead-lettered in their turn.
func dlqOfDLQ(q *queue) []Finding {
	if !q.isDLQ() || q.unfit() || len(dlqLoop(q)) > 0 {
		return nil
	}
	often := "often enough"
	if q.receives > 0 {
		often = receipts(q.receives)
	}
	fix := q.set(backend.AttrRedrivePolicy, "")
	fix.Changes[0].From = "to " + q.target.Name
	return found(Blocks, "The dead-letter queue has a dead-letter queue itself",
		fmt.Sprintf("To look at dead letters is to receive them: after %s here they go on to %s, where those who look for them "+
			"may not find them.", often, q.target.Name),
		fix.because("If a program processes this queue and its failures are to be kept apart, leave it as it is."))
}

// smallerThanDLQ: what waits there may be too large to be sent here again.
func smallerThanDLQ(q *queue) []Finding {
	here, ok := q.number(backend.AttrMaximumMessageSize)
	there, known := number(q.DLQ, backend.AttrMaximumMessageSize)
	if !ok || !known || here >= there || stored(q.DLQ) == 0 || q.unfit() {
		return nil
	}
	return found(Informs, "Dead letters may be too large to be sent here again",
		fmt.Sprintf("This queue takes messages of up to %s bytes, and %s, which has %s, of up to %s. One that was dead-lettered before "+
			"the limit here was lowered is refused when it is sent back.", count(here), q.target.Name, messages(stored(q.DLQ)), count(there)),
		q.setNumber(backend.AttrMaximumMessageSize, there))
}
