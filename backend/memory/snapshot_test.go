package memory_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"sqscope/backend"
	"sqscope/backend/memory"
)

func (d *desk) snapshot() string {
	d.t.Helper()
	var file bytes.Buffer
	d.must(d.Snapshot(d.ctx, &file))
	return file.String()
}

// full is an engine in which there is something of everything.
func full(t testing.TB) *desk {
	d := openWith(t, memory.Options{Seed: 3})
	dlq := d.create("dlq")
	q := d.create("q", backend.AttrRedrivePolicy, redrive("dlq", 2), backend.AttrVisibilityTimeout, "7",
		backend.AttrKmsDataKeyReusePeriodSeconds, "100", backend.AttrSqsManagedSseEnabled, "false")
	f := d.create("f.fifo", backend.AttrDelaySeconds, "1", backend.AttrDeduplicationScope, "messageGroup")
	d.create("gone")
	d.must(d.DeleteQueue(d.ctx, backend.DeleteQueueInput{QueueUrl: "gone"}))
	d.must(d.TagQueue(d.ctx, backend.TagQueueInput{QueueUrl: q, Tags: map[string]string{"täg": "ü"}}))
	d.must(d.AddPermission(d.ctx, backend.AddPermissionInput{QueueUrl: q, Label: "l", AWSAccountIds: []string{"111111111111"}, Actions: []string{"*"}}))
	d.set(q, backend.AttrRedriveAllowPolicy, `{"redrivePermission":"denyAll"}`)
	for i := range 40 {
		in := backend.SendMessageInput{QueueUrl: q, MessageBody: strconv.Itoa(i) + " \u2028<&>\"\\\r\n\t\U0001F600\uFFFD"}
		if i%3 > 0 {
			in.MessageGroupId = backend.Some("t" + strconv.Itoa(i%3))
		}
		if i%4 == 0 {
			in.DelaySeconds = backend.Some(i)
		}
		if i%5 == 0 {
			in.MessageAttributes = map[string]backend.MessageAttribute{
				"s": {DataType: "String.x", StringValue: backend.Some("v")}, "b": {DataType: "Binary", BinaryValue: []byte{0, 255}},
			}
			in.MessageSystemAttributes = map[string]backend.MessageAttribute{
				backend.SysAWSTraceHeader: {DataType: "String", StringValue: backend.Some("Root=1")},
			}
		}
		_, err := d.SendMessage(backend.WithCaller(d.ctx, backend.Caller{UserID: []string{"", "AIDAX"}[i%2]}), in)
		d.must(err)
		d.fifo(f, "g"+strconv.Itoa(i%4), strconv.Itoa(i), "")
	}
	for range 4 {
		d.receive(q, 10)
		d.pass(7 * time.Second)
		d.receiveInput(backend.ReceiveMessageInput{
			QueueUrl: f, MaxNumberOfMessages: backend.Some(5), ReceiveRequestAttemptId: backend.Some("again"), VisibilityTimeout: backend.Some(20),
		})
	}
	d.set(f, backend.AttrDeduplicationScope, "queue")
	d.start(backend.StartMessageMoveTaskInput{SourceArn: arn("dlq"), MaxNumberOfMessagesPerSecond: backend.Some(2)})
	d.pass(time.Second)
	d.fault(backend.Fault{Kind: backend.FaultShortBatch, Queue: "q", Probability: 0.5, Count: 50, After: start})
	d.receive(dlq, 1)
	return d
}

