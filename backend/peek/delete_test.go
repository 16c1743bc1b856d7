package peek

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sqscope/backend"
)

func failed(r Result) map[string]backend.Kind {
	out := map[string]backend.Kind{}
	for _, f := range r.Failed {
		out[f.MessageId] = f.Err.Kind
	}
	return out
}

// gone are the messages that the queue really deleted.
func (s *service) gone() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := []string{}
	for _, l := range s.letters {
		if l.deleted {
			out = append(out, l.id)
		}
	}
	return out
}

func TestT14HalfFailedBatchDeletesOnlyWhatWasConfirmed(t *testing.T) {
	s := newService(rtt, 25)
	s.delete["m0003"] = backend.BatchError{Code: "InternalError", Message: "try again"}
	s.delete["m0011"] = backend.BatchError{Code: backend.ErrAccessDenied, SenderFault: true}
	s.silent["m0020"] = true
	far(t, s, Options{}, func(t *testing.T, p *Session, l *Leases) {
		look(t, p, 25)
		all := ids(p.Messages())
		r := p.Delete(t.Context(), all)
		want := map[string]backend.Kind{
			"m0003": backend.KindInternal, "m0011": backend.KindDenied, "m0020": backend.KindInternal,
		}
		if diff := cmp.Diff(want, failed(r)); diff != "" {
			t.Errorf("failed:\n%s", diff)
		}
		if diff := cmp.Diff(s.gone(), r.Deleted); diff != "" || len(r.Deleted) != 22 {
			t.Errorf("said to be deleted, against what is:\n%s", diff)
		}
		if diff := cmp.Diff([]string{"m0003", "m0011", "m0020"}, ids(p.Messages())); diff != "" {
			t.Errorf("what is left is not what is shown:\n%s", diff)
		}
		if n := s.count("DeleteMessageBatch"); n != 3 {
			t.Errorf("%d requests for 25 messages", n)
		}
		if l.Count() != 3 {
			t.Errorf("%d on lease", l.Count())
		}
	})
}

func TestARefusedRequestDeletesNothing(t *testing.T) {
	s := newService(rtt, 3)
	s.stop = backend.Errorf(backend.KindTimeout, "no answer in time")
	far(t, s, Options{}, func(t *testing.T, p *Session, _ *Leases) {
		look(t, p, 3)
		r := p.Delete(t.Context(), []string{"m0000", "m0001", "m0001", "nonsense"})
		want := map[string]backend.Kind{
			"m0000": backend.KindTimeout, "m0001": backend.KindTimeout, "nonsense": backend.KindNotFound,
		}
		if diff := cmp.Diff(want, failed(r)); diff != "" || len(r.Deleted) != 0 {
			t.Errorf("deleted %v, failed:\n%s", r.Deleted, diff)
		}
		if len(p.Messages()) != 3 {
			t.Error("messages that are there are not shown any more")
		}
	})
}

func TestT7AStaleHandleIsLeasedAnewBeforeItIsUsed(t *testing.T) {
	s := newService(rtt, 30)
	far(t, s, Options{}, func(t *testing.T, p *Session, l *Leases) {
		look(t, p, 30)
		if err := p.Release(t.Context()); err != nil {
			t.Fatal(err)
		}
		r := p.Delete(t.Context(), []string{"m0004", "m0017"})
		if diff := cmp.Diff([]string{"m0004", "m0017"}, r.Deleted); diff != "" || len(r.Failed) != 0 {
			t.Errorf("failed %v, deleted:\n%s", failed(r), diff)
		}
		for _, h := range s.used {
			if !strings.HasSuffix(h, "/2") {
				t.Errorf("the handle %s of a lease that was over was used", h)
			}
		}
		if s.hidden() != 0 || l.Count() != 0 {
			t.Errorf("what came besides is still hidden: %d, %d on lease", s.hidden(), l.Count())
		}
	})
}

func TestT7WhatDoesNotComeAgainIsNotSaidToBeDeleted(t *testing.T) {
	s := newService(rtt, 10)
	far(t, s, Options{}, func(t *testing.T, p *Session, _ *Leases) {
		look(t, p, 10)
		time.Sleep(16 * time.Second)
		s.letters[3].until = time.Now().Add(time.Hour) // a consumer has it now
		r := p.Delete(t.Context(), []string{"m0003", "m0005"})
		if diff := cmp.Diff(map[string]backend.Kind{"m0003": backend.KindNotFound}, failed(r)); diff != "" {
			t.Error(diff)
		}
		if diff := cmp.Diff([]string{"m0005"}, r.Deleted); diff != "" || s.letters[3].deleted {
			t.Error("a message that a consumer is working on was deleted", diff)
		}
	})
}

func TestDeletingDoesNotDeadLetterUnasked(t *testing.T) {
	s := newService(rtt, 2)
	far(t, s, Options{MaxReceiveCount: 1}, func(t *testing.T, p *Session, _ *Leases) {
		look(t, p, 2)
		if r := p.Delete(t.Context(), []string{"m0000"}); !slices.Equal(r.Deleted, []string{"m0000"}) {
			t.Errorf("on lease: %+v", r)
		}
		time.Sleep(16 * time.Second)
		before := s.count("ReceiveMessage")
		r := p.Delete(t.Context(), []string{"m0001"})
		if diff := cmp.Diff(map[string]backend.Kind{"m0001": backend.KindConflict}, failed(r)); diff != "" || s.count("ReceiveMessage") != before {
			t.Error("a message at its limit was received again", diff)
		}
		p.AcceptDeadLettering()
		if r := p.Delete(t.Context(), []string{"m0001"}); !slices.Equal(r.Deleted, []string{"m0001"}) {
			t.Errorf("accepted: %+v", r)
		}
	})
}
