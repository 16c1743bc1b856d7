package proof

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"sqscope/backend"
	"sqscope/backend/memory"
	"sqscope/backend/move"
)

// yard is an engine with a destination and the dead-letter queue behind it.
type yard struct {
	m      *memory.Engine
	orders Queue
	dlq    Queue
	fail   func(...any)
}

func newYard(fail func(...any)) *yard {
	y := &yard{m: memory.New(memory.Options{Seed: 1}), fail: fail}
	y.dlq = y.create("orders-dlq", nil)
	y.orders = y.create("orders", map[string]string{
		backend.AttrVisibilityTimeout: "0",
		backend.AttrRedrivePolicy:     fmt.Sprintf(`{"deadLetterTargetArn":%q,"maxReceiveCount":1}`, y.dlq.ARN),
	})
	return y
}

func (y *yard) create(name string, attributes map[string]string) Queue {
	out, err := y.m.CreateQueue(context.Background(), backend.CreateQueueInput{QueueName: name, Attributes: attributes})
	y.check(err)
	return Queue{Stack: y.m.Stack(), URL: out.QueueUrl, ARN: backend.ARNOf(out.QueueUrl, "us-east-1")}
}

func (y *yard) check(err error) {
	if err != nil {
		y.fail(err)
	}
}

func (y *yard) send(q Queue, body string) backend.SendMessageOutput {
	out, err := y.m.SendMessage(context.Background(), backend.SendMessageInput{QueueUrl: q.URL, MessageBody: body})
	y.check(err)
	return out
}

// take receives everything that can be had of the destination once.
func (y *yard) take() (all []backend.Message) {
	for {
		out, err := y.m.ReceiveMessage(context.Background(), backend.ReceiveMessageInput{
			QueueUrl: y.orders.URL, MaxNumberOfMessages: backend.Some(10), VisibilityTimeout: backend.Some(600),
		})
		y.check(err)
		if len(out.Messages) == 0 {
			return all
		}
		all = append(all, out.Messages...)
	}
}

func (y *yard) giveBack(m backend.Message) {
	y.check(y.m.ChangeMessageVisibility(context.Background(), backend.ChangeMessageVisibilityInput{
		QueueUrl: y.orders.URL, ReceiptHandle: m.ReceiptHandle, VisibilityTimeout: backend.Some(0),
	}))
}

func (y *yard) follower(o Options) *Follower {
	o.From, o.To, o.Back = y.dlq, []Queue{y.orders}, []Queue{y.dlq}
	f, err := New(context.Background(), o)
	y.check(err)
	return f
}