// future is what happens to whoever does the same things from then on.
func (d *desk) future() []any {
	var log []any
	for i := range 60 {
		for _, q := range []string{"q", "f.fifo", "dlq"} {
			got := d.receive(q, 1+i%10)
			log = append(log, got)
			for j, m := range got {
				if (i+j)%3 == 0 {
					d.delete(q, m)
				}
			}
			log = append(log, d.attributes(q, backend.AttrAll))
		}
		log = append(log, d.send("q", "new"), d.fifo("f.fifo", "g1", strconv.Itoa(i), ""), d.tasks("dlq", 10))
		d.pass(time.Duration(i) * 300 * time.Millisecond)
		_, err := d.CreateQueue(d.ctx, backend.CreateQueueInput{QueueName: "gone"})
		log = append(log, err == nil, d.clock.Now())
	}
	faults, err := d.ListFaults(d.ctx)
	d.must(err)
	tags, err := d.ListQueueTags(d.ctx, backend.ListQueueTagsInput{QueueUrl: "q"})
	d.must(err)
	m, err := d.QueueMetrics(d.ctx, []string{"q", "dlq", "f.fifo"})
	d.must(err)
	return append(log, faults, tags, m)
}

func TestARestoredEngineHasTheSameFuture(t *testing.T) {
	a := full(t)
	file := a.snapshot()
	b := openWith(t, memory.Options{Seed: 99, Clock: memory.NewClock(memory.ClockOptions{Start: start.Add(24 * time.Hour), Paused: true})})
	t.Cleanup(b.clock.Close)
	b.create("other")
	b.must(b.Restore(b.ctx, strings.NewReader(file)))
	b.same(b.snapshot(), file)
	a.consistent()
	b.consistent()
	want := a.future()
	b.same(b.future(), want)
	b.must(b.Restore(b.ctx, strings.NewReader(file))) // onto itself, back in time
	b.same(b.future(), want)
}

func TestHandlesFromBeforeASnapshotWorkAfterIt(t *testing.T) {
	a := open(t)
	q := a.create("q")
	a.send(q, "m")
	m := a.one(q)
	b := openWith(t, memory.Options{Seed: 7})
	b.must(b.Restore(b.ctx, strings.NewReader(a.snapshot())))
	b.wantDepth("q", depth{0, 1, 0})
	b.delete("q", m)
	b.wantDepth("q", depth{0, 0, 0})
}

func TestAClockGoesOnAsItRan(t *testing.T) {
	inBubble(t, func(t *testing.T, d *desk) {
		d.clock.SetSpeed(60)
		file := d.snapshot()
		then := d.clock.Now()
		time.Sleep(time.Hour)
		d.clock.Pause()
		d.must(d.Restore(d.ctx, strings.NewReader(file)))
		d.same(d.clock.Now(), then)
		time.Sleep(time.Second)
		d.same(d.clock.Now(), then.Add(time.Minute))
	})
}

func TestWhoWaitsWhenASnapshotIsRestoredGetsAnEmptyAnswer(t *testing.T) {
	inBubble(t, func(t *testing.T, d *desk) {
		q := d.create("q")
		file := d.snapshot()
		var out backend.ReceiveMessageOutput
		err := errors.New("not yet")
		go func() {
			out, err = d.ReceiveMessage(d.ctx, backend.ReceiveMessageInput{QueueUrl: q, WaitTimeSeconds: backend.Some(20)})
		}()
		woken := 0
		_, _, perr := d.Poll(backend.ReceiveMessageInput{QueueUrl: q}, func(time.Time) {
			woken++
			_, _, err := d.Poll(backend.ReceiveMessageInput{QueueUrl: q}, func(time.Time) { woken++ })
			d.must(err)
		})
		d.must(perr)
		synctest.Wait()
		events, err2 := d.Subscribe(d.ctx, 10)
		d.must(err2)
		d.must(d.Restore(d.ctx, strings.NewReader(file)))
		synctest.Wait()
		d.must(err)
		d.same(len(out.Messages), 0)
		d.same(woken, 1)
		d.send(q, "m")
		synctest.Wait()
		d.same(woken, 2)
		d.same((<-events).Kind, backend.EventRestored)
	})
}

// keeper keeps a section that is a number.
type keeper struct {
	n      int
	loaded []string
}

func (k *keeper) Save() (json.RawMessage, error) { return json.Marshal(k.n) }

