package lab_test

import (
	"context"
	"go/format"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sqscope/backend"
	"sqscope/backend/lab"
)

// TestNothingIsPassedByWaiting has every lesson run by itself for five minutes.
func TestNothingIsPassedByWaiting(t *testing.T) {
	for _, name := range lab.Names() {
		t.Run(name, func(t *testing.T) {
			c := attend(t, name)
			if st := c.look(); st.Passed || st.Current != 0 || len(st.Hints) > 0 {
				t.Fatalf("at the beginning: %+v", st)
			}
			for range 5 {
				c.engine.Clock().Advance(time.Minute)
				if st := c.look(); st.Passed {
					t.Fatal("the lesson is passed")
				}
			}
		})
	}
}

func TestAPredictionComesFirst(t *testing.T) {
	c := attend(t, "1")
	c.receive("jobs", 1)
	st := c.look()
	if q := st.Steps[0].Questions[0]; q.Verdict != lab.Late || st.Spoiled == "" {
		t.Fatalf("%+v, spoiled %q", q, st.Spoiled)
	}
	if err := c.tryAnswer("after-receive", "2 1 0"); kindOf(err) != backend.KindConflict {
		t.Errorf("it was answered afterwards: %v", err)
	}
	c.reset()
	c.answer("after-receive", "2 1 0")
	if q := c.look().Steps[0].Questions[0]; q.Verdict != lab.Waiting {
		t.Errorf("before the receive it is %s", q.Verdict)
	}
	c.answer("after-receive", "3 0 0") // one may think again
	c.receive("jobs", 1)
	if q := c.look().Steps[0].Questions[0]; q.Verdict != lab.Wrong || cmp.Diff([]any{2, 1, 0}, q.Truth) != "" {
		t.Errorf("%+v", q)
	}
}

func TestHintsComeAfterTwoMisses(t *testing.T) {
	c := attend(t, "1")
	for i, want := range []int{0, 1, 2, 3, 3} {
		c.choose("old-handle", "expired")
		if st := c.look(); len(st.Hints) != want || st.Misses != i+1 {
			t.Errorf("after %d misses there are %d hints", st.Misses, len(st.Hints))
		}
	}
	c.reset()
	if st := c.look(); st.Misses != 5 || len(st.Hints) != 3 {
		t.Errorf("a new beginning forgot: %d misses, %d hints", st.Misses, len(st.Hints))
	}
}

func TestAnswersThatAreNone(t *testing.T) {
	c := attend(t, "1")
	for _, text := range []string{"", "2 1", "2 1 x", "1 2 3 4", "NaN 1 2"} {
		if err := c.tryAnswer("after-receive", text); kindOf(err) != backend.KindInvalid {
			t.Errorf("%q: %v", text, err)
		}
	}
	if err := c.tryAnswer("old-handle", "4"); kindOf(err) != backend.KindInvalid {
		t.Errorf("a choice that is not there: %v", err)
	}
	if err := c.s.Answer(t.Context(), "nothing", lab.Answer{}); kindOf(err) != backend.KindNotFound {
		t.Errorf("a question that is not there: %v", err)
	}
	if st := c.look(); st.Misses != 0 {
		t.Errorf("%d misses", st.Misses)
	}
	if err := attend(t, "7").tryAnswer("moves", "a z"); kindOf(err) != backend.KindInvalid || !strings.Contains(err.Error(), "a, b, c, d, e") {
		t.Errorf("a message that is not there: %v", err)
	}
	if err := attend(t, "9").tryAnswer("export", filepath.Join(t.TempDir(), "none")); kindOf(err) != backend.KindNotFound {
		t.Errorf("an export that is not there: %v", err)
	}
}

func TestOnlyTheLessonsKnobsTurn(t *testing.T) {
	c := attend(t, "2")
	if err := c.s.Turn(t.Context(), "press", "takes", "1s"); kindOf(err) != backend.KindDenied {
		t.Errorf("%v", err)
	}
	err := c.s.Turn(t.Context(), "jobs", "VisibilityTimeout", "43201s")
	if kindOf(err) != backend.KindInvalid || !strings.Contains(err.Error(), "VisibilityTimeout") {
		t.Errorf("beyond SQS's limit: %v", err)
	}
	c.turn("jobs", "VisibilityTimeout", "20s")
	knobs, err := c.s.Knobs(t.Context())
	c.must(err)
	if len(knobs) != 4 || knobs[0].Value != "20s" {
		t.Errorf("%+v", knobs)
	}
}

