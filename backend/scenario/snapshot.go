package scenario

import (
	"bytes"
	"context"
	"encoding/json"
	"io"

	"sqscope/backend"
	"sqscope/backend/memory"
)

// A run keeps a section of the engine's snapshots: the scenario itself, so that
// a restore needs no file, and what its actors hold, wait for and have counted.
// Whoever restores it has the same future.

const (
	sectionName    = "scenario"
	sectionVersion = 1
)

// section is JSON null where there are no actors to go on.
type section struct {
	Version  int           `json:"version"`
	Name     string        `json:"name"`
	Text     string        `json:"text"` // of the file
	Counters []int64       `json:"counters"`
	Waits    uint64        `json:"waits"`
	Actors   []actorRecord `json:"actors"`
}

// actorRecord is an actor. One of Producer and Worker is set.
type actorRecord struct {
	Name     string          `json:"name"`
	Dice     []byte          `json:"dice"`
	Done     uint64          `json:"done"`
	Failed   uint64          `json:"failed"`
	Err      *errorRecord    `json:"err,omitempty"`
	Producer *producerRecord `json:"producer,omitempty"`
	Worker   *workerRecord   `json:"worker,omitempty"`
}

type producerRecord struct {
	Began int64      `json:"began"` // as all times in Unix nanoseconds
	Next  waitRecord `json:"next"`
}

type workerRecord struct {
	Hands  []handRecord `json:"hands"`
	Idle   []int        `json:"idle"` // hands, the next to work at the end
	Pause  *waitRecord  `json:"pause,omitempty"`
	InLine uint64       `json:"inLine,omitempty"` // number of the wait
}

type handRecord struct {
	Batch []backend.Message `json:"batch,omitempty"`
	Fault int               `json:"fault,omitempty"` // number of the rule from 1
	Next  *waitRecord       `json:"next,omitempty"`
}

type waitRecord struct {
	At     int64  `json:"at"`
	Number uint64 `json:"number"`
}

type errorRecord struct {
	Kind    string `json:"kind"`
	Code    string `json:"code,omitempty"`
	Shape   string `json:"shape,omitempty"`
	Status  int    `json:"status,omitempty"`
	Message string `json:"message"`
	Action  string `json:"action,omitempty"`
	Subject string `json:"subject,omitempty"`
	Next    string `json:"next,omitempty"`
}

// Restore replaces all that an engine holds by what a snapshot holds, as the
// engine's own Restore does, and lets the actors that were at work then go on.
// From the first moment on they are the snapshot's: an engine whose clock runs
// is not without them for a while. No other run may be on the engine. A snapshot
// without a scenario gives a run without actors.
//
// The context bounds the reading and not the run. The errors are the engine's;
// those in the scenario of the snapshot name its line.
func Restore(ctx context.Context, engine *memory.Engine, file io.Reader) (*Run, error) {
	r := newRun(ctx, engine)
	engine.Keep(sectionName, r)
	if err := engine.Restore(ctx, file); err != nil {
		r.Stop()
		engine.Keep(sectionName, nil)
		return nil, err
	}
	return r, nil
}

// Save is the run's section of a snapshot (see [memory.Keeper]).
func (r *Run) Save() (json.RawMessage, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.stopped || r.scenario == nil {
		return json.RawMessage("null"), nil
	}
	s := section{
		Version: sectionVersion, Name: r.scenario.Name, Text: string(r.scenario.text), Counters: r.counters, Waits: r.waits,
	}
	for _, a := range r.actors {
		s.Actors = append(s.Actors, a.save())
	}
	return json.Marshal(s)
}

// Load looks into a section, and has the run go on from there once it is applied
// (see [memory.Keeper]). A run that was stopped stays so.
func (r *Run) Load(value json.RawMessage) (apply func(), err error) {
	p, err := r.read(value)
	if err != nil {
		return nil, err
	}
	return func() {
		r.mu.Lock()
		defer r.mu.Unlock()
		if r.stopped {
			return
		}
		for _, a := range r.actors {
			a.stop()
		}
		r.play = p
		resume(r.actors)
	}, nil
}

// read makes the actors of a section, which do nothing yet.
func (r *Run) read(value json.RawMessage) (play, error) {
	if value == nil || string(value) == "null" {
		return play{}, nil
	}
	sec, err := decodeSection(value)
	if err != nil {
		return play{}, err
	}
	s := r.Scenario()
	if s == nil || s.Name != sec.Name || string(s.text) != sec.Text {
		if s, err = Parse(sec.Name, []byte(sec.Text)); err != nil {
			bad := *backend.AsError(err)
			bad.Subject, bad.Message = "", bad.Subject+": "+bad.Message
			return play{}, &bad
		}
	}
	p := play{scenario: s, counters: sec.Counters, waits: sec.Waits}
	p.actors = r.cast(s, p.counters, 0)
	switch {
	case len(sec.Counters) != len(s.counters):
		return play{}, wrong("%d counters were expected, not %d", len(s.counters), len(sec.Counters))
	case len(sec.Actors) != len(p.actors):
		return play{}, wrong("%d actors were expected, not %d", len(p.actors), len(sec.Actors))
	}
	for i, a := range p.actors {
		if err := a.load(sec.Actors[i]); err != nil {
			bad := *backend.AsError(err)
			bad.Message = "actor " + sec.Actors[i].Name + ": " + bad.Message
			return play{}, &bad
		}
		for _, w := range a.waiting() {
			if w.number > sec.Waits {
				return play{}, wrong("actor %s: a wait of number 1 to %d was expected", sec.Actors[i].Name, sec.Waits)
			}
		}
	}
	return p, nil
}

func decodeSection(value json.RawMessage) (section, error) {
	var s section
	if err := json.Unmarshal(value, &struct {
		Version *int `json:"version"`
	}{&s.Version}); err != nil {
		return s, wrong("%v", err)
	}
	if s.Version > sectionVersion {
		err := wrong("it is of version %d, and this program knows up to %d", s.Version, sectionVersion)
		err.Next = "use a newer sqscope"
		return s, err
	}
	if s.Version < 1 {
		return s, wrong("a version of 1 to %d was expected, not %d", sectionVersion, s.Version)
	}
	dec := json.NewDecoder(bytes.NewReader(value))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&s); err != nil {
		return s, wrong("%v", err)
	}
	return s, nil
}

// wrong is an error in a section that says what was expected.
func wrong(format string, args ...any) *backend.Error {
	err := backend.Errorf(backend.KindInvalid, format, args...)
	err.Next = "use a snapshot as it was written"
	return err
}
