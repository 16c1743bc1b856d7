package connect

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"sqscope/backend"
	"sqscope/backend/awssqs"
	"sqscope/backend/lab"
)

func lesson(t *testing.T, name string) *Lesson {
	t.Helper()
	l, err := lab.Load(name, LabScenarios)
	if err != nil {
		t.Fatal(err)
	}
	o, err := OpenLesson(t.Context(), l, group(t), panicked(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := o.Close(t.Context()); err != nil && t.Context().Err() == nil {
			t.Error(err)
		}
	})
	return o
}

func TestALessonIsAContextWithAnEngineOfItsOwn(t *testing.T) {
	one, two := lesson(t, "1"), lesson(t, "1")
	if one.Place.Context != "lab 1" || !one.Place.Embedded {
		t.Errorf("it is %+v", one.Place)
	}
	state, err := one.Stack.Clock.Clock(t.Context())
	if err != nil || !state.Paused || !state.Now.Equal(one.Session.Lesson().Setup.Start) {
		t.Errorf("its clock is %+v, %v", state, err)
	}
	if _, err := one.Stack.SQS.ReceiveMessage(t.Context(), backend.ReceiveMessageInput{QueueUrl: url(t, one, "jobs")}); err != nil {
		t.Fatal(err)
	}
	was, err := two.Session.Look(t.Context())
	if err != nil || was.Spoiled != "" {
		t.Errorf("what is done in one is seen in the other: %q, %v", was.Spoiled, err)
	}
	is, err := one.Session.Look(t.Context())
	if err != nil || is.Spoiled == "" {
		t.Errorf("what is done by the context's SQS is not judged: %+v, %v", is, err)
	}
}

func TestALessonThatTeachesLeasesCannotBeBrowsed(t *testing.T) {
	if lesson(t, "1").Stack.Browse != nil {
		t.Error("lesson 1 can be browsed")
	}
	if lesson(t, "2").Stack.Browse == nil {
		t.Error("lesson 2 cannot be browsed")
	}
}

// Time cannot be turned back, troubles cannot be taken away, and only the
// lesson's knobs are there.
func TestALessonCannotBeGotRound(t *testing.T) {
	o := lesson(t, "2")
	if o.Stack.Faults != nil {
		t.Error("its troubles can be taken away")
	}
	var world bytes.Buffer
	if err := o.Stack.Snapshots.Snapshot(t.Context(), &world); err != nil {
		t.Fatal(err)
	}
	if err := o.Stack.Snapshots.Restore(t.Context(), &world); backend.KindOf(err) != backend.KindDenied {
		t.Errorf("turned back: %v", err)
	}
	knobs, err := o.Stack.Stage.Knobs(t.Context())
	if err != nil || len(knobs) != len(o.Session.Lesson().Knobs) {
		t.Errorf("its knobs are %v, %v", knobs, err)
	}
	if err := o.Stack.Stage.SetKnob(t.Context(), "press", "takes", "1s"); backend.KindOf(err) != backend.KindDenied {
		t.Errorf("the work was made quicker: %v", err)
	}
	if err := o.Stack.Stage.SetKnob(t.Context(), "jobs", "VisibilityTimeout", "25s"); err != nil {
		t.Error(err)
	}
}

// A program of the learner's own comes over HTTP, and what it does is judged like
// what is done on the screen.
func TestTheLearnersOwnProgramTakesPart(t *testing.T) {
	ctx := t.Context()
	o := lesson(t, "1")
	at, err := o.Serve(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := o.Serve(ctx); err != nil || again != at || !strings.HasPrefix(at, "http://127.0.0.1:") || o.Place.Listen != at {
		t.Fatalf("served at %s and %s, %v", at, again, err)
	}
	if _, err := o.Session.Lesson().Program.Snippet(lab.Python, o.Place); err != nil {
		t.Error(err)
	}
	q := o.Session.Lesson().Steps[0].Questions[0]
	answer, err := q.ParseAnswer("2 1 0")
	if err != nil {
		t.Fatal(err)
	}
	if err := o.Session.Answer(ctx, q.ID, answer); err != nil {
		t.Fatal(err)
	}
	client, _, err := awssqs.Open(ctx, awssqs.Options{EndpointURL: at})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	sqs := client.Stack().SQS
	queue, err := sqs.GetQueueUrl(ctx, backend.GetQueueUrlInput{QueueName: "jobs"})
	if err != nil {
		t.Fatal(err)
	}
	out, err := sqs.ReceiveMessage(ctx, backend.ReceiveMessageInput{QueueUrl: queue.QueueUrl})
	if err != nil || len(out.Messages) != 1 {
		t.Fatalf("received %v, %v", out, err)
	}
	is, err := o.Session.Look(ctx)
	if err != nil || is.Current != 1 || is.Steps[0].Questions[0].Verdict != lab.Right {
		t.Errorf("it stands at %+v, %v", is, err)
	}
	if err := o.Stack.Clock.StepClock(ctx, 10*time.Second); err != nil {
		t.Error(err)
	}
}

// url is a queue's.
func url(t *testing.T, o *Lesson, name string) string {
	t.Helper()
	out, err := o.Stack.SQS.GetQueueUrl(t.Context(), backend.GetQueueUrlInput{QueueName: name})
	if err != nil {
		t.Fatal(err)
	}
	return out.QueueUrl
}
