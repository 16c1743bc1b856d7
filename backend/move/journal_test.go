package move

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"sqscope/backend"
)

// interrupted is a move that was sent and not deleted.
func (w *world) interrupted(n int) (o Options, id, from, to string) {
	w.t.Helper()
	from, to = w.create("a"), w.create("b")
	for i := range n {
		w.send(from, fmt.Sprint(i))
	}
	o = w.options(from, to)
	w.sqs.before = func(action string, _ any) error {
		if action == "DeleteMessageBatch" {
			return errDead
		}
		return nil
	}
	r, err := Run(w.t.Context(), o)
	if err == nil || !r.Open {
		w.t.Fatalf("%v %s", err, r.Words())
	}
	w.sqs.before = nil
	return o, r.ID, from, to
}

func TestAMoveThatRunsIsNobodyElsesToFinish(t *testing.T) {
	inWorld(t, rtt, func(w *world) {
		from, to := w.create("a"), w.create("b")
		for i := range 30 {
			w.send(from, fmt.Sprint(i))
		}
		o := w.options(from, to)
		looked := false
		o.Watch = func(c ctx, p Progress) (bool, string) {
			looked = true
			open, err := Unfinished(w.dir)
			if err != nil || len(open) != 1 || !open[0].Running || open[0].ID != p.ID || open[0].PID != os.Getpid() {
				t.Errorf("%+v, %v", open, err)
			}
			if _, err := Resume(c, p.ID, Options{Dir: w.dir, From: o.From}); backend.KindOf(err) != backend.KindConflict {
				t.Errorf("finished a move that runs: %v", err)
			}
			return false, ""
		}
		w.want("moved", w.run(o).Count(Moved), 30)
		if !looked {
			t.Error("nobody looked")
		}
		all, err := Moves(w.dir)
		w.want("afterwards", fmt.Sprint(len(all), all[0].Running, all[0].Ended, all[0].Moved, err), "1 false true 30 <nil>")
		_, err = Resume(w.t.Context(), all[0].ID, o)
		w.want("resumed", backend.KindOf(err), backend.KindConflict)
	})
}

func TestAnUnfinishedMoveIsListedAndFinished(t *testing.T) {
	inWorld(t, rtt, func(w *world) {
		o, id, from, to := w.interrupted(8)
		open, err := Unfinished(w.dir)
		if err != nil || len(open) != 1 {
			t.Fatal(open, err)
		}
		m := open[0]
		w.want("what", fmt.Sprintf("%s %v %d %d %s %s", m.ID, m.Running, len(m.Both), len(m.Doubtful), m.From.ARN.Name, m.To[0].ARN.Name), id+" false 8 0 a b")

		if _, err := Resume(w.t.Context(), id, Options{Dir: w.dir, From: w.find(to)}); backend.KindOf(err) != backend.KindInvalid {
			t.Errorf("resumed with another queue: %v", err)
		}
		if _, err := Resume(w.t.Context(), "../x", o); backend.KindOf(err) != backend.KindInvalid {
			t.Errorf("%v", err)
		}
		if _, err := Resume(w.t.Context(), strings.Replace(id, id[len(id)-4:], "AAAA", 1), o); backend.KindOf(err) != backend.KindNotFound {
			t.Errorf("%v", err)
		}
		w.send(from, "new")
		r, err := Resume(w.t.Context(), id, Options{Dir: w.dir, From: o.From}) // no destination is needed
		w.want("resumed", fmt.Sprint(outcomes(r), err), "map[moved:8] <nil>")
		w.want("source", w.bodies(from), []string{"new"})
		w.free(from)
	})
}

func TestAResumeWaitsForWhatTheDeadProcessHadOnLease(t *testing.T) {
	inWorld(t, rtt, func(w *world) {
		o, id, from, _ := w.interrupted(3)
		// The process died with them on lease.
		_, err := w.m.ReceiveMessage(w.t.Context(), backend.ReceiveMessageInput{
			QueueUrl: from, MaxNumberOfMessages: backend.Some(10), VisibilityTimeout: backend.Some(110),
		})
		if err != nil {
			t.Fatal(err)
		}
		w.send(from, "other")
		start := time.Now()
		r, err := Resume(w.t.Context(), id, o)
		w.want("resumed", fmt.Sprint(outcomes(r), err), "map[moved:3] <nil>")
		w.want("source", w.bodies(from), []string{"other"})
		if took := time.Since(start); took < 100*time.Second || took > 3*time.Minute {
			t.Errorf("took %v", took)
		}
	})
}

