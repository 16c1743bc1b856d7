package fleet

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sqscope/backend"
)

func TestTagsAreReadOnlyWhereTheyAreWanted(t *testing.T) {
	s := newService(t, rtt, numbered(100)...)
	for i, n := range numbered(100) {
		s.tags[urlOf(n)] = map[string]string{"team": fmt.Sprint("team-", i)}
	}
	s.tags[urlOf("queue-00002")] = nil
	watch(t, Options{}, s, func(f *Fleet) {
		f.Look(arnsOf(numbered(20)...), 30*time.Second)
		pass(time.Minute)
		if n := s.count("ListQueueTags"); n != 0 || f.Queue(arnOf("queue-00001")).Tags != nil {
			t.Errorf("%d requests for tags that nobody wants", n)
		}
		wanted := arnsOf("queue-00001", "queue-00002", "queue-00090")
		f.WantTags(wanted)
		pass(2 * time.Second)
		for _, arn := range wanted {
			q := f.Queue(arn)
			if diff := cmp.Diff(q.Tags, s.tags[q.URL], cmp.Transformer("length", func(m map[string]string) int { return len(m) })); diff != "" {
				t.Errorf("%s:\n%s", arn.Name, diff)
			}
			if q.TagsAsOf.IsZero() || q.Tags == nil || q.TagsErr != nil {
				t.Errorf("%s: %v as of %v, %v", arn.Name, q.Tags, q.TagsAsOf, q.TagsErr)
			}
		}
		if n := s.count("ListQueueTags"); n != 3 {
			t.Errorf("%d requests for the tags of three queues", n)
		}
		if got := f.Queue(wanted[0]).Tags["team"]; got != "team-1" {
			t.Errorf("team=%s", got)
		}

		f.Active()
		pass(9 * time.Minute)
		if n := s.count("ListQueueTags"); n != 3 {
			t.Errorf("%d requests before the tags were old", n)
		}
		s.set(func() { s.tags[urlOf("queue-00001")] = map[string]string{"team": "checkout"} })
		f.Refresh(wanted[0])
		pass(time.Second)
		if got := f.Queue(wanted[0]).Tags["team"]; got != "checkout" || s.count("ListQueueTags") != 4 {
			t.Errorf("after an act: team=%s, %d requests", got, s.count("ListQueueTags"))
		}
		f.WantTags(wanted[:1])
		pass(11 * time.Minute)
		if n := s.count("ListQueueTags"); n != 5 {
			t.Errorf("%d requests, want one more for the one that is still wanted", n)
		}
		if f.Queue(wanted[2]).Tags == nil {
			t.Error("what was read went when it was no longer wanted")
		}
	})
}

func TestTagsOfAllQueuesStayWithinTheBudgetAndStarveNothing(t *testing.T) {
	all := numbered(2000)
	s := newService(t, rtt, all...)
	watch(t, Options{}, s, func(f *Fleet) {
		rows := all[:30]
		f.WantTags(arnsOf(all...))
		f.Look(arnsOf(rows...), 5*time.Second)
		pass(2*rtt + publishGap)
		for _, n := range rows {
			if q := f.Queue(arnOf(n)); q.AsOf.IsZero() {
				t.Fatalf("%s on screen waits for tags", n)
			}
		}
		pass(3 * time.Second)
		for _, n := range rows {
			if q := f.Queue(arnOf(n)); q.TagsAsOf.IsZero() {
				t.Fatalf("the tags of %s on screen are not known after three seconds", n)
			}
		}
		pass(10 * time.Second)
		requests, known, tags := s.requests(), f.Snapshot().Known, s.count("ListQueueTags")
		pass(time.Minute)
		if n := s.requests() - requests; n > 601 {
			t.Errorf("%d requests in a minute", n)
		}
		if n := f.Snapshot().Known - known; n < 100 {
			t.Errorf("only %d queues became known in a minute", n)
		}
		if n := s.count("ListQueueTags") - tags; n < 15 {
			t.Errorf("only the tags of %d became known in a minute", n)
		}
	})
}

func TestTagsThatAreDeniedStayInTheirRowsAndAreSoonNotAskedForAnyMore(t *testing.T) {
	s := newService(t, rtt, numbered(300)...)
	s.tagErr = backend.ErrorOf(backend.ErrAccessDenied, "no")
	watch(t, Options{}, s, func(f *Fleet) {
		f.WantTags(arnsOf(numbered(300)...))
		pass(4 * time.Minute)
		q := f.Queue(arnOf("queue-00000"))
		if q.TagsErr == nil || q.TagsErr.Kind != backend.KindDenied || q.Err != nil || q.AsOf.IsZero() {
			t.Errorf("tags: %v, queue: %v", q.TagsErr, q.Err)
		}
		if got := f.Snapshot(); got.Err != nil || got.Known != 300 {
			t.Errorf("denied tags keep the picture from being renewed: %v, %d known", got.Err, got.Known)
		}
		if n := s.count("ListQueueTags"); n > refusedMany {
			t.Errorf("asked %d times for what is denied every time", n)
		}
		s.set(func() { s.tagErr = nil })
		f.Retry()
		pass(2 * time.Minute)
		if q := f.Queue(arnOf("queue-00000")); q.TagsErr != nil || q.TagsAsOf.IsZero() {
			t.Errorf("after the right was given: %v", q.TagsErr)
		}
	})
}

func TestTagsOfTheEngineAreShownLive(t *testing.T) {
	withEngine(t, func(e *engine) {
		orders := e.create("orders", nil)
		pass(time.Second)
		e.f.WantTags([]backend.ARN{orders})
		pass(time.Second)
		tag := backend.TagQueueInput{QueueUrl: "orders", Tags: map[string]string{"team": "checkout"}}
		if err := e.m.TagQueue(t.Context(), tag); err != nil {
			t.Fatal(err)
		}
		pass(tagsAgeEngine + time.Second)
		if q := e.f.Queue(orders); q.Tags["team"] != "checkout" {
			t.Errorf("tags %v, %v", q.Tags, q.TagsErr)
		}
	})
}

func TestTagsLeaveWhatTheNextScreenNeeds(t *testing.T) {
	s := newService(t, rtt, numbered(200)...)
	watch(t, Options{}, s, func(f *Fleet) {
		f.WantTags(arnsOf(numbered(200)...))
		f.Look(arnsOf(numbered(60)...), time.Minute)
		pass(time.Second)
		next := arnsOf(numbered(200)[100:135]...)
		f.Look(next, time.Minute)
		pass(2*rtt + publishGap) // 32 at once, then the other 3
		for _, arn := range next {
			if f.Queue(arn).AsOf.IsZero() {
				t.Fatalf("%s scrolled to has no depth, because tags used the budget up", arn.Name)
			}
		}
	})
}
