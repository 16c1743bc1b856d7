package scene

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"sqscope/backend"
	"sqscope/keymap"
	"sqscope/themes"
	"sqscope/ui/screen"
	"sqscope/ui/widget"
)

// pictures are any pictures: dead-letter queues in circles, actors that use what
// is not there, names that are hostile or wide.
func pictures(t *rapid.T) backend.Picture {
	name := rapid.SampledFrom([]string{"a", "orders", "orders.fifo", "王芳の注文", "\x1b[31mred", "a-very-long-name-of-a-queue-that-fits-nowhere", "b\u202ed", "👩‍👩‍👧"})
	p := backend.Picture{At: time.Unix(1e9, 0)}
	arn := func(n string) backend.ARN {
		return backend.ARN{Partition: "aws", Region: "us-east-1", Account: "000000000000", Name: n}
	}
	for i := range rapid.IntRange(0, 8).Draw(t, "queues") {
		q := backend.QueueHeap{
			ARN: arn(fmt.Sprintf("q%d", i)), Visible: rapid.IntRange(0, 100_000).Draw(t, "visible"), InFlight: rapid.IntRange(0, 20).Draw(t, "in flight"),
			Delayed: rapid.IntRange(0, 3).Draw(t, "delayed"), Oldest: p.At.Add(-time.Hour),
		}
		if n := rapid.IntRange(-1, 8).Draw(t, "dlq"); n >= 0 {
			q.DLQ = arn(fmt.Sprintf("q%d", n)).String()
		}
		p.Queues = append(p.Queues, q)
	}
	kinds := []backend.ActorKind{
		backend.ActorProducer, backend.ActorWorker, backend.ActorLambda, backend.ActorTopic, backend.ActorStateMachine, backend.ActorScaler, backend.ActorDownstream,
	}
	for i := range rapid.IntRange(0, 12).Draw(t, "actors") {
		target := func() string {
			return rapid.SampledFrom([]string{"q0", "q1", "q7", "gone", "a0", "orders1"}).Draw(t, "target")
		}
		f := backend.Figure{Actor: backend.Actor{Name: fmt.Sprintf("%s%d", name.Draw(t, "name"), i), Kind: rapid.SampledFrom(kinds).Draw(t, "kind")}}
		if rapid.Bool().Draw(t, "reads") {
			f.Reads = []string{target()}
		}
		for range rapid.IntRange(0, 3).Draw(t, "writes") {
			f.Writes = append(f.Writes, target())
		}
		for range rapid.IntRange(0, 20).Draw(t, "hands") {
			f.Hands = append(f.Hands, backend.Hand{State: backend.HandWorking, Since: p.At.Add(-time.Second), Until: p.At.Add(time.Second), Messages: []string{"m"}})
		}
		f.Gauge.Limit = rapid.IntRange(0, 3).Draw(t, "limit")
		p.Actors = append(p.Actors, f)
	}
	return p
}

// Each queue and each actor has one place, of its own.
func TestEverythingHasItsPlace(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := pictures(t)
		plan := newPlan(&p)
		if want := len(p.Queues) + len(p.Actors); len(plan.nodes) != want {
			t.Fatalf("%d of %d have a place", len(plan.nodes), want)
		}
		taken := map[[2]int]id{}
		for _, n := range plan.nodes {
			at := [2]int{n.col, n.row}
			if other, is := taken[at]; is {
				t.Fatalf("%v and %v stand at %v", n.id, other, at)
			}
			taken[at] = n.id
			if n.row >= plan.rows {
				t.Fatalf("%v stands in row %d of %d", n.id, n.row, plan.rows)
			}
		}
	})
}

// Up and down lead to all of a column, and left and right to every column.
func TestTheCursorReachesEverything(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := pictures(t)
		plan := newPlan(&p)
		seen := map[id]bool{}
		for _, by := range []int{-1, 1} {
			for at, steps := plan.first(), 0; steps < columns; at, steps = plan.beside(at, by), steps+1 {
				for x := plan.step(at, -screen.Far); !seen[x]; x = plan.step(x, 1) {
					seen[x] = true
				}
			}
		}
		for _, n := range plan.nodes {
			if !seen[n.id] {
				t.Fatalf("%v is never reached", n.id)
			}
		}
	})
}

// A way goes from cell to neighbouring cell.
func TestWaysHaveNoGaps(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := pictures(t)
		plan := newPlan(&p)
		l := newLayout(&plan, plan.first(), rapid.IntRange(60, 200).Draw(t, "w"), rapid.IntRange(3, 60).Draw(t, "h"))
		for _, e := range plan.edges {
			a, b := &plan.nodes[e.from], &plan.nodes[e.to]
			way := l.way(a, b)
			jumps := 0
			for i := 1; i < len(way); i++ {
				if distance(way[i].x, way[i-1].x)+distance(way[i].y, way[i-1].y) != 1 {
					jumps++
				}
			}
			if behind := a.col != b.col && a.col != queues && b.col != queues; jumps > 0 && !(behind && jumps == 1) {
				t.Fatalf("the way from %v to %v has %d gaps: %v", a.id, b.id, jumps, way)
			}
		}
	})
}

// Whatever there is to be drawn, the scene has exactly the size that it is given,
// and no byte of a name reaches the terminal raw.
func TestTheSceneFillsItsRoom(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := pictures(t)
		m := &Model{Base: screen.Base{Env: &screen.Env{Theme: themes.Default(true), Keys: keymap.Default()}}, picture: p, seen: true}
		m.plan = newPlan(&m.picture)
		m.at = m.plan.first()
		if n := len(m.plan.nodes); n > 0 {
			m.at = m.plan.nodes[rapid.IntRange(0, n-1).Draw(t, "at")].id
		}
		m.whole = rapid.Bool().Draw(t, "whole")
		w, h := rapid.IntRange(60, 200).Draw(t, "w"), rapid.IntRange(11, 60).Draw(t, "h")
		lines := strings.Split(m.View(w, h), "\n")
		if len(lines) != h {
			t.Fatalf("%d lines of %d", len(lines), h)
		}
		for _, line := range lines {
			if got := widget.Width(line); got != w {
				t.Fatalf("a line of %d cells has %d: %q", w, got, line)
			}
			if strings.Contains(line, "\x1b[31m") || strings.ContainsRune(line, '\u202e') {
				t.Fatalf("a name reaches the terminal raw: %q", line)
			}
		}
	})
}

// Each moment that is kept can be gone back to; what goes first was kept by itself.
func TestMomentsStayWithinTheirRoom(t *testing.T) {
	all := make([]byte, momentRoom)
	rapid.Check(t, func(t *rapid.T) {
		var k moments
		for i := range rapid.IntRange(1, 100).Draw(t, "moments") {
			n := screen.Moment{At: time.Unix(int64(i), 0), Why: rapid.SampledFrom([]string{automatic, automatic, asked}).Draw(t, "why"), Data: all[:rapid.SampledFrom([]int{1, 1 << 20, momentRoom / 2}).Draw(t, "size")]}
			k.add(n)
			if !k.all[len(k.all)-1].At.Equal(n.At) {
				t.Fatal("the newest is gone")
			}
			total := 0
			for _, x := range k.all {
				total += len(x.Data)
			}
			if total != k.bytes || len(k.all) > mostMoments || k.bytes > momentRoom && len(k.all) > 1 {
				t.Fatalf("%d moments of %d bytes, %d counted", len(k.all), total, k.bytes)
			}
		}
	})
}