// TestTheFateOfEachMessageIsThatOfTheEngine has random consumers, and messages
// that are added before or after something became of them.
func TestTheFateOfEachMessageIsThatOfTheEngine(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		y := newYard(func(a ...any) { t.Helper(); t.Fatal(a...) })
		defer y.m.Close()
		y.m.Clock().Pause()
		for i := range rapid.IntRange(0, 3).Draw(t, "old") {
			y.send(y.dlq, fmt.Sprint("old ", i))
		}
		f := y.follower(Options{})
		want, fresh := map[string]Fate{}, 0
		late := []Item{}
		n := rapid.IntRange(0, 12).Draw(t, "messages")
		for i := range n {
			body := fmt.Sprint("m", i%5) // some have the same content
			out := y.send(y.orders, body)
			it := Item{ID: fmt.Sprint("old id ", i), NewID: out.MessageId, To: y.orders.ARN.String(), Digest: Digest{Body: out.MD5OfMessageBody}}
			if rapid.Bool().Draw(t, "late") {
				late = append(late, it)
			} else {
				f.Add(it)
			}
			want[out.MessageId] = Waiting
		}
		for range rapid.IntRange(0, 3).Draw(t, "others") {
			y.send(y.orders, "somebody else's")
		}
		for _, m := range y.take() {
			ours := want[m.MessageId] != ""
			switch rapid.IntRange(0, 2).Draw(t, "what the consumer does") {
			case 0:
				if ours {
					want[m.MessageId] = InFlight
				}
			case 1:
				y.check(y.m.DeleteMessage(context.Background(), backend.DeleteMessageInput{QueueUrl: y.orders.URL, ReceiptHandle: m.ReceiptHandle}))
				if ours {
					want[m.MessageId] = Processed
				}
			case 2:
				y.giveBack(m)
				y.take() // the receive that dead-letters it
				if ours {
					want[m.MessageId] = CameBack
				} else {
					fresh++
				}
			}
		}
		look := func() Picture {
			p, err := f.Look(context.Background(), false)
			y.check(err)
			return p
		}
		if rapid.Bool().Draw(t, "a look between") {
			look()
		}
		for _, it := range late {
			f.Add(it)
		}
		if len(want) > 0 && len(late) > 0 { // what was added late and still waits is not told by any event
			y.check(f.lookAround(context.Background()))
		}
		p := look()
		got := map[string]Fate{}
		for _, it := range f.Items() {
			got[it.NewID] = it.Fate
		}
		for id, fate := range want { // one that was never received tells no event after its send
			if fate == Waiting && got[id] == NotBack {
				got[id] = Waiting
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatal(diff)
		}
		if p.New != fresh || p.Sent != n || p.Returned()+p.New != p.Since {
			t.Fatalf("%d new failures, want %d: %s", p.New, fresh, p.Line())
		}
		// What the events say and what the queues hold is the same.
		y.check(f.lookAround(context.Background()))
		for _, it := range f.Items() {
			if it.Fate != got[it.NewID] {
				t.Fatalf("%s: %s by events, %s by looking", it.NewID, got[it.NewID], it.Fate)
			}
		}
	})
}

func TestOnSQSAloneOnlyWhatWasSeenIsSaid(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		y := newYard(func(a ...any) { t.Helper(); t.Fatal(a...) })
		defer y.m.Close()
		old := y.send(y.dlq, "twin")
		time.Sleep(time.Hour)
		y.dlq.Stack, y.orders.Stack = backend.Stack{SQS: y.m}, backend.Stack{SQS: y.m}
		f := y.follower(Options{})
		out := y.send(y.orders, "twin")
		f.Add(Item{ID: "gone", NewID: out.MessageId, Digest: Digest{Body: out.MD5OfMessageBody}, To: y.orders.ARN.String()})
		time.Sleep(5 * time.Minute)
		p, err := f.Look(t.Context(), true)
		if err != nil || p.Exact || p.Returned() != 0 || !p.ReadAt.IsZero() {
			t.Fatal(err, p.Line())
		}
		if want := "1 redriven: none was looked for one by one, at least 1 dead letters since, by depth; orders: about 1 waiting, 0 in flight"; p.Line() != want {
			t.Errorf("%s", p.Line())
		}
		// An old message with the same content is not taken for one that came back;
		// one that a consumer sent there itself is.
		f.judge(backend.Message{MessageId: old.MessageId, Body: "twin", Attributes: map[string]string{backend.SysSentTimestamp: "1"}})
		if f.items[0].Fate != NotBack || len(f.unknown) != 1 {
			t.Error(f.items[0].Fate, f.unknown)
		}
		now := fmt.Sprint(time.Now().UnixMilli())
		f.judge(backend.Message{MessageId: "another", Body: "twin", Attributes: map[string]string{backend.SysSentTimestamp: now}})
		f.judge(backend.Message{MessageId: "a third", Body: "twin", Attributes: map[string]string{backend.SysSentTimestamp: now}})
		if f.items[0].Fate != CameBack || len(f.fresh) != 1 {
			t.Error(f.items[0].Fate, f.fresh)
		}
	})
}

