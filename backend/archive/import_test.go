package archive_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"sqscope/backend"
	"sqscope/backend/archive"
	"sqscope/backend/rules"
)

// taker is a queue far away that takes messages, and fails as it is told to.
type taker struct {
	backend.SQS
	mu       sync.Mutex
	bodies   []string // taken, in their order
	requests [][]string
	fail     func(body string, try int) *backend.BatchError // of an entry; nil: taken
	refuse   func(request int) error                        // before anything is taken
	lose     func(request int) error                        // after it was taken: the answer is lost
	lie      bool                                           // about digests
	tries    map[string]int
	known    map[string]string // deduplication id: message id
}

func (s *taker) SendMessageBatch(ctx context.Context, in backend.SendMessageBatchInput) (out backend.SendMessageBatchOutput, err error) {
	select {
	case <-time.After(20 * time.Millisecond):
	case <-ctx.Done():
		return out, ctx.Err()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	var bodies []string
	for _, e := range in.Entries {
		bodies = append(bodies, e.MessageBody)
	}
	s.requests = append(s.requests, bodies)
	n := len(s.requests)
	if s.refuse != nil {
		if err := s.refuse(n); err != nil {
			return out, err
		}
	}
	for _, e := range in.Entries {
		s.tries[e.MessageBody]++
		if s.fail != nil {
			if f := s.fail(e.MessageBody, s.tries[e.MessageBody]); f != nil {
				f.Id = e.Id
				out.Failed = append(out.Failed, *f)
				continue
			}
		}
		id := s.known[e.MessageDeduplicationId.Value]
		if id == "" || !e.MessageDeduplicationId.Set {
			s.bodies = append(s.bodies, e.MessageBody)
			id = fmt.Sprint("new-", len(s.bodies))
			s.known[e.MessageDeduplicationId.Value] = id
		}
		digest := rules.MD5OfBody(e.MessageBody)
		if s.lie {
			digest = rules.MD5OfBody("something else")
		}
		out.Successful = append(out.Successful, backend.SendMessageBatchResult{
			Id: e.Id, SendMessageOutput: backend.SendMessageOutput{MessageId: id, MD5OfMessageBody: digest},
		})
	}
	if s.lose != nil {
		if err := s.lose(n); err != nil {
			return backend.SendMessageBatchOutput{}, err
		}
	}
	return out, nil
}

// file is an export of messages; a body before a colon is the group.
func file(bodies ...string) string {
	var b strings.Builder
	for i, body := range bodies {
		r := archive.Record{MessageId: fmt.Sprint("old-", i), Body: body}
		if group, _, ok := strings.Cut(body, ":"); ok {
			r.Attributes = map[string]string{backend.SysMessageGroupId: group, backend.SysMessageDeduplicationId: body}
		}
		_ = archive.Write(&b, []archive.Record{r}) // a builder takes everything
	}
	return b.String()
}

func several(n int, name func(int) string) []string {
	out := make([]string, n)
	for i := range out {
		out[i] = name(i)
	}
	return out
}

// importing runs a test in a bubble with a queue that takes messages.
func importing(t *testing.T, fifo bool, test func(t *testing.T, s *taker, to archive.Target)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		s := &taker{tries: map[string]int{}, known: map[string]string{}}
		to := archive.Target{SQS: s, URL: "https://sqs.eu-west-1.amazonaws.com/1/orders", Queue: rules.Queue{Name: "orders", FIFO: fifo}}
		test(t, s, to)
	})
}

func fates(im archive.Imported) map[string]archive.Fate {
	out := map[string]archive.Fate{}
	for _, o := range im.Left {
		out[o.Record.Body] = o.Fate
	}
	return out
}

func TestAnImportIsFastAndKeepsItsRate(t *testing.T) {
	importing(t, false, func(t *testing.T, s *taker, to archive.Target) {
		text := file(several(400, strconv.Itoa)...)
		start := time.Now()
		im, err := archive.Import(t.Context(), to, archive.NewReader(strings.NewReader(text)).Next, archive.Options{})
		if took := time.Since(start); err != nil || im.Sent != 400 || im.Requests != 40 || took > 40*20*time.Millisecond/8*3/2 {
			t.Errorf("%+v, %v after %v", im, err, took)
		}
		start = time.Now()
		im, err = archive.Import(t.Context(), to, archive.NewReader(strings.NewReader(text)).Next, archive.Options{Rate: 50})
		if took := time.Since(start); err != nil || im.Sent != 400 || took < 7*time.Second || took > 9*time.Second {
			t.Errorf("50 a second: %d sent, %v after %v", im.Sent, err, took)
		}
	})
}

