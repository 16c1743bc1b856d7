// Package lab is the lessons: what a learner reads, predicts and does with an
// engine and its actors, and what the engine has to show for it.
//
// A lesson is a TOML file (docs/LAB.md). It has a scenario that begins as it
// says, always the same; steps with questions and goals; traps, into which one
// typically falls; and hints. A goal is a jq expression over the state of the
// engine, the log of its events, the ledgers of its actors and the requests of
// the learner ([Session.State]). Nothing is passed by saying that it was done.
//
// This room knows no engine: who opens a lesson hands a [World] in, see
// backend/connect. Nothing here has a goroutine; a session reads what has
// happened when it is looked at.
//
// Lock order: a session's lock is held while the world is asked, and comes before
// those of its [Hand] and of [Requests], which are held for an access to memory
// only.
package lab

import (
	"cmp"
	"embed"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"sqscope/backend"
	"sqscope/backend/tomlfile"
)

//go:embed lessons/*.toml
var lessons embed.FS

// Format is the version of the lesson files that this program reads. A file says
// its own in `format`; a newer one is refused.
const Format = 1

// maxFile is the largest lesson file in bytes.
const maxFile = 4 << 20

// Lesson is a lesson file that was read and found right. It never changes and
// may be opened any number of times.
type Lesson struct {
	ID      string // under which progress is kept: the embedded file's name, or what the file says
	Number  int    // of an embedded lesson, from 1 on; 0 for a teacher's own
	Title   string
	Concept string // what it is about, in one line
	Story   string // paragraphs with an empty line between
	Aws     string // what AWS does differently, or does not document

	Setup    Setup
	Steps    []Step
	Closing  *Question // to be answered when all else is done; nil: there is none
	Claims   []Claim
	Knobs    []KnobRef // that the learner may turn
	Program  *Program  // how the learner's own program can take part; nil: it cannot
	Counters []Counter // of bad things, to be seen all the time

	before []before
	traps  []trap
	hints  []string
	names  []string // path in a body of what a message is called
}

// Setup is where a lesson plays, for whoever opens it.
type Setup struct {
	Scenario string    // the name of an embedded scenario; "": Text is one
	Text     []byte    // of the lesson's own scenario, its lines numbered as those of the lesson's file
	File     string    // that Text stands in, for errors
	Seed     uint64    // of the scenario and the engine, never 0
	Start    time.Time // the engine's time when the lesson begins
	Paused   bool      // the clock stands at the beginning
	Speed    float64   // of the clock
	// Leases says that looks are receives, as on AWS: the learner's stack has no
	// Browse then.
	Leases bool
}

// Step is a part of a lesson. A step is over when its questions are answered and
// its goals have been reached.
type Step struct {
	Text      string
	Questions []Question
	Goals     []Goal
}

// Goal is something that the engine has to show.
type Goal struct {
	ID   string
	Text string
	when check
}

// Claim is something that a learner can say at a moment of his choice, such as
// that a queue is drained. It is right or wrong in that moment.
type Claim struct {
	ID    string
	Text  string
	Wrong string // said if it is wrong
	when  check
}

// KnobRef names a knob of the scenario and says in words what it is for.
type KnobRef struct {
	Subject string
	Name    string
	Text    string
	where   string // file:line:column
}

// Counter is a number that is shown all the time.
type Counter struct {
	Text  string
	Bad   bool // anything but 0 is bad
	value check
}

// before is a receive that somebody has made before the lesson begins.
type before struct {
	queue   string
	most    int
	seconds int // visibility timeout
}

// trap is what typically goes wrong. It counts as a miss each time it becomes
// true.
type trap struct {
	text   string
	when   check
	spoils bool // the lesson cannot be passed any more in this run
}

// Scenarios reads a scenario for a lesson: an embedded one by its name, or a text
// that stands in the named file. It tells the names of its queues, or what is
// wrong, as scenario.Parse does.
type Scenarios func(name, file string, text []byte) (queues []string, err error)

// Names are the embedded lessons in their order; a name begins with its number.
func Names() []string {
	entries, err := lessons.ReadDir("lessons")
	if err != nil {
		panic(err) // The directory is part of the program.
	}
	var names []string
	for _, e := range entries {
		names = append(names, strings.TrimSuffix(e.Name(), ".toml"))
	}
	slices.SortFunc(names, func(a, b string) int { return cmp.Compare(numberOf(a), numberOf(b)) })
	return names
}

// numberOf is the number that an embedded lesson's name begins with.
func numberOf(name string) int {
	digits, _, _ := strings.Cut(name, "-")
	n, err := strconv.Atoi(digits)
	if err != nil {
		return 0
	}
	return n
}

// Lessons are all embedded lessons in their order.
func Lessons(scenarios Scenarios) ([]*Lesson, error) {
	var all []*Lesson
	for _, name := range Names() {
		l, err := Load(name, scenarios)
		if err != nil {
			return nil, err
		}
		all = append(all, l)
	}
	return all, nil
}

// Load reads an embedded lesson by its number or name, with or without the
// number in front, or a file: what contains a path separator or ends in .toml is
// a path. The errors are those of [Parse]; KindNotFound for a lesson or a file
// that is not there; KindDenied for one that may not be read.
func Load(name string, scenarios Scenarios) (*Lesson, error) {
	if strings.ContainsAny(name, `/\`) || strings.HasSuffix(name, ".toml") {
		data, err := tomlfile.Load(name, "lesson file", maxFile)
		if err != nil {
			return nil, err
		}
		return Parse(name, data, scenarios)
	}
	full := nameOf(name)
	if full == "" {
		return nil, noLesson(name)
	}
	data, err := lessons.ReadFile(path.Join("lessons", full+".toml"))
	if err != nil {
		return nil, backend.AsError(err)
	}
	l, err := Parse(full+".toml", data, scenarios)
	if err != nil {
		return nil, err
	}
	l.ID, l.Number = full, numberOf(full)
	return l, nil
}

// noLesson says what can be asked for instead of a lesson that is not there.
func noLesson(name string) error {
	e := &backend.Error{
		Kind: backend.KindNotFound, Subject: name, Message: "there is no such lesson",
		Next: "take a number from 1 to " + strconv.Itoa(len(Names())) + ", a name that sqscope lab --json lists, or the path of a .toml file",
	}
	known := Names()
	for _, full := range Names() {
		_, rest, _ := strings.Cut(full, "-")
		known = append(known, rest)
	}
	if near := tomlfile.Near(name, known); len(near) > 0 {
		e.Next += "; did you mean " + strings.Join(near, " or ") + "?"
	}
	return e
}

// nameOf is the embedded lesson that is meant, "" if none is.
func nameOf(said string) string {
	for _, name := range Names() {
		_, rest, _ := strings.Cut(name, "-")
		if said == name || said == rest || strings.TrimLeft(said, "0") == strconv.Itoa(numberOf(name)) {
			return name
		}
	}
	return ""
}
