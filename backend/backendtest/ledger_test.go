package backendtest

import (
	"fmt"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// ledger knows of every message what was done with it. What a client is about to
// do is entered before it asks, since others may see what comes of it before it
// has its answer.
type ledger struct {
	t     *testing.T
	mu    sync.Mutex
	sent  map[string]*fate
	lines map[string][]int // by queue and group: what was sent and is not deleted
}

// fate is what became of a message, which its body names.
type fate struct {
	delivered, givenBack int
	deleted              bool
}

func newLedger(t *testing.T) *ledger {
	return &ledger{t: t, sent: map[string]*fate{}, lines: map[string][]int{}}
}

// body is a message's text: where it stands, and a kilobyte around it.
func body(line string, number int) string {
	return line + "#" + strconv.Itoa(number) + "#" + padding
}

var padding = strings.Repeat("x", 1000)

// send enters that a message is sent, and returns its body.
func (l *ledger) send(line string, number int) string {
	b := body(line, number)
	l.mu.Lock()
	defer l.mu.Unlock()
	l.sent[b] = &fate{}
	l.lines[line] = append(l.lines[line], number)
	return b
}

// notSent takes that back.
func (l *ledger) notSent(b string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.sent, b)
}

// received enters what one receive got, and checks it: nothing that was not
// sent, nothing again without a cause, and in a FIFO queue each group from its
// first message on without a gap.
func (l *ledger) received(bodies []string, fifo bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	at := map[string]int{}
	for _, b := range bodies {
		f := l.sent[b]
		if f == nil {
			l.t.Errorf("received %.60s, which nobody sent", b)
			continue
		}
		f.delivered++
		if f.deleted || f.delivered > 1+f.givenBack {
			l.t.Errorf("%.60s: delivered %d times, given back %d times, deleted %v", b, f.delivered, f.givenBack, f.deleted)
		}
		if !fifo {
			continue
		}
		parts := strings.Split(b, "#")
		line := l.lines[parts[0]]
		if n := at[parts[0]]; n >= len(line) || strconv.Itoa(line[n]) != parts[1] {
			l.t.Errorf("%.60s came, but next were %v", b, line[:min(len(line), 5)])
		}
		at[parts[0]]++
	}
}

func (l *ledger) deleted(b string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.sent[b].deleted = true
	parts := strings.Split(b, "#")
	line := l.lines[parts[0]]
	for i, n := range line {
		if strconv.Itoa(n) == parts[1] {
			l.lines[parts[0]] = append(line[:i], line[i+1:]...)
			return
		}
	}
}

func (l *ledger) givenBack(b string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.sent[b].givenBack++
}

// closed checks that every message that was sent was received and deleted.
func (l *ledger) closed() {
	lost := 0
	for b, f := range l.sent {
		if !f.deleted {
			if lost++; lost <= 5 {
				l.t.Errorf("lost: %.60s, delivered %d times", b, f.delivered)
			}
		}
	}
	if lost > 0 {
		l.t.Error(fmt.Sprint(lost, " of ", len(l.sent), " messages lost"))
	}
}
