package queues

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sqscope/backend"
	"sqscope/backend/config"
	"sqscope/backend/find"
	"sqscope/backend/fleet"
	"sqscope/ui/screen"
)

func arn(region, name string) backend.ARN {
	return backend.ARN{Partition: "aws", Region: region, Account: "000000000000", Name: name}
}

// read is a queue of which everything is known.
func read(name string, visible int) *fleet.Queue {
	return &fleet.Queue{ARN: arn("us-east-1", name), FIFO: strings.HasSuffix(name, ".fifo"), Visible: visible, AsOf: time.Now(), Measured: true, Attributes: map[string]string{}}
}

// unread is one that is only listed.
func unread(name string) *fleet.Queue { return &fleet.Queue{ARN: arn("us-east-1", name)} }

// wired makes the second the dead-letter queue of the first.
func wired(q, dlq *fleet.Queue) {
	q.DLQ = &dlq.ARN
	dlq.Sources = append(dlq.Sources, q.ARN)
}

func sightOf(queues ...*fleet.Queue) sight {
	slices.SortFunc(queues, func(a, b *fleet.Queue) int { return strings.Compare(a.ARN.Name, b.ARN.Name) })
	conn := &screen.Connection{Name: "here"}
	known := 0
	for _, q := range queues {
		if !q.AsOf.IsZero() {
			known++
		}
	}
	return sight{conns: []*screen.Connection{conn}, snaps: []*fleet.Snapshot{{Queues: queues, Known: known, ListComplete: true}}, pins: map[key]bool{}}
}

func orderBy(id, filter string) order {
	q, err := find.Parse(filter)
	if err != nil {
		panic(err)
	}
	return order{by: columnOf(id), query: q}
}

func names(rows []row) []string {
	var out []string
	for _, r := range rows {
		name := r.q.ARN.Name
		if r.child {
			name = "└" + name
		}
		out = append(out, name)
	}
	return out
}

func TestNumbersAreSortedAsNumbersAndWhatIsUnknownComesLast(t *testing.T) {
	s := sightOf(read("nine", 9), read("thousand", 1000), read("eighty", 80), unread("unread"))
	if diff := cmp.Diff([]string{"thousand", "eighty", "nine", "unread"}, names(arrange(s, orderBy("visible", "")).rows)); diff != "" {
		t.Error(diff)
	}
	o := orderBy("visible", "")
	o.reverse = true
	if diff := cmp.Diff([]string{"nine", "eighty", "thousand", "unread"}, names(arrange(s, o).rows)); diff != "" {
		t.Errorf("turned round: %s", diff)
	}
	if diff := cmp.Diff([]string{"eighty", "nine", "thousand", "unread"}, names(arrange(s, orderBy("name", "")).rows)); diff != "" {
		t.Errorf("by name: %s", diff)
	}
}

func TestDeadLetterQueuesStandUnderTheirFirstSource(t *testing.T) {
	a, b, dlq, deep := read("a", 1), read("b", 5), read("shared-dlq", 100), read("deep-dlq", 7)
	wired(a, dlq)
	wired(b, dlq)
	wired(dlq, deep)
	s := sightOf(a, b, dlq, deep)
	if diff := cmp.Diff([]string{"b", "└shared-dlq", "└deep-dlq", "a"}, names(arrange(s, orderBy("visible", "")).rows)); diff != "" {
		t.Error(diff)
	}
	o := orderBy("visible", "")
	o.flat = true
	if diff := cmp.Diff([]string{"shared-dlq", "deep-dlq", "b", "a"}, names(arrange(s, o).rows)); diff != "" {
		t.Errorf("flat: %s", diff)
	}
	if diff := cmp.Diff([]string{"shared-dlq"}, names(arrange(s, orderBy("visible", "shared")).rows)); diff != "" {
		t.Errorf("without its sources: %s", diff)
	}
}

