package move

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sqscope/backend"
)

var errDead = &backend.Error{Kind: backend.KindNetwork, Message: "the process is dead"}

// fate kills a process at its n-th step, or at the first of a kind: from then on
// nothing that it does has an effect, and it hears of nothing. A step is the moment before or after a request
// is done, a line is written or a file is synced, and that when half of a line is
// written.
type fate struct {
	mu   sync.Mutex
	at   int
	of   string // kind of step
	step int
	died string // of what; "": it lives
}

func (f *fate) alive(what string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.step++
	if f.died == "" && (f.step == f.at || what == f.of) {
		f.at, f.died = f.step, what
	}
	return f.died == ""
}

func (f *fate) bind(l *link) {
	l.before = func(action string, _ any) error {
		if !f.alive("before " + action) {
			return errDead
		}
		return nil
	}
	l.after = func(action string, _ any) error {
		if !f.alive("after " + action) {
			return errDead
		}
		return nil
	}
}

type mortal struct {
	file
	f *fate
}

func (m mortal) Write(p []byte) (int, error) {
	if !m.f.alive("before a write") {
		return 0, errDead
	}
	if !m.f.alive("in the middle of a write") {
		m.f.mu.Lock()
		now := m.f.step == m.f.at
		m.f.mu.Unlock()
		if now {
			_, _ = m.file.Write(p[:len(p)/2])
		}
		return 0, errDead
	}
	n, err := m.file.Write(p)
	if !m.f.alive("after a write") {
		return 0, errDead
	}
	return n, err
}

func (m mortal) Sync() error {
	if !m.f.alive("before a sync") || !m.f.alive("after a sync") {
		return errDead
	}
	return nil
}

// killed has a move of n messages die at a step, starts again, finishes it, moves
// the rest, and checks that every message is in one place, or was named as a
// possible duplicate. It returns what it died of; "" if it lived.
func killed(t *testing.T, fifo bool, n int, f *fate) (died string, steps int) {
	inWorld(t, rtt, func(w *world) {
		suffix := ""
		if fifo {
			suffix = ".fifo"
		}
		from, to := w.create("from"+suffix), w.create("to"+suffix)
		for i := range n {
			in := []func(*backend.SendMessageInput){dressed}
			g := string(rune('a' + i%7))
			if fifo {
				in = append(in, group(g, fmt.Sprint(i)))
			}
			w.send(from, fmt.Sprintf("%s%05d", g, i), in...)
		}
		before := map[string]backend.StoredMessage{}
		for _, m := range w.stored(from) {
			before[m.Body] = m
		}
		o := w.options(from, to)
		f.bind(w.sqs)
		o.wrap = func(file file) file { return mortal{file, f} }
		_, err := Run(w.t.Context(), o)
		died, steps = f.died, f.step
		if err != nil && died == "" {
			t.Errorf("it lived: %v", err)
		}

		// The process starts again.
		w.sqs.before, w.sqs.after, o.wrap = nil, nil, func(f file) file { return unsynced{f} }
		open, err := Unfinished(w.dir)
		if err != nil {
			t.Fatal(err)
		}
		named := map[string]bool{}
		for _, m := range open {
			if m.Running {
				t.Errorf("died %q: it is still said to run", died)
			}
			r, err := Resume(w.t.Context(), m.ID, o)
			if err != nil || r.Open {
				t.Fatalf("died %q: Resume: %v, %s", died, err, r.Words())
			}
			for _, m := range r.Messages {
				switch m.Outcome {
				case PossibleDuplicate:
					named[m.ID] = true
				case Moved:
				default:
					t.Errorf("died %q: resumed %+v", died, m)
				}
			}
		}
		if open, _ := Unfinished(w.dir); len(open) > 0 {
			t.Errorf("died %q: still unfinished: %+v", died, open)
		}
		arrived := len(w.stored(to))
		if fifo && len(named) > min(10, arrived) {
			t.Errorf("died %q: %d possible duplicates of %d that arrived, though FIFO queues know them", died, len(named), arrived)
		}
		w.accounted(died, from, to, before, named)

		time.Sleep(defaultLease) // what the dead process had on lease comes back
		o.Select = func(m backend.Message) bool { return !named[m.MessageId] }
		r := w.run(o)
		w.want(died+": not moved in the end", len(r.Messages)-r.Count(Moved), 0)
		w.want(died+": in the source in the end", len(w.stored(from)), len(named)-w.gone(from, before, named))
		w.accounted(died, from, to, before, named)
	})
	return died, steps
}

// gone is how many of these messages are not in a queue.
func (w *world) gone(url string, before map[string]backend.StoredMessage, ids map[string]bool) (n int) {
	here := map[string]bool{}
	for _, m := range w.stored(url) {
		here[m.MessageId] = true
	}
	for _, m := range before {
		if ids[m.MessageId] && !here[m.MessageId] {
			n++
		}
	}
	return n
}