func TestEveryEntryHasItsOutcomeAndWhatFailedCanBeTriedAgain(t *testing.T) {
	importing(t, false, func(t *testing.T, s *taker, to archive.Target) {
		ok := false
		s.fail = func(body string, try int) *backend.BatchError {
			switch {
			case body == "3":
				return &backend.BatchError{Code: backend.ErrAccessDenied, SenderFault: true}
			case body == "7" && try == 1:
				return &backend.BatchError{Code: "InternalError"}
			case body == "9" && !ok:
				return &backend.BatchError{Code: "InternalError", Message: "down"}
			}
			return nil
		}
		text := file(several(12, strconv.Itoa)...) + "oops\n" + file("\x07 is no character", "last")
		var order []int
		o := archive.Options{Each: func(o archive.Outcome) { order = append(order, o.Number) }}
		im, err := archive.Import(t.Context(), to, archive.NewReader(strings.NewReader(text)).Next, o)
		if err != nil || im.Read != 15 || im.Sent != 11 || im.Failed != 3 || im.Wrong != 1 {
			t.Errorf("%+v, %v", im, err)
		}
		want := map[string]archive.Fate{"3": archive.FateFailed, "9": archive.FateFailed, "": archive.FateWrong, "\x07 is no character": archive.FateFailed}
		if diff := cmp.Diff(want, fates(im)); diff != "" {
			t.Error(diff)
		}
		for _, o := range im.Left {
			if o.Err == nil || o.Err.Next == "" && o.Err.Code == "" || o.Err.Subject == "" {
				t.Errorf("line %d: %+v", o.Line, o.Err)
			}
		}
		if !slices.IsSorted(order) || len(order) != 15 {
			t.Errorf("told in the order %v", order)
		}
		ok = true
		again, err := archive.Import(t.Context(), to, archive.Again(im.Left), archive.Options{})
		if err != nil || again.Sent != 1 || again.Failed != 2 {
			t.Errorf("what was left: %+v, %v", again, err)
		}
	})
}

func TestAWrongLineEndsAnImportThatWasToldSo(t *testing.T) {
	importing(t, false, func(t *testing.T, s *taker, to archive.Target) {
		text := file("one", "two") + "oops\n" + file("three")
		im, err := archive.Import(t.Context(), to, archive.NewReader(strings.NewReader(text)).Next, archive.Options{Stop: true})
		if e := backend.AsError(err); err == nil || e.Kind != backend.KindInvalid || e.Subject != "line 3" || im.Sent != 2 || im.Position.Entries != 2 {
			t.Errorf("%+v, %v", im, err)
		}
	})
}

func TestAGroupKeepsItsOrderWhateverFails(t *testing.T) {
	importing(t, true, func(t *testing.T, s *taker, to archive.Target) {
		var bodies []string
		for i := range 8 {
			bodies = append(bodies, fmt.Sprint("a:", i), fmt.Sprint("a:", i, "b"), fmt.Sprint("b:", i))
		}
		s.fail = func(body string, try int) *backend.BatchError {
			if body == "a:1" && try == 1 || body == "a:3" {
				return &backend.BatchError{Code: "InternalError"}
			}
			return nil
		}
		im, err := archive.Import(t.Context(), to, archive.NewReader(strings.NewReader(file(bodies...))).Next, archive.Options{})
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range s.requests {
			groups := map[string]bool{}
			for _, b := range r {
				if groups[b[:1]] {
					t.Errorf("a request has two of a group: %v", r)
				}
				groups[b[:1]] = true
			}
		}
		group := func(g string) []string {
			return slices.DeleteFunc(slices.Clone(s.bodies), func(b string) bool { return b[:1] != g })
		}
		if diff := cmp.Diff([]string{"a:0", "a:0b", "a:1", "a:1b", "a:2", "a:2b"}, group("a")); diff != "" {
			t.Errorf("group a, whose a:3 was not taken:\n%s", diff)
		}
		if len(group("b")) != 8 || !slices.IsSorted(group("b")) {
			t.Errorf("group b: %v", group("b"))
		}
		s.fail = nil
		if im, err = archive.Import(t.Context(), to, archive.Again(im.Left), archive.Options{}); err != nil || len(im.Left) != 0 {
			t.Fatal(im.Left, err)
		}
		if all := group("a"); len(all) != 16 || !slices.IsSorted(all) {
			t.Errorf("group a after another try: %v", all)
		}
	})
}