func TestAResetBringsEverythingBack(t *testing.T) {
	c := attend(t, "2")
	before, err := c.s.State(t.Context())
	c.must(err)
	c.turn("jobs", "VisibilityTimeout", "20s")
	c.choose("long-work", "one hour")
	c.step(time.Minute)
	c.create("more")
	c.reset()
	after, err := c.s.State(t.Context())
	c.must(err)
	delete(before, "answers")
	delete(after, "answers")
	if d := cmp.Diff(before, after); d != "" {
		t.Error(d)
	}
}

func TestTheHandKeepsOldHandles(t *testing.T) {
	c := attend(t, "1")
	first := c.receive("jobs", 1)[0]
	c.must(c.s.Hand().Hide(t.Context(), first.Number, 0))
	second := c.receive("jobs", 1)[0]
	if first.MessageId != second.MessageId || first.Handle == second.Handle || second.Count != 2 || second.Name != first.Name {
		t.Fatalf("%+v, then %+v", first, second)
	}
	list := c.s.Hand().Receipts()
	if len(list) != 2 || list[0].Latest || !list[1].Latest {
		t.Errorf("%+v", list)
	}
	c.remove(first)
	requests := c.state("requests").([]any)
	deleted := requests[len(requests)-1].(map[string]any)
	if cmp.Diff([]any{1}, deleted["receipts"]) != "" || cmp.Diff([]any{false}, deleted["latest"]) != "" {
		t.Errorf("%v", deleted)
	}
	if err := c.s.Hand().Delete(t.Context(), 3); kindOf(err) != backend.KindNotFound {
		t.Errorf("%v", err)
	}
}

func TestWhatHappenedTooFastSpoils(t *testing.T) {
	c := attend(t, "14")
	c.engine.Clock().Advance(30 * time.Minute) // without a look
	if st := c.look(); !strings.Contains(st.Spoiled, "smaller steps") {
		t.Errorf("spoiled %q", st.Spoiled)
	}
	c.reset()
	if st := c.look(); st.Spoiled != "" {
		t.Errorf("after a new beginning: %q", st.Spoiled)
	}
}

func TestASessionThatWasLeft(t *testing.T) {
	c := attend(t, "1")
	c.s.Close()
	c.s.Close()
	if _, err := c.s.Look(context.Background()); kindOf(err) != backend.KindCancelled {
		t.Errorf("%v", err)
	}
}

func TestProgressIsKept(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state", "lab.json")
	p := lab.OpenProgress(path)
	at := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	for _, r := range []lab.Result{{Runs: 1, Misses: 2}, {Runs: 2, Passed: at}, {Runs: 1, Passed: at.Add(time.Hour)}} {
		if err := p.Add("one", r); err != nil {
			t.Fatal(err)
		}
	}
	got, err := lab.OpenProgress(path).Load()
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(map[string]lab.Result{"one": {Runs: 4, Misses: 2, Passed: at}}, got); d != "" {
		t.Error(d)
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
}

func TestProgressThatIsNotOursIsLeftAlone(t *testing.T) {
	for _, text := range []string{"[]", `{"Format":2}`, "{}", ""} {
		path := filepath.Join(t.TempDir(), "lab.json")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		err := lab.OpenProgress(path).Add("one", lab.Result{Runs: 1})
		if after, _ := os.ReadFile(path); kindOf(err) != backend.KindInvalid || string(after) != text {
			t.Errorf("%q became %q: %v", text, after, err)
		}
	}
}

func TestProgramsAreWhole(t *testing.T) {
	place := backend.Place{Listen: "http://127.0.0.1:9324", Account: "000000000000", Region: "us-east-1"}
	for _, role := range []lab.Role{lab.Consumer, lab.Sender} {
		p := lab.Program{Role: role, Queue: "jobs"}
		for _, l := range lab.Languages() {
			text, err := p.Snippet(l, place)
			if err != nil {
				t.Fatal(err)
			}
			for _, want := range []string{"http://127.0.0.1:9324", "us-east-1", "http://127.0.0.1:9324/000000000000/jobs"} {
				if !strings.Contains(text, want) {
					t.Errorf("%s %s does not say %s:\n%s", l, role, want, text)
				}
			}
			if strings.Contains(text, "{endpoint}") || strings.Contains(text, "{url}") {
				t.Errorf("%s %s is not filled in", l, role)
			}
			if l != lab.Go {
				continue
			}
			if formatted, err := format.Source([]byte(text)); err != nil || string(formatted) != text {
				t.Errorf("the Go program is not as gofmt has it: %v\n%s", err, text)
			}
		}
		if _, err := p.Snippet(lab.Go, backend.Place{}); kindOf(err) != backend.KindConflict {
			t.Errorf("without an endpoint: %v", err)
		}
	}
}
