package move

import (
	"bytes"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"sqscope/backend"
)

// shouted is a move of n messages between FIFO queues whose process died when the
// first batch had been sent and before it was answered.
func (w *world) shouted(n int, expr string) (o Options, id, to string) {
	w.t.Helper()
	from, to := w.create("from.fifo"), w.create("to.fifo")
	for i := range n {
		w.send(from, fmt.Sprint("m", i), group(fmt.Sprint(i), fmt.Sprint(i)))
	}
	o = w.options(from, to)
	o.Lease = 10 * time.Second
	o.Transform = func(r Object) (Object, error) { r.Body = strings.ToUpper(r.Body); return r, nil }
	o.Map = expr
	f := &fate{of: "after SendMessageBatch"}
	f.bind(w.sqs)
	o.wrap = func(file file) file { return mortal{file, f} }
	r, _ := Run(w.t.Context(), o)
	w.sqs.before, w.sqs.after, o.wrap = nil, nil, nil
	return o, r.ID, to
}

func TestTheJournalTellsOfAnExpressionWithoutHavingIt(t *testing.T) {
	inWorld(t, rtt, func(w *world) {
		const expr = `.body |= ascii_upcase # secret`
		_, id, _ := w.shouted(3, " "+expr)
		open, err := Unfinished(w.dir)
		if err != nil || len(open) != 1 {
			t.Fatal(open, err)
		}
		m := open[0]
		w.want("changed", fmt.Sprint(m.Edits, m.Mapped, len(m.Doubtful)), "true true 3")
		w.want("by", fmt.Sprint(m.MappedBy(expr), m.MappedBy(expr+"\n"), m.MappedBy(expr+"."), m.MappedBy("")), "true true false false")
		if left := time.Until(m.Again); left < 4*time.Minute || left > 5*time.Minute {
			t.Errorf("they can be sent again for %v", left)
		}
		text, err := os.ReadFile(pathOf(w.dir, id))
		if err != nil || bytes.Contains(text, []byte("secret")) || bytes.Contains(text, []byte("upcase")) {
			t.Errorf("%v, the journal says\n%s", err, text)
		}
		// As journals were before they told.
		text = bytes.Replace(text, []byte(`"map":"`+mapDigest(expr)+`",`), nil, 1)
		if err := os.WriteFile(pathOf(w.dir, id), text, 0o600); err != nil {
			t.Fatal(err)
		}
		m, err = load(w.dir, id)
		w.want("of old", fmt.Sprint(m.Edits, m.Mapped, m.MappedBy("."), len(m.Problems), err), "true false true 0 <nil>")
	})
}

func TestAMoveThatChangedMessagesIsFinishedWithTheSameChangeOnly(t *testing.T) {
	for name, c := range map[string]struct {
		change func(Object) (Object, error)
		want   map[Outcome]int
	}{
		"the same":   {func(r Object) (Object, error) { r.Body = strings.ToUpper(r.Body); return r, nil }, map[Outcome]int{Moved: 3}},
		"another":    {func(r Object) (Object, error) { r.Body += "!"; return r, nil }, map[Outcome]int{PossibleDuplicate: 3}},
		"none":       {nil, map[Outcome]int{PossibleDuplicate: 3}},
		"one failed": {func(r Object) (Object, error) { return r, backend.Errorf(backend.KindInvalid, "no") }, map[Outcome]int{PossibleDuplicate: 3}},
	} {
		inWorld(t, rtt, func(w *world) {
			o, id, to := w.shouted(3, "x")
			o.Transform = c.change
			r, err := Resume(w.t.Context(), id, o)
			w.want(name, fmt.Sprint(outcomes(r), err), fmt.Sprint(c.want, " <nil>"))
			w.want(name+": in the destination", sorted(w.bodies(to)), []string{"M0", "M1", "M2"})
		})
	}
}
