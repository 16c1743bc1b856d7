package guard

import (
	"context"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sqscope/backend"
	"sqscope/backend/journal"
)

// tape is a recorder that remembers, or refuses.
type tape struct {
	acts    []journal.Act
	results []journal.Result
	err     error
}

func (p *tape) Begin(_ context.Context, act journal.Act) (func(journal.Result), error) {
	if p.err != nil {
		return nil, p.err
	}
	p.acts = append(p.acts, act)
	return func(r journal.Result) { p.results = append(p.results, r) }, nil
}

func TestWhatChangesSomethingIsRecordedAndNothingElse(t *testing.T) {
	for level := View; level <= Change; level++ {
		g, p := New(level), &tape{}
		g.Journal(p)
		eachCall(t, g.Wrap(fullStack(t)), func(action string, through bool, _ error) {
			want := through && !slices.Contains(reads, action) && !slices.Contains(looks, action)
			if got := len(p.acts) > 0; got != want {
				t.Errorf("at %v: an intent of %s is recorded: %v, want %v", level, action, got, want)
			} else if got && p.acts[0].Name != action {
				t.Errorf("%s is recorded as %s", action, p.acts[0].Name)
			}
			p.acts = nil
		})
	}
}

func TestAnActThatCannotBeRecordedDoesNotBegin(t *testing.T) {
	g, c, s := guarded(Change)
	full := backend.Errorf(backend.KindInternal, "no space left on device")
	g.Journal(&tape{err: full})
	tries := attempts(s)
	tries[ActDeleteMessages] = func(ctx context.Context) error {
		_, err := s.SQS.DeleteMessageBatch(ctx, backend.DeleteMessageBatchInput{QueueUrl: ordersURL, Entries: entries(5)})
		return err
	}
	for act, try := range tries {
		ctx := g.Allow(t.Context(), Grant{Act: act, ARN: ordersARN, Count: 5})
		g.Journal(&tape{err: full})
		if err := try(ctx); err != full {
			t.Errorf("%s: %v", act, err)
		}
		if len(c.calls) != 0 {
			t.Errorf("%s reached the backend", act)
		}
		g.Journal(nil)
		if err := try(ctx); err != nil {
			t.Errorf("%s: the confirmation was used up by what did not begin: %v", act, err)
		}
		clear(c.calls)
	}
}

func TestWhatIsRefusedIsNoAct(t *testing.T) {
	g, _, s := guarded(Change)
	p := &tape{}
	g.Journal(p)
	for act, try := range attempts(s) {
		if err := try(t.Context()); backend.KindOf(err) != backend.KindDenied {
			t.Errorf("%s without a grant: %v", act, err)
		}
	}
	if len(p.acts) > 0 {
		t.Errorf("recorded: %v", p.acts)
	}
}

// post is a backend whose queues take what they are told to.
type post struct {
	backend.SQS
	backend.Browser
	sent  backend.SendMessageOutput
	batch backend.SendMessageBatchOutput
	out   backend.BatchOutput
	err   error
}

func (p *post) SendMessage(context.Context, backend.SendMessageInput) (backend.SendMessageOutput, error) {
	return p.sent, p.err
}

func (p *post) SendMessageBatch(context.Context, backend.SendMessageBatchInput) (backend.SendMessageBatchOutput, error) {
	return p.batch, p.err
}

func (p *post) DeleteMessageBatch(context.Context, backend.DeleteMessageBatchInput) (backend.BatchOutput, error) {
	return p.out, p.err
}

func (p *post) RemoveMessages(context.Context, backend.RemoveMessagesInput) (backend.BatchOutput, error) {
	return p.out, p.err
}

func (p *post) CreateQueue(context.Context, backend.CreateQueueInput) (backend.CreateQueueOutput, error) {
	return backend.CreateQueueOutput{}, p.err
}

func (p *post) AddPermission(context.Context, backend.AddPermissionInput) error { return p.err }

const (
	md5OfA = "0cc175b9c0f1b6a831c399e269772661"
	md5OfB = "92eb5ffee6ae2fec3ad71c777531578f"
)