func TestQueuesThatAreEachOthersDeadLetterQueueAreShown(t *testing.T) {
	a, b := read("a", 1), read("b", 1)
	wired(a, b)
	wired(b, a)
	if got := names(arrange(sightOf(a, b), orderBy("name", "")).rows); len(got) != 2 {
		t.Errorf("shown: %v", got)
	}
}

func TestAFilterSaysOfHowManyItCannotTell(t *testing.T) {
	s := sightOf(read("full", 500), read("empty", 0), unread("x"), unread("y"))
	a := arrange(s, orderBy("visible", ">100"))
	if diff := cmp.Diff([]string{"full"}, names(a.rows)); diff != "" || a.unknown != 2 {
		t.Errorf("%s; unknown of %d", diff, a.unknown)
	}
	if a := arrange(s, orderBy("visible", "tag:team=checkout")); a.unknown != 4 {
		t.Errorf("tags were not read of any, but it cannot tell only of %d", a.unknown)
	}
}

func TestPinnedQueuesComeFirst(t *testing.T) {
	s := sightOf(read("a", 100), read("b", 1), read("payments", 0))
	s.pins[key{"here", arn("us-east-1", "b")}] = true
	s.names = []string{"pay*"}
	if diff := cmp.Diff([]string{"b", "payments", "a"}, names(arrange(s, orderBy("visible", "")).rows)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"b", "payments"}, names(arrange(s, orderBy("visible", "pinned")).rows)); diff != "" {
		t.Errorf("filtered: %s", diff)
	}
}

func TestOnlyTrouble(t *testing.T) {
	good, letters, broken, missing := read("good", 5), read("letters", 3), read("broken", 0), read("missing", 1)
	source := read("source", 1)
	wired(source, letters)
	good.DLQ = nil
	broken.Err = &backend.Error{Kind: backend.KindDenied}
	gone := arn("us-east-1", "gone")
	missing.DLQ, missing.DLQMissing = &gone, true
	o := orderBy("name", "")
	o.trouble, o.flat = true, true
	got := names(arrange(sightOf(good, letters, broken, missing, source), o).rows)
	for _, want := range []string{"letters", "broken", "missing"} {
		if !slices.Contains(got, want) {
			t.Errorf("%s is not among %v", want, got)
		}
	}
	if slices.Contains(got, "good") {
		t.Errorf("good is among %v", got)
	}
}

// The same queue name in two places is two rows, whatever else is equal.
func TestPlacesAreKeptApart(t *testing.T) {
	s := sightOf(read("orders", 5))
	other := &screen.Connection{Name: "there"}
	s.conns = append(s.conns, other)
	s.snaps = append(s.snaps, &fleet.Snapshot{Known: 1, Queues: []*fleet.Queue{{ARN: arn("eu-west-1", "orders"), Visible: 7, AsOf: time.Now()}}})
	a := arrange(s, orderBy("visible", ""))
	if len(a.rows) != 2 || a.rows[0].key() == a.rows[1].key() || a.rows[0].conn != other {
		t.Errorf("rows %v", a.rows)
	}
	if got := arrange(s, orderBy("visible", "region:eu")); len(got.rows) != 1 || got.rows[0].conn != other {
		t.Errorf("region:eu finds %v", names(got.rows))
	}
}

func TestTheConfigurationKnowsAllColumns(t *testing.T) {
	if diff := cmp.Diff(config.Columns(), columnIDs()); diff != "" {
		t.Errorf("backend/config has other columns (-config +list)\n%s", diff)
	}
}

func TestTheLossOfADeadLetterIsToldToTheSecond(t *testing.T) { // 5.9, 6.2
	now := time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC)
	dlq := read("dlq", 1)
	dlq.Attributes[backend.AttrMessageRetentionPeriod] = "345600"
	dlq.Oldest = now.Add(-95 * time.Hour)
	if _, known := loss(dlq, now); known {
		t.Error("a queue that is no dead-letter queue loses none")
	}
	wired(read("q", 1), dlq)
	if d, known := loss(dlq, now); !known || d != time.Hour {
		t.Errorf("lost in %v, %v", d, known)
	}
}
