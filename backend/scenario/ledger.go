package scenario

import (
	"slices"

	"sqscope/backend"
)

// Ledger is what the actors have counted. It agrees with the engine's own counts
// as long as nobody else uses the queues.
func (r *Run) Ledger() Ledger {
	r.mu.Lock()
	defer r.mu.Unlock()
	l := Ledger{Actors: make([]Actor, len(r.actors)), Queues: slices.Clone(r.play.tallies)}
	for i, a := range r.actors {
		l.Actors[i] = a.state()
		l.Total.Add(&l.Actors[i].Counts)
	}
	return l
}

// record is what every actor has in a snapshot.
func (c *client) record() actorRecord {
	dice, err := c.pen.dice.MarshalBinary()
	if err != nil {
		panic("scenario: a PCG has no state: " + err.Error())
	}
	return actorRecord{Name: c.actor, Dice: dice, Counts: c.Counts, Err: recordError(c.err), Knobs: c.knobs}
}

func (c *client) restore(r actorRecord) (err error) {
	if r.Name != c.actor {
		return wrong("%s was expected", c.actor)
	}
	if err := c.pen.dice.UnmarshalBinary(r.Dice); err != nil {
		return wrong("its dice: %v", err)
	}
	c.Counts = r.Counts
	c.err, err = r.Err.error()
	return err
}

func recordError(err error) *errorRecord {
	if err == nil {
		return nil
	}
	e := backend.AsError(err)
	return &errorRecord{e.Kind.String(), e.Code, e.Shape, e.Status, e.Message, e.Action, e.Subject, e.Next}
}

// error is the error of a record, nil if there was none.
func (r *errorRecord) error() (error, error) {
	if r == nil {
		return nil, nil
	}
	for k := backend.KindInternal; k <= backend.KindUnsupported; k++ {
		if k.String() == r.Kind {
			return &backend.Error{
				Kind: k, Code: r.Code, Shape: r.Shape, Status: r.Status, Message: r.Message, Action: r.Action,
				Subject: r.Subject, Next: r.Next,
			}, nil
		}
	}
	return nil, wrong("%q is no kind of error", r.Kind)
}