func TestCountsThatAreAMinuteLateAreNoRefill(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		y := newYard(func(a ...any) { t.Helper(); t.Fatal(a...) })
		defer y.m.Close()
		for i := range 10 {
			y.send(y.dlq, fmt.Sprint(i))
		}
		y.dlq.Stack, y.orders.Stack = backend.Stack{SQS: y.m}, backend.Stack{SQS: y.m}
		f := y.follower(Options{})
		f.Moved(4) // and the count still says 10
		if p, err := f.Look(t.Context(), false); err != nil || p.Since != 0 {
			t.Error(err, p.Since)
		}
		time.Sleep(2 * time.Minute) // now it must not
		if p, err := f.Look(t.Context(), false); err != nil || p.Since != 4 {
			t.Error(err, p.Since)
		}
	})
}

func TestAPurgeOfTheDestinationIsALoss(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		y := newYard(func(a ...any) { t.Helper(); t.Fatal(a...) })
		defer y.m.Close()
		f := y.follower(Options{})
		out := y.send(y.orders, "x")
		f.Add(Item{ID: "a", NewID: out.MessageId, To: y.orders.ARN.String(), Digest: Digest{Body: out.MD5OfMessageBody}})
		y.check(y.m.PurgeQueue(t.Context(), backend.PurgeQueueInput{QueueUrl: y.orders.URL}))
		p, err := f.Look(t.Context(), false)
		if err != nil || p.Fates[Lost] != 1 || !strings.Contains(p.Line(), "1 lost to expiry or a purge") {
			t.Error(err, p.Line())
		}
	})
}

// TestHistoryFollowsAMessageThroughItsNewIds redrives one message three times and
// another once; then the journal of the last is cut in the middle of a line.
func TestHistoryFollowsAMessageThroughItsNewIds(t *testing.T) {
	moves, reports := t.TempDir(), t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		y := newYard(func(a ...any) { t.Helper(); t.Fatal(a...) })
		defer y.m.Close()
		y.send(y.dlq, "poison")
		y.send(y.dlq, "other")
		from, err := move.Find(t.Context(), y.m, "", y.dlq.URL)
		y.check(err)
		to, err := move.Find(t.Context(), y.m, "", y.orders.URL)
		y.check(err)
		for i := range 3 {
			_, err := move.Run(t.Context(), move.Options{Dir: moves, From: from, To: []move.Queue{to}, Select: func(m backend.Message) bool { return i == 0 || m.Body == "poison" }})
			y.check(err)
			y.m.Clock().Advance(time.Minute)
			for range 4 { // it fails again
				_, err := y.m.ReceiveMessage(t.Context(), backend.ReceiveMessageInput{QueueUrl: y.orders.URL, MaxNumberOfMessages: backend.Some(10)})
				y.check(err)
			}
			time.Sleep(2 * time.Second)
		}
		out, err := y.m.Browse(t.Context(), backend.BrowseInput{QueueUrl: y.dlq.URL, Limit: 10})
		y.check(err)
		h, problems, err := Load(moves, reports)
		y.check(err)
		if len(problems) > 0 || len(out.Messages) != 2 {
			t.Fatal(problems, len(out.Messages))
		}
		for _, m := range out.Messages {
			want := map[string]int{"poison": 3, "other": 1}[m.Body]
			past := h.Of(m.Message)
			if len(past) != want || !past[0].ByID || past[0].To != y.orders.ARN.String() {
				t.Errorf("%s: %+v", m.Body, past)
			}
			anew := m.Message
			anew.MessageId = "of a task of SQS" // by content alone
			if got := h.Times(anew); got != want {
				t.Errorf("%s by its content: %d times, want %d", m.Body, got, want)
			}
		}
		if n := h.Times(backend.Message{MessageId: "x", Body: "never seen"}); n != 0 {
			t.Error(n)
		}
		names, err := filepath.Glob(filepath.Join(moves, "*.jsonl"))
		y.check(err)
		doc, err := os.ReadFile(names[2])
		y.check(err)
		y.check(os.WriteFile(names[2], doc[:len(doc)-20], 0o600))
		h, problems, err = Load(moves, reports)
		if err != nil || len(problems) != 1 || !strings.Contains(problems[0].Error(), "cut off") {
			t.Error(err, problems)
		}
		for _, m := range out.Messages {
			if m.Body == "poison" && h.Times(m.Message) != 3 {
				t.Errorf("after the cut %d times", h.Times(m.Message))
			}
		}
	})
}