func TestWhatWasSwallowedAsADuplicateIsNotCalledSent(t *testing.T) {
	importing(t, true, func(t *testing.T, s *taker, to archive.Target) {
		text := file("a:1", "a:2", "a:1")
		s.known["a:2"] = "old-1" // the message of the export itself, sent a moment ago
		im, err := archive.Import(t.Context(), to, archive.NewReader(strings.NewReader(text)).Next, archive.Options{})
		if err != nil || im.Sent != 1 || im.Duplicates != 2 {
			t.Errorf("%+v, %v", im, err)
		}
		im, err = archive.Import(t.Context(), to, archive.Again(im.Left), archive.Options{NewDedup: true})
		if err != nil || im.Sent != 2 || len(s.bodies) != 3 {
			t.Errorf("with new ids: %+v, %v", im, err)
		}
	})
}

func TestAMessageWithoutAGroupGoesToAFIFOQueueOnlyIfToldWhere(t *testing.T) {
	importing(t, true, func(t *testing.T, s *taker, to archive.Target) {
		for _, o := range []archive.Options{{}, {Group: "g", NewDedup: true}} {
			im, err := archive.Import(t.Context(), to, archive.NewReader(strings.NewReader(file("one"))).Next, o)
			if want := o.Group != ""; err != nil || (im.Sent == 1) != want {
				t.Errorf("%+v: %+v, %v", o.Group, im, err)
			}
		}
	})
}

func TestALostAnswerIsRepeatedOnlyWhereThatCannotSendTwice(t *testing.T) {
	lost := backend.Errorf(backend.KindNetwork, "connection reset")
	for _, fifo := range []bool{false, true} {
		importing(t, fifo, func(t *testing.T, s *taker, to archive.Target) {
			s.lose = func(n int) error {
				if n == 1 {
					return lost
				}
				return nil
			}
			im, err := archive.Import(t.Context(), to, archive.NewReader(strings.NewReader(file(several(20, func(i int) string { return fmt.Sprintf("g%d:", i) })...))).Next, archive.Options{})
			if len(s.bodies) != 20 || err != nil {
				t.Errorf("fifo %v: %d messages are in the queue, %v", fifo, len(s.bodies), err)
			}
			if fifo && (im.Sent != 20 || im.Unknown != 0) || !fifo && (im.Sent != 10 || im.Unknown != 10) {
				t.Errorf("fifo %v: %+v", fifo, im)
			}
		})
	}
}

func TestOtherBytesThanWereSentAreNotCalledSent(t *testing.T) {
	importing(t, false, func(t *testing.T, s *taker, to archive.Target) {
		s.lie = true
		im, err := archive.Import(t.Context(), to, archive.NewReader(strings.NewReader(file("one"))).Next, archive.Options{})
		if err != nil || im.Sent != 0 || im.Unknown != 1 || im.Left[0].MessageId == "" {
			t.Errorf("%+v, %v", im, err)
		}
	})
}

func TestAQueueThatTakesNothingEndsTheImport(t *testing.T) {
	for _, kind := range []backend.Kind{backend.KindDenied, backend.KindNotFound, backend.KindThrottled} {
		importing(t, false, func(t *testing.T, s *taker, to archive.Target) {
			s.refuse = func(int) error { return backend.Errorf(kind, "no") }
			im, err := archive.Import(t.Context(), to, archive.NewReader(strings.NewReader(file(several(1000, strconv.Itoa)...))).Next, archive.Options{})
			if backend.KindOf(err) != kind || im.Position.Entries != 0 || im.Read != 0 || len(im.Left) != 0 || len(s.requests) > 8*3 {
				t.Errorf("%v: %+v after %d requests, %v", kind, im, len(s.requests), err)
			}
		})
	}
}