func TestTheRecordSaysWhatWasDoneToWhichMessages(t *testing.T) {
	a, b := journal.Message{ID: "ida", MD5: md5OfA}, journal.Message{ID: "idb", MD5: md5OfB}
	two := []backend.SendMessageBatchEntry{{Id: "1", SendMessageInput: backend.SendMessageInput{MessageBody: "a"}}, {Id: "2", SendMessageInput: backend.SendMessageInput{MessageBody: "b"}}}
	handles := []backend.DeleteMessageBatchEntry{{Id: "1", ReceiptHandle: "ha"}, {Id: "2", ReceiptHandle: "hb"}}
	failed := []backend.BatchError{{Id: "2", Code: "AccessDenied", Message: "no"}}
	remove := func(ctx context.Context, s backend.Stack) error {
		_, err := s.SQS.DeleteMessageBatch(ctx, backend.DeleteMessageBatchInput{QueueUrl: ordersURL, Entries: handles})
		return err
	}
	send := func(ctx context.Context, s backend.Stack) error {
		_, err := s.SQS.SendMessage(ctx, backend.SendMessageInput{QueueUrl: ordersURL, MessageBody: "a"})
		return err
	}
	sendBatch := func(ctx context.Context, s backend.Stack) error {
		_, err := s.SQS.SendMessageBatch(ctx, backend.SendMessageBatchInput{QueueUrl: ordersURL, Entries: two})
		return err
	}
	sending := journal.Act{Name: "SendMessage", Queue: ordersURL, Count: 1, Messages: []journal.Message{{MD5: md5OfA}}}
	deleting := journal.Act{Name: "DeleteMessageBatch", Queue: ordersURL, Count: 2, Messages: []journal.Message{a, b}, Evidence: "file", Sync: true}
	for name, c := range map[string]struct {
		post   *post
		do     func(context.Context, backend.Stack) error
		act    journal.Act
		result journal.Result
	}{
		"a message that was sent": {
			&post{sent: backend.SendMessageOutput{MessageId: "ida", MD5OfMessageBody: md5OfA}}, send, sending,
			journal.Result{Outcome: journal.Done, Count: 1, Messages: []journal.Message{a}},
		},
		"a message that was refused": {
			&post{err: backend.ErrorOf(backend.ErrQueueDoesNotExist, "no such queue")}, send, sending,
			journal.Result{Outcome: journal.Failed, Kind: "not found", Code: "AWS.SimpleQueueService.NonExistentQueue", Message: "no such queue"},
		},
		"a message of which nobody knows": {
			&post{err: backend.Errorf(backend.KindTimeout, "no answer")}, send, sending,
			journal.Result{Outcome: journal.Unknown, Kind: "timeout", Message: "no answer"},
		},
		"a batch of which a part was sent": {
			&post{batch: backend.SendMessageBatchOutput{Successful: []backend.SendMessageBatchResult{{Id: "1", SendMessageOutput: backend.SendMessageOutput{MessageId: "ida", MD5OfMessageBody: md5OfA}}}, Failed: failed}},
			sendBatch,
			journal.Act{Name: "SendMessageBatch", Queue: ordersURL, Count: 2, Messages: []journal.Message{{MD5: md5OfA}, {MD5: md5OfB}}},
			journal.Result{Outcome: journal.Partly, Count: 1, Messages: []journal.Message{a}, Kind: "denied", Code: "AccessDenied", Message: "no"},
		},
		"messages that were deleted": {
			&post{out: backend.BatchOutput{Successful: []string{"1", "2"}}}, remove, deleting,
			journal.Result{Outcome: journal.Done, Count: 2},
		},
		"messages of which one was deleted": {
			&post{out: backend.BatchOutput{Successful: []string{"1"}, Failed: failed}}, remove, deleting,
			journal.Result{Outcome: journal.Partly, Count: 1, Messages: []journal.Message{a}, Kind: "denied", Code: "AccessDenied", Message: "no"},
		},
		"messages of which one was not answered for": {
			&post{out: backend.BatchOutput{Successful: []string{"2"}}}, remove, deleting,
			journal.Result{Outcome: journal.Partly, Count: 1, Messages: []journal.Message{b}},
		},
		"messages that were removed by id": {
			&post{out: backend.BatchOutput{Failed: []backend.BatchError{{Id: "ida", Code: "NotFound"}, {Id: "idb", Code: "NotFound"}}}},
			func(ctx context.Context, s backend.Stack) error {
				_, err := s.Browse.RemoveMessages(ctx, backend.RemoveMessagesInput{QueueUrl: ordersURL, MessageIds: []string{"ida", "idb"}})
				return err
			},
			journal.Act{Name: "RemoveMessages", Queue: ordersURL, Count: 2, Messages: []journal.Message{{ID: "ida"}, {ID: "idb"}}, Evidence: "file", Sync: true},
			journal.Result{Outcome: journal.Failed, Kind: "internal", Code: "NotFound"},
		},
		"a queue that was made": {
			&post{}, func(ctx context.Context, s backend.Stack) error {
				_, err := s.SQS.CreateQueue(ctx, backend.CreateQueueInput{QueueName: "q", Attributes: map[string]string{"DelaySeconds": "1"}, Tags: map[string]string{"team": "x"}})
				return err
			},
			journal.Act{Name: "CreateQueue", Queue: "q", Params: map[string]string{"DelaySeconds": "1", "tag team": "x"}},
			journal.Result{Outcome: journal.Done},
		},
		"a permission that was given": {
			&post{}, func(ctx context.Context, s backend.Stack) error {
				return s.SQS.AddPermission(ctx, backend.AddPermissionInput{QueueUrl: ordersURL, Label: "l", AWSAccountIds: []string{"1", "2"}, Actions: []string{"*"}})
			},
			journal.Act{Name: "AddPermission", Queue: ordersURL, Params: map[string]string{"Label": "l", "AWSAccountIds": "1, 2", "Actions": "*"}},
			journal.Result{Outcome: journal.Done},
		},
	} {
		t.Run(name, func(t *testing.T) {
			g, p := New(Change), &tape{}
			g.Journal(p)
			ctx := g.Allow(t.Context(), Grant{Act: ActDeleteMessages, ARN: ordersARN, Count: 2, Evidence: "file"})
			ctx = Naming(ctx, map[string]journal.Message{"ha": a, "hb": b})
			if err := c.do(ctx, g.Wrap(backend.Stack{SQS: c.post, Browse: c.post})); err != c.post.err {
				t.Errorf("answered %v", err)
			}
			if diff := cmp.Diff([]journal.Act{c.act}, p.acts); diff != "" {
				t.Errorf("the intent (-want +got)\n%s", diff)
			}
			if diff := cmp.Diff([]journal.Result{c.result}, p.results); diff != "" {
				t.Errorf("the result (-want +got)\n%s", diff)
			}
		})
	}
}

