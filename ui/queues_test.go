package ui

import (
	"context"
	"testing"
	"time"

	"sqscope/backend"
	"sqscope/backend/fleet"
	"sqscope/backend/guard"
	"sqscope/backend/memory"
	"sqscope/backend/owner"
	"sqscope/ui/screen"
)

func fleetOfTen(t *testing.T, sqs backend.SQS) {
	for _, name := range []string{"billing-invoices", "billing-mail", "checkout-orders", "checkout-refunds", "search-index"} {
		queue(t, sqs, name, nil)
	}
	for range 3 {
		send(t, sqs, "checkout-orders", "x")
	}
	err := sqs.TagQueue(context.Background(), backend.TagQueueInput{QueueUrl: url(t, sqs, "search-index"), Tags: map[string]string{"team": "find"}})
	if err != nil {
		t.Fatal(err)
	}
}

func TestTheFilterSpeaksItsLanguage(t *testing.T) {
	onScreen(t, setup{w: 100, h: 30, fill: fleetOfTen}, func(t *testing.T, d *desk) {
		for _, c := range []struct {
			filter      string
			shows, hide []string
		}{
			{"chkord", []string{"checkout-orders"}, []string{"billing", "search"}},
			{"billing-*", []string{"billing-invoices", "billing-mail"}, []string{"checkout"}},
			{"!billing !search", []string{"checkout-orders", "checkout-refunds"}, []string{"billing-mail"}},
			{">2", []string{"checkout-orders"}, []string{"refunds"}},
			{"tag:team=find", []string{"search-index"}, []string{"checkout"}},
		} {
			d.Press("/")
			d.Type(c.filter)
			d.Press("Enter")
			d.Wait(3 * time.Second)
			d.Shows(c.shows...)
			d.Hides(c.hide...)
			d.Press("/", "Esc")
		}
		d.Press("/")
		d.Type("age>soon")
		d.Shows("expected")
		d.Press("Enter") // it is no filter: the field stays
		d.Type("q")
		d.Shows("age>soonq")
	})
}

func TestAFilterThatIsKeptIsLeftByEsc(t *testing.T) {
	onScreen(t, setup{w: 100, h: 30, fill: fleetOfTen}, func(t *testing.T, d *desk) {
		d.Press("/")
		d.Type("search")
		d.Press("Enter")
		d.Wait(time.Second)
		d.Shows("search-index", "esc all queues")
		d.Hides("checkout")
		d.Press("Esc")
		d.Wait(time.Second)
		d.Shows("checkout-orders")
		d.Hides("all queues")
		d.Press("Esc")
		d.Shows("this is the first screen")
	})
}

func TestAPinIsRememberedAndAViewIsTaken(t *testing.T) {
	onScreen(t, setup{w: 120, h: 30, fill: fleetOfTen}, func(t *testing.T, d *desk) {
		d.Press("/")
		d.Type("search")
		d.Press("Enter", "*")
		d.Wait(time.Second)
		d.Press("/", "Esc")
		d.Wait(3 * time.Second)
		d.Shows("* search-index")
		d.Press("/")
		d.Type("billing")
		d.Press("Enter", "o", "W")
		d.Type("bills")
		d.Press("Enter")
		d.Shows("saved the view bills")
		d.Press("/", "Esc", "w")
		d.Wait(time.Second)
		d.Shows("Views", "bills")
		d.Press("Enter")
		d.Wait(time.Second)
		d.Shows("filter: billing", "billing-mail")
		d.Hides("checkout")
	})
}

func TestColumnsAreChosen(t *testing.T) {
	onScreen(t, setup{w: 140, h: 30, fill: fleetOfTen}, func(t *testing.T, d *desk) {
		d.Hides("STORED")
		d.Press("C")
		d.Shows("[x] visible", "[ ] stored")
		for range 12 {
			d.Press("j")
		}
		d.Press("Space", "Enter")
		d.Wait(time.Second)
		d.Shows("STORED")
	})
}

func TestClicksChooseSortAndOpen(t *testing.T) {
	onScreen(t, setup{w: 120, h: 30, fill: fleetOfTen, mouse: true}, func(t *testing.T, d *desk) {
		d.Click("search-index")
		d.Shows("search-index · 30 s visibility")
		d.Click("NAME")
		d.Shows("sort: name")
		d.Click("billing-mail")
		d.Click("billing-mail")
		d.Wait(time.Second)
		d.Shows("Queues / billing-mail")
	})
}