func report() Report {
	at := time.Date(2026, 3, 14, 3, 0, 0, 0, time.UTC)
	arn := "arn:aws:sqs:us-east-1:000000000000:orders"
	return Report{
		Format: Format, ID: NewID(at), Began: at, Ended: at.Add(time.Minute), At: at, From: arn + "-dlq", To: []string{arn}, How: "a selective move", Moved: 2,
		Line: "2 redriven: 1 came back", Stop: "all", Left: map[string]int{"left: too large": 3},
		Items: []Item{
			{ID: "1", NewID: "2", To: arn, Fate: CameBack, At: at, Label: "bad schema", Digest: Digest{Body: "aa"}},
			{ID: "3", NewID: "4", To: arn, Fate: NotBack, At: at, Label: "503", Digest: Digest{Body: "bb", Attributes: "cc"}},
		},
		Markers: []Marker{{at, "deploy 14:05"}},
	}
}

func TestNothingInAReportTurnsOrHidesItsText(t *testing.T) {
	for _, r := range "\x1b\x7f\u009b\u061c\u200b\u200e\u200f\u202a\u202e\u2060\u2066\u2069\ufeff" {
		if plain, code := plain(string(r)), code(string(r)); plain != "_" || code != "`_`" {
			t.Errorf("%U is %q and %q", r, plain, code)
		}
	}
}

func TestAReportIsReadAsItWasWritten(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "reports")
	if _, err := Last(dir); backend.KindOf(err) != backend.KindNotFound {
		t.Errorf("none yet: %v", err)
	}
	want := report()
	path, err := Save(dir, want)
	if err != nil {
		t.Fatal(err)
	}
	got, err := Last(dir)
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Error(err, diff)
	}
	md, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{"# Redrive of `orders-dlq`", "**2 redriven: 1 came back**", "| bad schema | 1 | 1 |", "| 3 | left: too large |", "deploy 14:05", "| `2` | `1` | `aa` |"} {
		if !strings.Contains(string(md), part) {
			t.Errorf("no %q in\n%s", part, md)
		}
	}
	later := report()
	later.ID, later.Format = NewID(time.Now()), Format+1
	doc := fmt.Sprintf(`{"format":%d,"id":%q}`, later.Format, later.ID)
	if err := os.WriteFile(filepath.Join(dir, "redrive-"+later.ID+".json"), []byte(doc), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Last(dir); backend.KindOf(err) != backend.KindUnsupported {
		t.Errorf("a newer format: %v", err)
	}
	all, problems, err := Reports(dir)
	if err != nil || len(all) != 1 || len(problems) != 1 {
		t.Error(len(all), problems, err)
	}
}

func FuzzMarkdownHasNothingThatATerminalObeys(f *testing.F) {
	f.Add("bad\x1b[31m schema|`x`\n# no \u202e \u0085 <script>")
	f.Fuzz(func(t *testing.T, s string) {
		r := report()
		r.Items[0].Label, r.Items[0].Group, r.Line, r.From, r.Stop, r.Markers[0].Text = s, s, s, s, s, s
		r.Left = map[string]int{s: 1}
		lines := strings.Split(report().Markdown(), "\n")
		for _, c := range r.Markdown() {
			if c != '\n' && !printable(c) {
				t.Fatalf("%q in the report", c)
			}
		}
		if n := len(strings.Split(r.Markdown(), "\n")); n > len(lines) {
			t.Errorf("%d lines, want at most %d: %q makes a line of its own", n, len(lines), s)
		}
	})
}
