package scenario

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"sqscope/backend"
	"sqscope/backend/rules"
	"sqscope/backend/tomlfile"
)

// trouble is a fault of the engine that the file declares, with its times as
// durations since the actors' start; -1 is for ever.
type trouble struct {
	fault        backend.Fault
	after, until time.Duration
}

// at is the fault for actors that start at a time.
func (t trouble) at(start time.Time) backend.Fault {
	f := t.fault
	f.After = start.Add(t.after)
	if t.until >= 0 {
		f.Until = start.Add(t.until)
	}
	return f
}

// setFaults sets the faults when the actors start, so that the messages that are
// there by then come to no harm.
func (r *Run) setFaults(ctx context.Context, s *Scenario) error {
	now := r.clock.Now()
	for _, t := range s.troubles {
		if _, err := r.engine.SetFault(ctx, t.at(now)); err != nil {
			return r.setUpError(string(t.fault.Kind), err)
		}
	}
	return nil
}

const (
	maxFaultDuration = time.Hour // the longest latency or lag that an engine takes
	maxFaultCount    = 1_000_000_000
)

func (c *compiler) compileFaults() error {
	ids := map[string]bool{}
	for i, table := range c.file.Faults {
		path := tomlfile.Path("faults", i)
		t, err := c.compileFault(path, table)
		if err != nil {
			return err
		}
		if t.fault.ID == "" {
			t.fault.ID = "scenario-" + strconv.Itoa(i+1)
		}
		if len(t.fault.ID) > rules.MaxId || ids[t.fault.ID] {
			return c.doc.Errorf(path+".id", "an id of its own of at most "+strconv.Itoa(rules.MaxId)+" bytes",
				"a fault cannot have the id %q", t.fault.ID)
		}
		ids[t.fault.ID] = true
		c.s.troubles = append(c.s.troubles, t)
	}
	return nil
}

func (c *compiler) compileFault(path string, table faultTable) (t trouble, err error) {
	f := &t.fault
	f.ID = table.ID
	if f.Kind, err = c.faultKind(path+".kind", table.Kind); err != nil {
		return t, err
	}
	if table.Queue != "" {
		if _, err = c.queue(path+".queue", table.Queue); err != nil {
			return t, err
		}
		f.Queue = table.Queue
	}
	if f.Action = table.Action; f.Action != "" && !slices.Contains(f.Kind.Actions(), f.Action) {
		return t, c.doc.Errorf(path+".action", tomlfile.OneOf(f.Action, f.Kind.Actions()), "the fault %s cannot happen in %q", f.Kind, f.Action)
	}
	if table.Status != nil && f.Kind != backend.FaultServerError {
		return t, c.doc.Errorf(path+".status", "a status with "+string(backend.FaultServerError)+" only", "a %s has no status", f.Kind)
	}
	if f.Status, err = c.within(path+".status", table.Status, 0, 500, 599); err != nil {
		return t, err
	}
	if f.Duration, err = c.faultDuration(path, f.Kind, table.Duration); err != nil {
		return t, err
	}
	if f.Probability, err = c.fraction(path+".probability", table.Probability, 1, 0, 1); err != nil {
		return t, err
	}
	if f.Probability == 0 {
		return t, c.doc.Errorf(path+".probability", "above 0, up to 1", "a fault of probability 0 never happens")
	}
	if f.Count, err = c.within(path+".count", table.Count, 0, 1, maxFaultCount); err != nil {
		return t, err
	}
	return t, c.faultTimes(path, table, &t)
}

func (c *compiler) faultKind(path, name string) (backend.FaultKind, error) {
	var kinds []string
	for _, k := range backend.FaultKinds() {
		kinds = append(kinds, string(k))
	}
	switch {
	case name == "":
		return "", c.doc.Errorf(path, "one of "+strings.Join(kinds, ", "), "the kind of the fault is missing")
	case !slices.Contains(kinds, name):
		return "", c.doc.Errorf(path, tomlfile.OneOf(name, kinds), "there is no kind of fault %q", name)
	}
	return backend.FaultKind(name), nil
}

func (c *compiler) faultDuration(path string, kind backend.FaultKind, s string) (time.Duration, error) {
	timed := kind == backend.FaultLatency || kind == backend.FaultLaggingCounts
	switch {
	case timed && s == "":
		return 0, c.doc.Errorf(path, `duration = "2s"`, "a %s needs a duration", kind)
	case !timed && s != "":
		return 0, c.doc.Errorf(path+".duration", "a duration with latency and laggingCounts only", "a %s has no duration", kind)
	}
	return c.duration(path+".duration", s, 0, time.Millisecond, maxFaultDuration)
}

func (c *compiler) faultTimes(path string, table faultTable, t *trouble) (err error) {
	if t.after, err = c.duration(path+".after", table.After, 0, 0, maxAge); err != nil {
		return err
	}
	if t.until, err = c.duration(path+".until", table.Until, -1, 0, maxAge); err != nil {
		return err
	}
	if t.until >= 0 && t.until <= t.after {
		return c.doc.Errorf(path+".until", "later than "+t.after.String(), "the fault would end before it begins")
	}
	return nil
}
