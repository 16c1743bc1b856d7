package tasks

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"sqscope/backend"
	"sqscope/backend/memory"
)

// place is an engine in a bubble with a source queue and its dead-letter queue.
type place struct {
	*testing.T
	m         *memory.Engine
	sqs       *listing
	source    string
	dlq       string
	sourceARN backend.ARN
	dlqARN    backend.ARN
	desk      Desk
}

// listing counts the requests for tasks, fails them, or answers as of earlier.
type listing struct {
	backend.SQS
	calls   []time.Time
	fail    int
	forget  int // answers without any task
	started int
}

func (l *listing) ListMessageMoveTasks(ctx context.Context, in backend.ListMessageMoveTasksInput) (backend.ListMessageMoveTasksOutput, error) {
	l.calls = append(l.calls, time.Now())
	switch {
	case l.started > 0 && l.fail > 0:
		l.fail--
		return backend.ListMessageMoveTasksOutput{}, backend.ErrorOf(backend.ErrRequestThrottled, "Request is throttled.")
	case l.started > 0 && l.forget > 0:
		l.forget--
		return backend.ListMessageMoveTasksOutput{}, nil
	}
	return l.SQS.ListMessageMoveTasks(ctx, in)
}

func (l *listing) StartMessageMoveTask(ctx context.Context, in backend.StartMessageMoveTaskInput) (backend.StartMessageMoveTaskOutput, error) {
	l.started++
	return l.SQS.StartMessageMoveTask(ctx, in)
}

func inPlace(t *testing.T, dead int, test func(p *place)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		m := memory.New(memory.Options{Seed: 1})
		defer m.Close()
		p := &place{T: t, m: m, sqs: &listing{SQS: m}}
		p.dlq = p.create("orders-dlq", nil)
		p.dlqARN = backend.ARNOf(p.dlq, "us-east-1")
		p.source = p.create("orders", map[string]string{
			backend.AttrRedrivePolicy: fmt.Sprintf(`{"deadLetterTargetArn":%q,"maxReceiveCount":1}`, p.dlqARN),
		})
		p.sourceARN = backend.ARNOf(p.source, "us-east-1")
		p.desk = Desk{SQS: p.sqs, Source: p.dlqARN}
		for i := range dead {
			if _, err := m.SendMessage(t.Context(), backend.SendMessageInput{QueueUrl: p.source, MessageBody: fmt.Sprint(i)}); err != nil {
				t.Fatal(err)
			}
		}
		for range dead + 2 {
			in := backend.ReceiveMessageInput{QueueUrl: p.source, MaxNumberOfMessages: backend.Some(10), VisibilityTimeout: backend.Some(0)}
			if _, err := m.ReceiveMessage(t.Context(), in); err != nil {
				t.Fatal(err)
			}
		}
		test(p)
	})
}

func (p *place) create(name string, attributes map[string]string) string {
	p.Helper()
	out, err := p.m.CreateQueue(p.Context(), backend.CreateQueueInput{QueueName: name, Attributes: attributes})
	if err != nil {
		p.Fatal(err)
	}
	return out.QueueUrl
}

func (p *place) start(perSecond int) Task {
	p.Helper()
	t, err := p.desk.Start(p.Context(), backend.ARN{}, backend.Some(perSecond))
	if err != nil {
		p.Fatal(err)
	}
	return t
}

func (p *place) follow(t Task, f Following) Result {
	p.Helper()
	r, err := p.desk.Follow(p.Context(), t, f)
	if err != nil {
		p.Fatal(err)
	}
	return r
}

func TestATaskIsFollowedToItsEndAgainstTheTotalOfItsStart(t *testing.T) {
	inPlace(t, 40, func(p *place) {
		task := p.start(2)
		var words []string
		sent := false
		r := p.follow(task, Following{Progress: func(now Progress) {
			words = append(words, now.Words(time.Now()))
			if now.Total() != 40 {
				t.Errorf("total %d", now.Total())
			}
			if !sent { // the total is that of the start, whatever arrives
				sent = true
				_, _ = p.m.SendMessage(p.Context(), backend.SendMessageInput{QueueUrl: p.dlq, MessageBody: "late"})
			}
		}})
		if r.Status != backend.TaskCompleted || r.Moved() != 40 || r.Rate < 1 || r.Rate > 3 {
			t.Errorf("%s, %.1f/s", r.Words(time.Now()), r.Rate)
		}
		for i := 1; i < len(p.sqs.calls); i++ {
			if gap := p.sqs.calls[i].Sub(p.sqs.calls[i-1]); i > 1 && gap < minPause {
				t.Errorf("asked again after %v", gap)
			}
		}
		if !strings.HasPrefix(words[0], "RUNNING, ") || !strings.Contains(words[0], " of 40 moved") {
			t.Errorf("%q", words[0])
		}
	})
}

func TestT9CancellingIsNotDone(t *testing.T) {
	inPlace(t, 40, func(p *place) {
		task := p.start(1)
		asked := 0
		var seen []backend.TaskStatus
		r := p.follow(task, Following{
			Every:    time.Second,
			Progress: func(now Progress) { seen = append(seen, now.Status) },
			Watch: func(_ context.Context, now Progress) (bool, string) {
				asked++
				return now.Moved() >= 3, "three are enough"
			},
		})
		if r.Status != backend.TaskCancelled || r.Why != "three are enough" || r.Moved() < 3 || r.Moved() > 6 {
			t.Errorf("%s, why %q, statuses %v", r.Words(time.Now()), r.Why, seen)
		}
		w := Progress{Task: Task{MoveTask: backend.MoveTask{Status: backend.TaskCancelling}}, Listed: true}
		if words := w.Words(time.Now()); !strings.Contains(words, "until it is CANCELLED") {
			t.Errorf("%q", words)
		}
	})
}

