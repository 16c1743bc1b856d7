package move

import (
	"maps"
	"time"

	"sqscope/backend"
)

// tally counts messages.
type tally struct {
	seen, chosen, sent, deleted, released int

	named int // of those named, that came
	past  int // of an earlier run, that did not come yet
	owed  int // sent and not deleted, and not on lease

	outcomes map[Outcome]int
	reasons  map[string]int

	samples []sample // of the last while
}

type sample struct {
	at   time.Time
	sent int
}

const rateWindow = 10 * time.Second

// record notes what became of a message that was chosen; a later word replaces an
// earlier one.
func (r *run) record(it *item, o Outcome, newID string, why *backend.Error) {
	m := Message{
		ID: it.m.MessageId, MD5: it.m.MD5OfBody, NewID: newID, NewMD5: it.l.digest.NewMD5,
		NewAttributes: it.l.digest.NewAttributes, Group: it.l.digest.Group, Outcome: o, Why: why,
	}
	switch {
	case it.past != nil:
		m.To, _ = backend.ParseARN(it.past.to) // what we wrote; a broken one is the zero ARN
		m.ID, m.MD5, m.NewMD5 = it.past.ID, it.past.MD5, it.past.NewMD5
		m.NewAttributes, m.Group = it.past.NewAttributes, it.past.Group
	case it.l.digest.ID != "":
		m.To = r.o.To[it.l.to].ARN
	}
	if it.at < 0 {
		it.at = len(r.result.Messages)
		r.result.Messages = append(r.result.Messages, m)
	} else {
		r.tally.count(r.result.Messages[it.at], -1)
		r.result.Messages[it.at] = m
	}
	r.tally.count(m, 1)
	if r.o.Each != nil {
		r.o.Each(m)
	}
}

func (t *tally) count(m Message, by int) {
	t.outcomes[m.Outcome] += by
	if m.Why == nil {
		return
	}
	if t.reasons[m.Why.Message] += by; t.reasons[m.Why.Message] == 0 {
		delete(t.reasons, m.Why.Message)
	}
}

func (r *run) progress() Progress {
	now := time.Now()
	t := &r.tally
	p := Progress{
		ID: r.log.id, Seen: t.seen, Chosen: t.chosen, Sent: t.sent, Deleted: t.deleted, Released: t.released,
		Leased:   max(0, t.seen-t.deleted-t.released),
		Failed:   t.outcomes[Failed] + t.outcomes[Left] + t.outcomes[Swallowed],
		Doubtful: t.outcomes[PossibleDuplicate], Reasons: maps.Clone(t.reasons), Rate: t.rate(now),
		Remain: -1, Elapsed: now.Sub(r.began),
	}
	switch {
	case r.resuming:
		p.Remain = t.past
	case r.named != nil:
		p.Remain = len(r.named) - t.named
	case r.o.From.Visible >= 0:
		p.Remain = max(0, r.o.From.Visible-t.seen)
	}
	return p
}

// rate is the messages sent a second, over the last while.
func (t *tally) rate(now time.Time) float64 {
	t.samples = append(t.samples, sample{now, t.sent})
	for now.Sub(t.samples[0].at) > rateWindow {
		t.samples = t.samples[1:]
	}
	past := now.Sub(t.samples[0].at).Seconds()
	if past == 0 {
		return 0
	}
	return float64(t.sent-t.samples[0].sent) / past
}