func TestARedriveIsRecordedWithWhereItGoesAndTheEvidence(t *testing.T) {
	g, _, s := guarded(Change)
	p := &tape{}
	g.Journal(p)
	other := ordersARN + "-2"
	ctx := g.Allow(t.Context(), Grant{Act: ActRedrive, ARN: ordersARN, Evidence: "file"})
	in := backend.StartMessageMoveTaskInput{SourceArn: ordersARN, DestinationArn: other, MaxNumberOfMessagesPerSecond: backend.Some(5)}
	if _, err := s.SQS.StartMessageMoveTask(ctx, in); err != nil {
		t.Fatal(err)
	}
	want := []journal.Act{{
		Name: "StartMessageMoveTask", Queue: ordersARN, To: other, Evidence: "file", Sync: true,
		Params: map[string]string{"MaxNumberOfMessagesPerSecond": "5"},
	}}
	if diff := cmp.Diff(want, p.acts); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestAnActThatIsNoneOfSQSIsKeptBeforeItIsDone(t *testing.T) {
	g, p := New(View), &tape{}
	act := journal.Act{Name: journal.RevealMask, Queue: ordersARN, Count: 1, Messages: []journal.Message{{ID: "m"}}}
	if err := g.Record(t.Context(), act); err != nil || g.Recording() {
		t.Errorf("without a recorder: %v, %v", err, g.Recording())
	}
	g.Journal(p)
	if err := g.Record(t.Context(), act); err != nil || !g.Recording() {
		t.Errorf("with one: %v, %v", err, g.Recording())
	}
	if diff := cmp.Diff([]journal.Act{act}, p.acts); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]journal.Result{{Outcome: journal.Done, Count: 1}}, p.results); diff != "" {
		t.Error(diff)
	}
	full := backend.Errorf(backend.KindInternal, "no space left on device")
	g.Journal(&tape{err: full})
	if err := g.Record(t.Context(), act); err != full {
		t.Errorf("it may be done though it is not kept: %v", err)
	}
}