func TestATaskOfSomebodyElseIsAdoptedAndCanBeCancelled(t *testing.T) {
	inPlace(t, 40, func(p *place) {
		if _, ok, err := p.desk.Current(p.Context()); ok || err != nil {
			t.Fatal(ok, err)
		}
		if _, err := p.m.StartMessageMoveTask(p.Context(), backend.StartMessageMoveTaskInput{
			SourceArn: p.dlqARN.String(), MaxNumberOfMessagesPerSecond: backend.Some(1),
		}); err != nil {
			t.Fatal(err)
		}
		time.Sleep(5 * time.Second)
		task, ok, err := p.desk.Current(p.Context())
		if !ok || err != nil || task.Mine || task.ID() == "" {
			t.Fatal(task, ok, err)
		}
		handle := task.TaskHandle
		task.TaskHandle = "" // as a screen has it that was opened anew
		moved, err := p.desk.Cancel(p.Context(), task)
		if err != nil || moved < 4 {
			t.Errorf("cancel: %d %v", moved, err)
		}
		task.TaskHandle = handle
		if r := p.follow(task, Following{}); r.Status != backend.TaskCancelled {
			t.Errorf("%s", r.Words(time.Now()))
		}
		if all, err := p.desk.History(p.Context()); err != nil || len(all) != 1 {
			t.Errorf("history: %v %v", all, err)
		}
		task.TaskHandle = ""
		if _, err := p.desk.Cancel(p.Context(), task); backend.KindOf(err) != backend.KindConflict {
			t.Errorf("cancelled twice: %v", err)
		}
	})
}

func TestAStartThatIsNotListedYetIsWaitedFor(t *testing.T) {
	inPlace(t, 3, func(p *place) {
		p.start(500)
		if r := p.follow(p.only(), Following{}); r.Status != backend.TaskCompleted {
			t.Fatal(r.Words(time.Now()))
		}
		for i := range 3 { // a second round: the old task is listed first, and done
			if _, err := p.m.SendMessage(p.Context(), backend.SendMessageInput{QueueUrl: p.dlq, MessageBody: fmt.Sprint(i)}); err != nil {
				t.Fatal(err)
			}
		}
		task, err := p.desk.Start(p.Context(), p.sourceARN, backend.Opt[int]{})
		if err != nil {
			t.Fatal(err)
		}
		p.sqs.forget, p.sqs.fail = 3, 2
		var first string
		r := p.follow(task, Following{Progress: func(now Progress) {
			if first == "" {
				first = now.Words(time.Now())
			}
		}})
		if first != "started; SQS does not list it yet" {
			t.Errorf("%q", first)
		}
		if r.Status != backend.TaskCompleted || r.DestinationArn != p.sourceARN.String() || !r.Mine {
			t.Errorf("%+v", r)
		}
	})
}

func (p *place) only() Task {
	all, err := p.desk.History(p.Context())
	if err != nil || len(all) != 1 {
		p.Fatal(all, err)
	}
	return all[0]
}

func TestAStandstillIsSaidWithItsAge(t *testing.T) {
	now := time.Now()
	p := Progress{Listed: true, Changed: now.Add(-30 * time.Second), Task: Task{MoveTask: backend.MoveTask{
		Status: backend.TaskRunning, ApproximateNumberOfMessagesMoved: 32, ApproximateNumberOfMessagesToMove: 100,
	}}}
	if w := p.Words(now); w != "RUNNING, 32 of 100 moved; as of up to 30s ago" {
		t.Errorf("%q", w)
	}
	if w := p.Words(now.Add(time.Hour)); !strings.Contains(w, "nothing has moved for 1h0m30s") {
		t.Errorf("%q", w)
	}
}

func TestADestinationThatGoesAwayEndsTheTaskWithItsReason(t *testing.T) {
	inPlace(t, 20, func(p *place) {
		task := p.start(1)
		gone := false
		r := p.follow(task, Following{Progress: func(Progress) {
			if !gone {
				gone = true
				_ = p.m.DeleteQueue(p.Context(), backend.DeleteQueueInput{QueueUrl: p.source})
			}
		}})
		if r.Status != backend.TaskFailed || !strings.Contains(r.Words(time.Now()), "NonExistentQueue") {
			t.Errorf("%s", r.Words(time.Now()))
		}
	})
}

func TestFollowingGivesUpWithItsContextAndTheTaskGoesOn(t *testing.T) {
	inPlace(t, 40, func(p *place) {
		ctx, cancel := context.WithTimeout(p.Context(), 5*time.Second)
		defer cancel()
		_, err := p.desk.Follow(ctx, p.start(1), Following{})
		if k := backend.KindOf(err); k != backend.KindTimeout && k != backend.KindCancelled {
			t.Errorf("%v", err)
		}
		if _, ok, err := p.desk.Current(p.Context()); !ok || err != nil {
			t.Errorf("it does not run any more: %v", err)
		}
	})
}