// In a context of two regions every act goes to the place of its row, and what
// fails in one is said of that one.
func TestTwoRegionsInOneList(t *testing.T) {
	s := &spy{}
	onScreen(t, setup{w: 120, h: 30, remote: true, fill: fleetOfTen, contexts: []screen.Context{{Name: "demo"}, {Name: "both"}}}, func(t *testing.T, d *desk) {
		there, sqs, end := secondRegion(t, d, s)
		defer end()
		d.there, d.beside = d.conn, there
		d.Press("c")
		d.Shows("both")
		d.Press("j", "Enter")
		d.Wait(5 * time.Second)
		d.Shows("2 places", "PLACE", "eu-west-1", "orders-in-europe", "checkout-orders", "6 queues")
		d.Press("/")
		d.Type("europe")
		d.Press("Enter", "s")
		d.Wait(time.Second)
		d.Shows("send to orders-in-europe", "eu-west-1")
		d.Type("hello")
		d.Press("ctrl+s")
		d.Wait(2 * time.Second)
		out, err := sqs.GetQueueAttributes(context.Background(), backend.GetQueueAttributesInput{QueueUrl: url(t, sqs, "orders-in-europe"), AttributeNames: []string{"All"}})
		if err != nil || out.Attributes[backend.AttrMessages] != "1" {
			t.Errorf("in Europe there is %s, %v", out.Attributes[backend.AttrMessages], err)
		}
		d.Press("Esc", "/", "Esc")
		s.expired.Store(true)
		d.Press("r")
		d.Wait(5 * time.Second)
		d.Shows("✗ eu-west-1: credentials", "aws sso login", "checkout-orders")
		s.expired.Store(false)
		d.Wait(time.Minute)
		d.Hides("✗ eu-west-1")
	})
}

func secondRegion(t *testing.T, d *desk, s *spy) (conn *screen.Connection, sqs backend.SQS, end func()) {
	t.Helper()
	engine := memory.New(memory.Options{Seed: 2, Region: "eu-west-1"})
	sqs = engine.Stack().SQS
	queue(t, sqs, "orders-in-europe", nil)
	ctx, cancel := context.WithCancel(context.Background())
	group := owner.New(ctx, nil)
	g := guard.New(guard.Change)
	s.SQS = sqs
	stack := g.Wrap(backend.Stack{SQS: s})
	return &screen.Connection{
		Name: "eu-west-1", Level: guard.Change, Stack: stack, Guard: g, Leases: d.conn.Leases,
		Place: backend.Place{Context: "eu-west-1", Region: "eu-west-1"},
		Watch: func() (context.Context, *fleet.Fleet, func()) {
			return ctx, fleet.New(fleet.Options{Stack: stack, Region: "eu-west-1", Group: group}), func() {}
		},
	}, sqs, func() { cancel(); group.Close(); engine.Close(); engine.Clock().Close() }
}

func TestAThrottledListSaysSoAndRecovers(t *testing.T) {
	onScreen(t, setup{w: 120, h: 30, remote: true, fill: fleetOfTen}, func(t *testing.T, d *desk) {
		f, err := d.engine.SetFault(context.Background(), backend.Fault{Kind: backend.FaultThrottle})
		if err != nil {
			t.Fatal(err)
		}
		d.Wait(20 * time.Second)
		d.Shows("throttled: ", "of 10.0 requests/s", "checkout-orders")
		if err := d.engine.ClearFaults(context.Background(), []string{f.ID}); err != nil {
			t.Fatal(err)
		}
		d.Wait(3 * time.Minute)
		d.Hides("throttled")
	})
}

// A queue that can no longer be read says so in its row, whatever its numbers
// were.
func TestARefusedQueueIsSeenInItsRow(t *testing.T) {
	s := &spy{}
	onScreen(t, setup{w: 120, h: 30, remote: true, wrap: watched(s), fill: fleetOfTen}, func(t *testing.T, d *desk) {
		d.Hides("✗")
		s.denyNow("checkout-orders")
		d.Press("r")
		d.Wait(3 * time.Second)
		d.Shows("✗ checkout-orders")
		d.Hides("✗ checkout-refunds")
	})
}

func TestWhatCannotBeReadIsNotCounted(t *testing.T) {
	s := &spy{deny: "checkout-orders"}
	onScreen(t, setup{w: 140, h: 30, remote: true, wrap: watched(s), fill: fleetOfTen}, func(t *testing.T, d *desk) {
		d.Shows("5 queues, 1 not readable")
	})
}

func TestEveryScreenSaysThatCredentialsHaveExpired(t *testing.T) {
	s := &spy{}
	onScreen(t, setup{w: 120, h: 30, remote: true, wrap: watched(s), fill: fleetOfTen}, func(t *testing.T, d *desk) {
		d.Press("a")
		d.Wait(time.Second)
		s.expired.Store(true)
		d.Wait(time.Minute)
		d.Shows("VisibilityTimeout", "✗ credentials: run aws sso login --profile shop")
	})
}

func TestAllThatIsWrongWithTheConfigurationIsOneKeyAway(t *testing.T) {
	wrong := []*backend.Error{
		{Kind: backend.KindInvalid, Subject: "config.toml:1:1", Message: "there is no theme warmm"},
		{Kind: backend.KindInvalid, Subject: "config.toml:9:1", Message: "there is no action queues.sned"},
	}
	onScreen(t, setup{w: 80, h: 24, problems: wrong, fill: fleetOfTen}, func(t *testing.T, d *desk) {
		d.Shows("2 things are wrong (E shows all)")
		d.Press("E")
		d.Shows("no theme warmm", "no action queues.sned")
	})
}
