package memory_test

import (
	"testing"
	"time"

	"sqscope/backend"
)

func TestWhoAwaitsIsWokenInTurnAndUsesNoFault(t *testing.T) {
	d := open(t)
	q := d.create("q")
	d.fault(backend.Fault{Kind: backend.FaultServerError, Action: "ReceiveMessage"})
	var woken []string
	await := func(name string) (cancel func()) {
		cancel, err := d.Await(q, func(time.Time) { woken = append(woken, name) })
		d.must(err)
		return cancel
	}
	await("first")
	withdraw := await("second")
	await("third")
	withdraw()
	d.send(q, "m")
	d.send(q, "n")
	d.pass(0)
	d.same(woken, []string{"first", "third"})
	faults, err := d.ListFaults(d.ctx)
	d.must(err)
	d.same(faults[0].Happened, 0)
}

func TestWhoAwaitsWhatIsThereIsWokenAtOnce(t *testing.T) {
	d := open(t)
	q := d.create("q")
	d.send(q, "m")
	woken := false
	_, err := d.Await(q, func(time.Time) { woken = true })
	d.must(err)
	d.same(woken, false) // by an event, not before
	d.pass(0)
	d.same(woken, true)
	_, err = d.Await("nowhere", func(time.Time) {})
	d.same(backend.KindOf(err), backend.KindNotFound)
}

// What falls due in queues at the same time happens in the order of the queues,
// and before what others have set for that time, whoever was there first.
func TestWhatFallsDueInQueuesComesFirst(t *testing.T) {
	d := open(t)
	a, b := d.create("a"), d.create("b")
	events, err := d.Subscribe(d.ctx, 100)
	d.must(err)
	at := d.clock.Now().Add(5 * time.Second)
	d.clock.At(at, func(time.Time) { d.send(a, "at that time") })
	for _, q := range []string{b, a} {
		_, err := d.SendMessage(d.ctx, backend.SendMessageInput{QueueUrl: q, MessageBody: "m", DelaySeconds: backend.Some(5)})
		d.must(err)
	}
	d.pass(5 * time.Second)
	var log []string
	for range len(events) {
		if e := <-events; e.At.Equal(at) {
			log = append(log, string(e.Kind)+" "+e.QueueArn[len(e.QueueArn)-1:])
		}
	}
	d.same(log, []string{"visible a", "visible b", "sent a"})
}
