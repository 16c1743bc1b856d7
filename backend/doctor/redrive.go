package doctor

import (
	"fmt"
	"slices"
	"strconv"

	"sqscope/backend"
	"sqscope/backend/rules"
)

// dlqMissing: the RedrivePolicy names a queue that does not exist. DeleteQueue
// does not ask who needs the queue.
func dlqMissing(q *queue) []Finding {
	if !q.DLQMissing || q.target == (backend.ARN{}) || q.elsewhere() {
		return nil
	}
	return found(Loses, "The dead-letter queue does not exist",
		fmt.Sprintf("The RedrivePolicy names %s, and there is no such queue. Messages that fail stay here, are received again and "+
			"again, and are deleted when they are %s old.", q.target.Name, q.lifetime()),
		Fix{Open: CreateDLQ, Note: "Make a queue of that name, or name another one."})
}

// dlqElsewhere: it is in another region, account or partition.
func dlqElsewhere(q *queue) []Finding {
	if q.target == (backend.ARN{}) || !q.elsewhere() {
		return nil
	}
	return found(Loses, "The dead-letter queue is in another account or region",
		fmt.Sprintf("The RedrivePolicy names %s. SQS moves messages within one account and region only, so nothing can be "+
			"dead-lettered, and messages that fail are deleted when they are %s old.", q.target, q.lifetime()),
		Fix{Open: RedriveForm, Note: "The dead-letter queue has to be in account " + q.self.Account + " and region " +
			q.self.Region + "."})
}

// dlqKind: a FIFO queue has a standard dead-letter queue, or the other way.
func dlqKind(q *queue) []Finding {
	if q.target == (backend.ARN{}) || q.elsewhere() || q.target.FIFO() == q.fifo() {
		return nil
	}
	kind := func(fifo bool) string { return map[bool]string{true: "a FIFO queue", false: "a standard queue"}[fifo] }
	return found(Loses, "The dead-letter queue is of the other kind",
		fmt.Sprintf("This is %s, and %s is %s. SQS wants both to be of one kind, so nothing can be dead-lettered, and messages "+
			"that fail are deleted when they are %s old.", kind(q.fifo()), q.target.Name, kind(!q.fifo()), q.lifetime()),
		Fix{Open: CreateDLQ, Note: "A queue cannot be turned into the other kind: it takes another dead-letter queue."})
}

// dlqLoop: messages that fail in the dead-letter queue come back.
func dlqLoop(q *queue) []Finding {
	if q.unfit() {
		return nil
	}
	back, _ := rules.ParseRedrivePolicy(q.DLQ[backend.AttrRedrivePolicy])
	self := q.target == q.self
	if !self && !slices.Contains(q.Sources, q.target) && back.DeadLetterTargetArn != q.self.String() {
		return nil
	}
	what := fmt.Sprintf("Messages that fail here go to %s, and those that fail there come back.", q.target.Name)
	if self {
		what = "The queue names itself, so that a message that fails stays where it is."
	}
	harm, end := Loses, "Nothing keeps them for somebody to look at, and they are deleted when they have been there too long."
	if q.fifo() {
		harm, end = Blocks, "On FIFO queues each move starts their time anew, so that they may go round for ever."
	}
	return found(harm, "Dead letters go in a circle", what+" "+end,
		Fix{Open: RedriveForm, Note: "Decide which queue is to keep the dead letters, and take its RedrivePolicy away."})
}

// dlqRetention: a dead letter is deleted sooner than it should be.
func dlqRetention(q *queue) []Finding {
	here, ok := q.number(backend.AttrMessageRetentionPeriod)
	there, known := number(q.DLQ, backend.AttrMessageRetentionPeriod)
	if !ok || !known || q.target == q.self || q.unfit() {
		return nil
	}
	var title, why string
	switch {
	case q.fifo() && there < here:
		title = "The dead-letter queue keeps messages less long than this queue"
		why = fmt.Sprintf("A dead letter is deleted %s after it was moved to %s, while this queue would have kept it for %s. "+
			"On FIFO queues the time starts anew with the move.", span(there), q.target.Name, span(here))
	case !q.fifo() && there <= here:
		title = "Dead letters may be deleted as soon as they arrive"
		why = fmt.Sprintf("A message keeps the time when it was sent, so that what it spends here is taken from the %s that %s "+
			"keeps it. Here it may spend up to %s: one that is dead-lettered then is gone at once.",
			span(there), q.target.Name, span(here))
	default:
		return nil
	}
	fix := set(q.target, q.DLQ, backend.AttrMessageRetentionPeriod, strconv.Itoa(rules.MaxRetention))
	if here == rules.MaxRetention && !q.fifo() {
		fix = Fix{Open: AttributeForm, Note: "The dead-letter queue keeps messages as long as SQS can. Only a shorter retention " +
			"here helps, and shortening it deletes the messages that are older already."}
	}
	return found(Loses, title, why, fix)
}

