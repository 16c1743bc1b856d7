// Package scenario fills the embedded engine: it reads seed files (TOML,
// described in docs/SCENARIOS.md), makes their queues, puts their first messages
// in, and lets their actors use those queues: producers, workers, functions,
// topics, state machines, scalers and the services that they call.
//
// An actor is a state machine on the engine's clock, not a goroutine. It acts
// only in events of that clock, which run one at a time with time standing
// still, and it takes its randomness from the seed and its own name. So the same
// file, seed and engine seed give the same log of events, until somebody else
// uses the engine too. When the clock stands, actors stand.
//
// Each actor keeps a ledger of what it has done, which [Run.Ledger] adds up, and
// [Run.Picture] shows all of them at a moment. [Run.Set] turns the knobs that
// [Run.Knobs] lists, while they are at work.
//
// A file can also set the engine's faults and say who its callers are. A run
// keeps a section of the engine's snapshots, with the scenario and all that its
// actors hold: who restores one has the same future, see [Restore].
//
// Delivery promise: a worker works as a careful consumer does. It forwards
// first and deletes last, so that a failure in between gives a duplicate and
// never a loss, and on a FIFO queue it gives back the rest of a group behind a
// message that failed.
//
// Lock order: a run's lock is taken inside a clock event, or while a snapshot
// keeps events away, and held while the engine is called. So nobody may call a
// run from within the engine, or take a snapshot with its lock held.
package scenario

import (
	"embed"
	"path"
	"strings"
	"time"

	"sqscope/backend"
	"sqscope/backend/tomlfile"
)

//go:embed seeds/*.toml
var seeds embed.FS

// Default is the name of the scenario that opens when none is asked for.
const Default = "shop"

// Format is the version of the file format that this program reads. A file says
// its own in `format`; a newer one is refused.
const Format = 1

// maxFile is the largest seed file in bytes.
const maxFile = 8 << 20

// Scenario is a seed file that was read and found right. It is not changed by
// being run, and may be run on any number of engines.
type Scenario struct {
	Name        string // of the embedded scenario, or the path of the file
	Title       string
	Description string

	text     []byte // of the file
	warmup   time.Duration
	queues   []queue
	messages []messages
	counters []counter
	troubles []trouble
	callers  []caller

	producers   []producerSpec
	workers     []workerSpec
	lambdas     []lambdaSpec
	topics      []topicSpec
	machines    []machineSpec
	scalers     []scalerSpec
	downstreams []downstreamSpec
}

// Names are the embedded scenarios, in alphabetical order.
func Names() []string {
	entries, err := seeds.ReadDir("seeds")
	if err != nil {
		panic(err) // The directory is part of the program.
	}
	var names []string
	for _, e := range entries {
		names = append(names, strings.TrimSuffix(e.Name(), ".toml"))
	}
	return names
}

// Load reads an embedded scenario by its name, or a seed file: what contains a
// path separator or ends in .toml is a path. The errors are those of [Parse];
// KindNotFound for an unknown name or a file that is not there; KindDenied for
// one that may not be read.
func Load(name string) (*Scenario, error) {
	if strings.ContainsAny(name, `/\`) || strings.HasSuffix(name, ".toml") {
		data, err := tomlfile.Load(name, "seed file", maxFile)
		if err != nil {
			return nil, err
		}
		return Parse(name, data)
	}
	data, err := seeds.ReadFile(path.Join("seeds", name+".toml"))
	if err != nil {
		return nil, &backend.Error{
			Kind: backend.KindNotFound, Subject: name, Message: "there is no scenario of this name", Err: err,
			Next: "a path of a .toml file will do, or take " + tomlfile.OneOf(name, Names()),
		}
	}
	return Parse(name, data)
}

// Queues are the names of the queues that the scenario makes, in file order.
func (s *Scenario) Queues() []string {
	names := make([]string, len(s.queues))
	for i, q := range s.queues {
		names[i] = q.name
	}
	return names
}

// History is how much engine time [Scenario.Start] uses to let messages grow
// old and actors get going. An engine whose clock starts that long ago is at
// the present when Start returns.
func (s *Scenario) History() time.Duration {
	return s.oldest() + s.warmup
}

// oldest is how long before the actors start the first message is sent.
func (s *Scenario) oldest() time.Duration {
	var d time.Duration
	for _, m := range s.messages {
		d = max(d, m.ago)
	}
	return d
}

// FIFO and standard queues differ in what a message needs, so a queue's kind
// goes with its name wherever a template is checked.
func isFIFO(name string) bool { return strings.HasSuffix(name, ".fifo") }