func (k *keeper) Load(section json.RawMessage) (func(), error) {
	k.loaded = append(k.loaded, string(section))
	var n int
	if section != nil {
		if err := json.Unmarshal(section, &n); err != nil {
			return nil, backend.Errorf(backend.KindInvalid, "a number was expected")
		}
	}
	return func() { k.n = n }, nil
}

func TestOthersKeepTheirSectionsBesideTheEngines(t *testing.T) {
	a, b := open(t), open(t)
	ka, kb := &keeper{n: 42}, &keeper{}
	a.Keep("scenario", ka)
	file := a.snapshot()
	b.must(b.Restore(b.ctx, strings.NewReader(file)))
	value, ok := b.Section("scenario")
	b.same([]any{string(value), ok}, []any{"42", true})
	b.same(b.snapshot(), file) // nobody keeps it, and so it stays
	b.Keep("scenario", kb)
	b.must(b.Restore(b.ctx, strings.NewReader(file)))
	b.same(kb.n, 42)
	b.must(b.Restore(b.ctx, strings.NewReader(open(t).snapshot())))
	b.same(kb.loaded, []string{"42", ""})
	b.create("q")
	bad := strings.Replace(file, `"value":42`, `"value":"x"`, 1)
	err := b.Restore(b.ctx, strings.NewReader(bad))
	b.same([]any{backend.KindOf(err), kb.n}, []any{backend.KindInvalid, 0})
	b.wantDepth("q", depth{0, 0, 0}) // nothing was changed
}

func TestAFileThatIsWrongIsRefusedWithItsLineAndChangesNothing(t *testing.T) {
	d := full(t)
	file := d.snapshot()
	lines := strings.SplitAfter(file, "\n")
	replace := func(old, new string) string {
		if !strings.Contains(file, old) {
			t.Fatalf("there is no %s", old)
		}
		return strings.Replace(file, old, new, 1)
	}
	for name, tc := range map[string]struct{ file, says string }{
		"empty":             {"", "line 1: the file is empty"},
		"no snapshot":       {"{}\n", "line 1: this is no snapshot"},
		"binary":            {"\x00\xff", "line 1: UTF-8 was expected"},
		"newer":             {replace(`"version":1`, `"version":2,"more":true`), "of version 2, and this program knows up to 1"},
		"cut":               {strings.Join(lines[:len(lines)/2], ""), "the file ends here"},
		"cut in a line":     {file[:len(file)*2/3], "line "},
		"without its end":   {strings.Join(lines[:len(lines)-2], ""), "more lines up to the end were expected"},
		"more":              {file + "{}\n", "nothing was expected after the end"},
		"a message less":    {strings.Join(append(append([]string{}, lines[:len(lines)-4]...), lines[len(lines)-2]), ""), "expected"},
		"another account":   {replace(`"account":"000000000000"`, `"account":"111111111111"`), "account 111111111111 in us-east-1"},
		"an unknown member": {replace(`"rank":`, `"rang":`), `unknown field "rang"`},
		"a wrong type":      {replace(`"seq":1,`, `"seq":"1",`), "line "},
		"an old sequence":   {replace(`"seq":2,`, `"seq":1,`), "a sequence was expected"},
		"a far sequence":    {replace(`"seq":2,`, `"seq":4611686018427387000,`), "a sequence was expected"},
		"a bad body":        {replace(`"body":"1 `, `"body":"\u0007`), "Invalid binary character"},
		"a bad attribute":   {replace(`"VisibilityTimeout":"7"`, `"VisibilityTimeout":"x"`), "VisibilityTimeout"},
		"a bad fault":       {replace(`"Kind":"shortBatch"`, `"Kind":"flood"`), "is no kind of fault"},
		"half a character":  {replace(`täg`, "t\xe4g"), "UTF-8 was expected"},
	} {
		err := d.Restore(d.ctx, strings.NewReader(tc.file))
		if e := backend.AsError(orNone(err)); e.Kind != backend.KindInvalid || !strings.Contains(e.Message, tc.says) {
			t.Errorf("%s: got %v, want %q", name, err, tc.says)
		}
	}
	if d.snapshot() != file {
		t.Error("something has changed")
	}
}

