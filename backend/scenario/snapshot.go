package scenario

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"time"

	"sqscope/backend"
	"sqscope/backend/memory"
)

// A run keeps a section of the engine's snapshots: the scenario itself, so that
// a restore needs no file, and what its actors hold, wait for and have counted.
// Whoever restores it has the same future.

const (
	sectionName    = "scenario"
	sectionVersion = 2 // 1 had producers and workers only
)

// section is JSON null where there are no actors to go on.
type section struct {
	Version  int           `json:"version"`
	Name     string        `json:"name"`
	Text     string        `json:"text"` // of the file
	Counters []int64       `json:"counters"`
	Waits    uint64        `json:"waits"`
	Tallies  []Tally       `json:"tallies,omitempty"`
	Actors   []actorRecord `json:"actors"`
}

// actorRecord is an actor. One of those at the end is set, by its kind.
type actorRecord struct {
	Name string `json:"name"`
	Dice []byte `json:"dice"`
	Counts
	Err   *errorRecord      `json:"err,omitempty"`
	Knobs map[string]string `json:"knobs,omitempty"` // that were turned

	Producer     *producerRecord   `json:"producer,omitempty"`
	Worker       *workerRecord     `json:"worker,omitempty"`
	Lambda       *lambdaRecord     `json:"lambda,omitempty"`
	Topic        *topicRecord      `json:"topic,omitempty"`
	StateMachine *machineRecord    `json:"stateMachine,omitempty"`
	Scaler       *scalerRecord     `json:"scaler,omitempty"`
	Downstream   *downstreamRecord `json:"downstream,omitempty"`
}

// kinds is how many of the kinds a record has.
func (r *actorRecord) kinds() int {
	n := 0
	for _, set := range []bool{
		r.Producer != nil, r.Worker != nil, r.Lambda != nil, r.Topic != nil, r.StateMachine != nil, r.Scaler != nil, r.Downstream != nil,
	} {
		if set {
			n++
		}
	}
	return n
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
		Tallies: r.tallies,
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
		r.sky.clear()
		for _, o := range r.outside {
			o.forget()
		}
		resume(r.actors)
	}, nil
}

// read makes the actors of a section, which do nothing yet.
func (r *Run) read(value json.RawMessage) (*play, error) {
	if value == nil || string(value) == "null" {
		return &play{}, nil
	}
	sec, err := decodeSection(value)
	if err != nil {
		return nil, err
	}
	s := r.Scenario()
	if s == nil || s.Name != sec.Name || string(s.text) != sec.Text {
		if s, err = Parse(sec.Name, []byte(sec.Text)); err != nil {
			bad := *backend.AsError(err)
			bad.Subject, bad.Message = "", bad.Subject+": "+bad.Message
			return nil, &bad
		}
	}
	p := newPlay(s)
	if len(sec.Counters) != len(s.counters) {
		return nil, wrong("%d counters were expected, not %d", len(s.counters), len(sec.Counters))
	}
	copy(p.counters, sec.Counters)
	if sec.Version > 1 { // before that there were none
		if len(sec.Tallies) != len(p.tallies) {
			return nil, wrong("tallies of %d queues were expected, not of %d", len(p.tallies), len(sec.Tallies))
		}
		for i, t := range sec.Tallies {
			if t.Queue != p.tallies[i].Queue {
				return nil, wrong("the tally of queue %s was expected, not of %s", p.tallies[i].Queue, t.Queue)
			}
		}
		p.tallies = sec.Tallies
	}
	p.waits = sec.Waits
	r.cast(p, 0)
	if len(sec.Actors) != len(p.actors) {
		return nil, wrong("%d actors were expected, not %d", len(p.actors), len(sec.Actors))
	}
	for i, a := range p.actors {
		if err := loadActor(a, sec.Actors[i], sec.Waits); err != nil {
			bad := *backend.AsError(err)
			bad.Message = "actor " + sec.Actors[i].Name + ": " + bad.Message
			return nil, &bad
		}
	}
	return p, nil
}

func loadActor(a actor, r actorRecord, waits uint64) error {
	if r.kinds() != 1 {
		return wrong("one kind of actor was expected")
	}
	if err := a.self().restore(r); err != nil {
		return err
	}
	if err := restoreKnobs(a, r.Knobs); err != nil {
		return err
	}
	if err := a.load(r); err != nil {
		return err
	}
	for _, w := range a.waiting() {
		if w.number > waits {
			return wrong("a wait of number 1 to %d was expected", waits)
		}
	}
	return nil
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

func timeOf(at int64) time.Time { return time.Unix(0, at).UTC() }

// stampOf and timeOrNone keep a time that may be none, as 0.
func stampOf(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixNano()
}

func timeOrNone(at int64) time.Time {
	if at == 0 {
		return time.Time{}
	}
	return timeOf(at)
}

func (w *wait) record() *waitRecord {
	if !w.on() {
		return nil
	}
	return &waitRecord{w.at.UnixNano(), w.number}
}

// load makes the wait of a record, which has no effect yet; nil is none.
func (w *wait) load(r *waitRecord) error {
	if r == nil {
		return nil
	}
	if r.At < 0 || r.Number == 0 {
		return wrong("a time and a number from 1 on were expected")
	}
	w.at, w.number = timeOf(r.At), r.Number
	return nil
}