// TestAnImportThatWasKilledGoesOnAndSaysWhatItMaySendTwice ends an import at each
// of its requests, as a crash would, and takes it up again.
func TestAnImportThatWasKilledGoesOnAndSaysWhatItMaySendTwice(t *testing.T) {
	for _, fifo := range []bool{false, true} {
		for at := 1; at <= 5; at++ {
			importing(t, fifo, func(t *testing.T, s *taker, to archive.Target) {
				text := file(several(45, func(i int) string { return fmt.Sprintf("g%d:%d", i%7, i) })...)
				path := filepath.Join(t.TempDir(), "position.json")
				o := archive.Options{Parallel: 1, Save: func(p archive.Position) error { return archive.WritePosition(path, p) }}
				s.lose = func(n int) error {
					if n == at {
						panic(errors.New("killed"))
					}
					return nil
				}
				func() {
					defer func() { _ = recover() }()
					_, _ = archive.Import(t.Context(), to, archive.NewReader(strings.NewReader(text)).Next, o)
				}()
				s.lose = nil
				var err error
				if o.From, err = archive.ReadPosition(path); err != nil {
					t.Fatal(err)
				}
				im, err := archive.Import(t.Context(), to, archive.NewReader(strings.NewReader(text)).Next, o)
				if err != nil || im.Skipped+im.Read != 45 || im.Read != im.Sent {
					t.Errorf("%+v, %v", im, err)
				}
				missing := slices.DeleteFunc(several(45, func(i int) string { return fmt.Sprintf("g%d:%d", i%7, i) }), func(b string) bool { return slices.Contains(s.bodies, b) })
				if len(missing) > 0 {
					t.Errorf("fifo %v, killed at request %d: %v were not sent", fifo, at, missing)
				}
				if twice := len(s.bodies) - 45; twice > im.Again || fifo && twice != 0 || im.Again > 10 {
					t.Errorf("fifo %v, killed at request %d: %d were sent twice, and it says %d", fifo, at, twice, im.Again)
				}
			})
		}
	}
}

func TestAnImportGoesOnOnlyWithTheFileAndQueueThatItBeganWith(t *testing.T) {
	importing(t, false, func(t *testing.T, s *taker, to archive.Target) {
		text := file("one", "two", "three")
		im, err := archive.Import(t.Context(), to, archive.NewReader(strings.NewReader(text)).Next, archive.Options{})
		if err != nil || im.Position.Entries != 3 {
			t.Fatal(im, err)
		}
		elsewhere := to
		elsewhere.URL += "-other"
		for name, c := range map[string]struct {
			to   archive.Target
			text string
			ok   bool
		}{
			"the same":      {to, text, true},
			"a longer one":  {to, text + file("four"), true},
			"another":       {to, file("one", "2", "three"), false},
			"a shorter one": {to, file("one", "two"), false},
			"another queue": {elsewhere, text, false},
		} {
			before := len(s.bodies)
			im, err := archive.Import(t.Context(), c.to, archive.NewReader(strings.NewReader(c.text)).Next, archive.Options{From: im.Position})
			if c.ok != (err == nil) || !c.ok && (backend.KindOf(err) != backend.KindConflict || len(s.bodies) != before) {
				t.Errorf("%s: %+v, %v", name, im, err)
			}
		}
	})
}

func TestACancelledImportWaitsForWhatIsOutAndKnowsWhereItIs(t *testing.T) {
	importing(t, false, func(t *testing.T, s *taker, to archive.Target) {
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(50*time.Millisecond, cancel)
		im, err := archive.Import(ctx, to, archive.NewReader(strings.NewReader(file(several(1000, strconv.Itoa)...))).Next, archive.Options{})
		if backend.KindOf(err) != backend.KindCancelled || im.Sent != 240 || im.Position.Entries != 240 || len(s.bodies) != 240 || len(im.Left) != 0 {
			t.Errorf("%d sent, %d in the queue, position %d, %v", im.Sent, len(s.bodies), im.Position.Entries, err)
		}
	})
}

func TestAPositionThatCannotBeKeptEndsTheImportBeforeItSends(t *testing.T) {
	importing(t, false, func(t *testing.T, s *taker, to archive.Target) {
		full := errors.New("disk full")
		_, err := archive.Import(t.Context(), to, archive.NewReader(strings.NewReader(file("one"))).Next, archive.Options{Save: func(archive.Position) error { return full }})
		if !errors.Is(err, full) || len(s.bodies) != 0 {
			t.Errorf("%v, %d sent", err, len(s.bodies))
		}
	})
}

func TestAPositionOfANewerProgramIsRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "p.json")
	if p, err := archive.ReadPosition(path); err != nil || p != (archive.Position{}) {
		t.Errorf("without a file: %+v, %v", p, err)
	}
	if err := archive.Save(path, func(w io.Writer) error { _, err := io.Copy(w, bytes.NewBufferString(`{"version":2}`)); return err }); err != nil {
		t.Fatal(err)
	}
	if _, err := archive.ReadPosition(path); backend.KindOf(err) != backend.KindInvalid {
		t.Errorf("%v", err)
	}
}