func TestAMessageWithTheSameIdButOtherContentIsKept(t *testing.T) {
	inWorld(t, rtt, func(w *world) {
		o, id, from, _ := w.interrupted(1)
		path := pathOf(w.dir, id)
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		text = bytes.Replace(text, []byte(`"md5":"cfcd208495d565ef66e7dff9f98764da"`), []byte(`"md5":"d41d8cd98f00b204e9800998ecf8427e"`), 1)
		if err := os.WriteFile(path, text, 0o600); err != nil {
			t.Fatal(err)
		}
		r, err := Resume(w.t.Context(), id, o)
		w.want("resumed", fmt.Sprint(outcomes(r), err), "map[possibleDuplicate:1] <nil>")
		w.want("source", len(w.stored(from)), 1)
	})
}

func TestAJournalIsReadUpToWhereItIsCut(t *testing.T) {
	inWorld(t, rtt, func(w *world) {
		_, id, _, _ := w.interrupted(8)
		path := pathOf(w.dir, id)
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		lines := bytes.Count(text, []byte("\n"))
		for cut := len(text) - 1; cut > 0; cut-- {
			if err := os.WriteFile(path, text[:cut], 0o600); err != nil {
				t.Fatal(err)
			}
			m, err := load(w.dir, id)
			whole := bytes.Count(text[:cut], []byte("\n"))
			if err != nil || m.Ended || whole < lines-1 && text[cut-1] != '\n' && len(m.Problems) > 1 {
				t.Fatalf("cut at %d: %v, %+v", cut, err, m.Problems)
			}
			if text[cut-1] != '\n' && text[cut] != '\n' && len(m.Problems) != 1 {
				t.Fatalf("cut at %d nobody says so: %v", cut, m.Problems)
			}
			if n := len(m.Both) + len(m.Doubtful); whole >= 2 && n != 8 {
				t.Fatalf("cut at %d: %d messages", cut, n)
			}
		}
	})
}

func TestAJournalOfANewerFormatIsRefused(t *testing.T) {
	inWorld(t, rtt, func(w *world) {
		o, id, _, _ := w.interrupted(1)
		path := pathOf(w.dir, id)
		f, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.WriteString(`{"v":2}` + "\n"); err != nil {
			t.Fatal(err)
		}
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
		if _, err := Unfinished(w.dir); backend.KindOf(err) != backend.KindUnsupported {
			t.Errorf("%v", err)
		}
		if _, err := Resume(w.t.Context(), id, o); backend.KindOf(err) != backend.KindUnsupported {
			t.Errorf("%v", err)
		}
	})
}

func TestOldJournalsGoAndUnfinishedOnesStay(t *testing.T) {
	inWorld(t, 0, func(w *world) {
		_, id, _, to := w.interrupted(1)
		end := w.create("c")
		for range keep + 5 {
			time.Sleep(time.Second)
			o := w.options(to, end)
			o.wrap = func(f file) file { return unsynced{f} }
			w.run(o)
		}
		all, err := Moves(w.dir)
		if err != nil || len(all) != keep+2 || all[0].ID != id {
			t.Errorf("%d journals, the first of %s, %v", len(all), all[0].ID, err)
		}
	})
}

func TestAJournalThatCannotBeMadeMovesNothing(t *testing.T) {
	inWorld(t, rtt, func(w *world) {
		from, to := w.create("a"), w.create("b")
		w.send(from, "x")
		o := w.options(from, to)
		o.Dir = filepath.Join(w.dir, "file")
		if err := os.WriteFile(o.Dir, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		r, err := Run(w.t.Context(), o)
		if e := backend.AsError(err); err == nil || e.Next == "" || w.sqs.calls["ReceiveMessage"] != 0 {
			t.Errorf("%v %s", err, r.Words())
		}
	})
}

func FuzzLoad(f *testing.F) {
	const id = "20261123T012345-ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	f.Add([]byte(`{"v":1,"at":"2026-11-23T01:23:45Z","move":{"from":{"arn":"arn:aws:sqs:us-east-1:000000000000:a"},"to":null,"lease":1,"pid":1}}
{"v":1,"at":"2026-11-23T01:23:45Z","send":{"to":"x","messages":[{"id":"1","md5":"2","newMd5":"3"}]}}
{"v":1,"at":"2026-11-23T01:23:45Z","sent":[{"id":"1","state":"sent","newId":"2"}]}
{"v":1,"at":"2026-11-23T01:23:45Z","deleted":["1"]}
{"v":1,"at":"2026-11-23T01:23:45Z","end":{"stop":"all","moved":1}}
`))
	f.Add([]byte("{\"v\":1}\n{\"v\":0}\nnull\n{"))
	f.Fuzz(func(t *testing.T, text []byte) {
		dir := t.TempDir()
		if err := os.WriteFile(pathOf(dir, id), text, 0o600); err != nil {
			t.Fatal(err)
		}
		m, err := load(dir, id)
		if err != nil && backend.KindOf(err) != backend.KindUnsupported {
			t.Errorf("%v", err)
		}
		if n := m.Moved + len(m.Both) + len(m.Doubtful); n > len(m.facts) {
			t.Errorf("%d messages of %d", n, len(m.facts))
		}
	})
}