// A step that is planned for a time that is over, as by somebody who was held up,
// waits from now on and has not been missed.
func TestAMoveTasksStepThatComesLateIsDueNow(t *testing.T) {
	d := full(t)
	late := regexp.MustCompile(`"wake":\d+`).ReplaceAllString(d.snapshot(), `"wake":1`)
	if late == d.snapshot() {
		t.Fatal("no move task runs")
	}
	e := open(t)
	e.must(e.Restore(e.ctx, strings.NewReader(late)))
	e.consistent()
}

func TestAReaderOrWriterThatFailsIsToldOf(t *testing.T) {
	d := full(t)
	failure := errors.New("the disk is full")
	if err := d.Snapshot(d.ctx, failing{failure}); !errors.Is(err, failure) {
		t.Errorf("got %v", err)
	}
	if err := d.Restore(d.ctx, failing{failure}); !errors.Is(err, failure) {
		t.Errorf("got %v", err)
	}
	ctx, cancel := context.WithCancel(d.ctx)
	cancel()
	d.same(backend.KindOf(d.Restore(ctx, strings.NewReader(""))), backend.KindCancelled)
}

type failing struct{ err error }

func (f failing) Write([]byte) (int, error) { return 0, f.err }
func (f failing) Read([]byte) (int, error)  { return 0, f.err }

// FuzzRestore feeds the reader files. One that it takes must make a consistent
// engine that writes a file that it takes too, and has grown no more than that.
func FuzzRestore(f *testing.F) {
	file := full(f).snapshot()
	f.Add(file)
	lines := strings.SplitAfter(file, "\n")
	for i := range lines {
		f.Add(strings.Join(lines[:i], ""))
	}
	f.Fuzz(func(t *testing.T, file string) {
		d := open(t)
		if err := d.Restore(d.ctx, strings.NewReader(file)); err != nil {
			if backend.KindOf(err) != backend.KindInvalid {
				t.Errorf("refused with %v", err)
			}
			return
		}
		d.consistent()
		again := d.snapshot()
		e := open(t)
		e.must(e.Restore(e.ctx, strings.NewReader(again)))
		e.same(e.snapshot(), again)
		e.pass(15 * 24 * time.Hour)
	})
}

func TestASnapshotOfABusyEngineIsOneMoment(t *testing.T) {
	clock := memory.NewClock(memory.ClockOptions{})
	defer clock.Close()
	d := openWith(t, memory.Options{Clock: clock, NoCooldown: true})
	d.create("a")
	d.create("b", backend.AttrRedrivePolicy, redrive("a", 1), backend.AttrVisibilityTimeout, "0")
	ctx, cancel := context.WithCancel(d.ctx)
	done := make(chan struct{})
	const n = 50
	for range n {
		d.send("b", "m")
	}
	go func() { // messages go from b to a, and back
		defer close(done)
		for ctx.Err() == nil {
			_, _ = d.ReceiveMessage(ctx, backend.ReceiveMessageInput{QueueUrl: "b", MaxNumberOfMessages: backend.Some(10)})
			_, _ = d.StartMessageMoveTask(ctx, backend.StartMessageMoveTaskInput{SourceArn: arn("a")})
			clock.Advance(50 * time.Millisecond)
		}
	}()
	for range 30 {
		e := open(t)
		e.must(e.Restore(e.ctx, strings.NewReader(d.snapshot())))
		a, b := e.depth("a"), e.depth("b")
		if a[0]+a[1]+b[0]+b[1] != n {
			t.Errorf("%v and %v are not %d messages", a, b, n)
		}
	}
	cancel()
	<-done
}