// noDLQ: messages that fail are never set aside.
func noDLQ(q *queue) []Finding {
	if q.Attributes[backend.AttrRedrivePolicy] != "" || !q.SourcesKnown || q.isDLQ() || q.looksLikeDLQ() {
		return nil
	}
	why := fmt.Sprintf("A message that cannot be processed is received again and again until it is %s old. Then it is deleted, "+
		"and nobody is told.", q.lifetime())
	if q.fifo() {
		why += " Until then it holds up all later messages of its group."
	}
	return found(Loses, "There is no dead-letter queue", why, Fix{Open: CreateDLQ})
}

// dlqDenies: the target's RedriveAllowPolicy does not name this queue. SQS looks
// at it when a RedrivePolicy is set, and does not say what it does later.
func dlqDenies(q *queue) []Finding {
	p, denied := q.denial()
	if !denied || q.target == q.self || q.unfit() {
		return nil
	}
	why := fmt.Sprintf("The RedriveAllowPolicy of %s does not let this queue use it. SQS refuses any RedrivePolicy that names it, "+
		"so the next deployment that sets one fails; AWS does not say whether messages are still moved.", q.target.Name)
	fix := Fix{Open: AttributeForm, Note: "Its RedriveAllowPolicy names 10 queues already, and cannot name more: allow all."}
	if len(p.SourceQueueArns) < rules.MaxSourceQueueArns {
		arns := append(slices.Clone(p.SourceQueueArns), q.self.String())
		fix = set(q.target, q.DLQ, backend.AttrRedriveAllowPolicy,
			document(map[string]any{"redrivePermission": rules.AllowByQueue, "sourceQueueArns": arns}))
	}
	return found(Blocks, "The dead-letter queue does not allow this queue", why, fix)
}

// denial is the RedriveAllowPolicy of the target, and whether it is known to
// leave this queue out.
func (q *queue) denial() (p rules.RedriveAllowPolicy, denied bool) {
	p, err := rules.ParseRedriveAllowPolicy(q.DLQ[backend.AttrRedriveAllowPolicy])
	return p, err == nil && p.Permission != rules.AllowAll &&
		(p.Permission == rules.DenyAll || !slices.Contains(p.SourceQueueArns, q.self.String()))
}

const (
	fewest       = 3 // fewer receives are too few
	fewestLambda = 5 // with Lambda, whose throttled receives count too; and what a fix sets
)

// enough is how often a message should be received before it counts as failed.
func (q *queue) enough() int {
	if len(q.lambdas()) > 0 {
		return fewestLambda
	}
	return fewest
}

// fewReceives: healthy messages are dead-lettered.
func fewReceives(q *queue) []Finding {
	if q.receives == 0 || q.receives >= q.enough() || q.target == q.self || q.unfit() {
		return nil
	}
	times := fmt.Sprintf("%d times", q.receives)
	if q.receives == 1 {
		times = "once"
	}
	why := fmt.Sprintf("A message that was received %s and not deleted goes to %s. Every receive counts, also one by a consumer "+
		"that crashed or was restarted, and each look at the message.", times, q.target.Name)
	if len(q.lambdas()) > 0 {
		why += " Lambda receives messages also when it has no room to run the function; AWS advises 5 at least."
	}
	fix := Fix{Open: AttributeForm, Note: "More receives take longer than the queue keeps messages: it has to keep them longer, or " +
		"hide them for less time."}
	if n := min(fewestLambda, q.mostReceives()); n >= q.enough() {
		fix = q.setReceives(n)
	}
	return found(Blocks, fmt.Sprintf("Messages are dead-lettered after %s", receipts(q.receives)), why, fix)
}

// mostReceives is how many receives fit into the time that the queue keeps a
// message, each of which hides it for the whole visibility timeout.
func (q *queue) mostReceives() int {
	if kept, hidden := q.retention(), q.visibility(); kept > 0 && hidden > 0 {
		return (kept - 1) / hidden
	}
	return rules.MaxReceiveCount
}

func receipts(n int) string {
	if n == 1 {
		return "1 receive"
	}
	return count(n) + " receives"
}

// lifetime is how old messages become in the queue, in words that "old" follows.
func (q *queue) lifetime() string {
	if n, ok := q.number(backend.AttrMessageRetentionPeriod); ok {
		return span(n)
	}
	return "too" // its retention is not known: too old
}