// accounted checks that each message is once in the two queues, or named; and as
// it was, and in the order of its group.
func (w *world) accounted(died, from, to string, before map[string]backend.StoredMessage, named map[string]bool) {
	w.t.Helper()
	places, ids := map[string]int{}, map[string]bool{}
	for _, m := range slices.Concat(w.stored(from), w.stored(to)) {
		if ids[m.MessageId] {
			continue // SQS itself has it twice (5.6)
		}
		ids[m.MessageId] = true
		places[m.Body]++
		was := before[m.Body]
		if was.MD5OfMessageAttributes != m.MD5OfMessageAttributes {
			w.t.Errorf("died %q: %s: %s", died, m.Body, cmp.Diff(was.MessageAttributes, m.MessageAttributes))
		}
		for _, name := range []string{backend.SysMessageGroupId, backend.SysAWSTraceHeader} {
			if was.Attributes[name] != m.Attributes[name] {
				w.t.Errorf("died %q: %s: %s is %q", died, m.Body, name, m.Attributes[name])
			}
		}
	}
	for body, m := range before {
		switch n := places[body]; {
		case n == 0:
			w.t.Errorf("died %q: %s is lost", died, body)
		case n > 1 && !named[m.MessageId]:
			w.t.Errorf("died %q: %s is there %d times and nobody says so", died, body, n)
		}
	}
	if strings.HasSuffix(to, ".fifo") {
		w.inOrder(to)
		w.inOrder(from)
	}
}

func TestAMoveThatDiesAtAnyStepLosesNothing(t *testing.T) {
	for _, fifo := range []bool{false, true} {
		_, steps := killed(t, fifo, 25, &fate{})
		causes := map[string]int{}
		for at := 1; at <= steps; at++ {
			died, _ := killed(t, fifo, 25, &fate{at: at})
			causes[died]++
			if t.Failed() {
				t.Fatalf("fifo %v, step %d of %d: %s", fifo, at, steps, died)
			}
		}
		t.Logf("fifo %v: %d steps: %v", fifo, steps, causes)
		for _, want := range []string{"after SendMessageBatch", "before SendMessageBatch", "after DeleteMessageBatch", "in the middle of a write", "after a sync"} {
			// Which steps there are is not the same each time: of this kind the
			// numbers may have met none.
			if causes[want] == 0 {
				died, _ := killed(t, fifo, 25, &fate{of: want})
				causes[died]++
			}
			if t.Failed() || causes[want] == 0 {
				t.Fatalf("fifo %v: %s: %d died", fifo, want, causes[want])
			}
		}
	}
}

func TestAThousandMessagesAndAMoveThatDies(t *testing.T) {
	for _, fifo := range []bool{false, true} {
		_, steps := killed(t, fifo, 1000, &fate{})
		const times = 6
		for i := range times {
			at := 1 + (steps-1)*i/(times-1) - i%3
			if died, _ := killed(t, fifo, 1000, &fate{at: max(1, at)}); t.Failed() {
				t.Fatalf("fifo %v, step %d of %d: %s", fifo, at, steps, died)
			}
		}
	}
}

func TestAResumeThatDiesIsResumed(t *testing.T) {
	for at := 1; at <= 60; at++ {
		inWorld(t, rtt, func(w *world) {
			from, to := w.create("from"), w.create("to")
			for i := range 25 {
				w.send(from, fmt.Sprint(i))
			}
			// All was sent, nothing was deleted.
			o := w.options(from, to)
			w.sqs.before = func(action string, _ any) error {
				if action == "DeleteMessageBatch" {
					return errDead
				}
				return nil
			}
			o.wrap = func(f file) file { return unsynced{f} }
			r, err := Run(w.t.Context(), o)
			if err == nil || !r.Open || r.Count(Both) == 0 {
				t.Fatalf("%v %s", err, r.Words())
			}
			f := &fate{at: at}
			f.bind(w.sqs)
			o.wrap = func(file file) file { return mortal{file, f} }
			if _, err := Resume(w.t.Context(), r.ID, o); err != nil && f.died == "" {
				t.Errorf("%v", err)
			}
			w.sqs.before, w.sqs.after, o.wrap = nil, nil, nil
			open, err := Unfinished(w.dir)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range open {
				if r, err := Resume(w.t.Context(), m.ID, o); err != nil || r.Open {
					t.Errorf("died %q: %v %s", f.died, err, r.Words())
				}
			}
			w.want(f.died+": in all", len(w.stored(from))+len(w.stored(to)), 25)
			w.free(from)
		})
		if t.Failed() {
			t.Fatalf("step %d", at)
		}
	}
}

func TestAFullDiskStopsTheMove(t *testing.T) {
	for lines := range 8 {
		inWorld(t, rtt, func(w *world) {
			from, to := w.create("from"), w.create("to")
			for i := range 25 {
				w.send(from, fmt.Sprint(i))
			}
			o := w.options(from, to)
			left := lines
			o.wrap = func(f file) file { return &narrow{f, &left} }
			r, err := Run(w.t.Context(), o)
			if e := (*backend.Error)(nil); !errors.As(err, &e) || e.Next == "" || !errors.Is(err, errFull) {
				t.Errorf("%v", err)
			}
			if lines < 2 {
				w.want("sent", len(w.stored(to)), 0)
			}
			both := map[string]bool{}
			for _, m := range r.Messages {
				both[m.ID] = m.Outcome == Both || m.Outcome == PossibleDuplicate
			}
			n := map[string]int{}
			ids := map[string]string{}
			for _, m := range w.stored(from) {
				ids[m.Body] = m.MessageId
			}
			for _, b := range append(w.bodies(from), w.bodies(to)...) {
				n[b]++
				if n[b] > 1 && !both[ids[b]] {
					t.Errorf("%d lines: %s is in both queues and nobody says so", lines, b)
				}
			}
			w.want("in all", len(n), 25)
			w.free(from)
		})
	}
}

var errFull = errors.New("no space left on device")

type narrow struct {
	file
	left *int
}

func (n *narrow) Write(p []byte) (int, error) {
	if *n.left--; *n.left < 0 {
		return 0, errFull
	}
	return n.file.Write(p)
}
