package ui

import (
	"context"
	"strings"
	"testing"
	"time"

	"sqscope/backend"
	"sqscope/backend/fleet"
	"sqscope/backend/guard"
	"sqscope/backend/memory"
	"sqscope/backend/owner"
	"sqscope/ui/screen"
)

// elsewhere is a second place: an engine with one queue.
func elsewhere(t *testing.T, d *desk, level guard.Level) (conn *screen.Connection, end func()) {
	t.Helper()
	engine := memory.New(memory.Options{Seed: 2})
	queue(t, engine.Stack().SQS, "over-there", nil)
	ctx, cancel := context.WithCancel(context.Background())
	group := owner.New(ctx, nil)
	g := guard.New(level)
	stack := g.Wrap(backend.Stack{SQS: engine.Stack().SQS})
	return &screen.Connection{
		Name: "prod\x1b[31m", Level: level, Stack: stack, Guard: g, Leases: d.conn.Leases,
		Place: backend.Place{Context: "prod\x1b[31m", Region: "eu-west-1"},
		Watch: func() (context.Context, *fleet.Fleet, func()) {
			return ctx, fleet.New(fleet.Options{Stack: stack, Region: "eu-west-1", Group: group}), func() {}
		},
	}, func() { cancel(); group.Close(); engine.Close(); engine.Clock().Close() }
}

func TestLeavingAContextLeavesNothingOfItBehind(t *testing.T) {
	onScreen(t, setup{w: 100, h: 30, fill: twoSources, contexts: []screen.Context{{Name: "demo", What: "embedded engine"}, {Name: "prod\x1b[31m", What: "AWS profile", Regions: []string{"eu-west-1"}}}}, func(t *testing.T, d *desk) {
		conn, end := elsewhere(t, d, guard.Peek)
		defer end()
		stopped := 0
		d.conn.Stop = func() { stopped++ }
		d.there = conn
		d.Press("c")
		d.Shows("embedded engine", "prod")
		d.Press("j", "Enter")
		d.Wait(2 * time.Second)
		d.Shows("over-there", "eu-west-1", "peek")
		d.Hides("shared-dead", "demo")
		if stopped != 1 {
			t.Errorf("the old context was told %d times to stop", stopped)
		}
		if title := d.Snapshot().Title; strings.Contains(title, "\x1b") {
			t.Errorf("the window's title is %q", title)
		}
		d.Press("!")
		d.Type("change")
		d.Press("Enter")
		d.Shows("access is now change")
		d.Press("c", "k", "Enter") // demo
		d.Wait(2 * time.Second)
		d.Shows("shared-dead")
		d.Press("c", "j", "Enter")
		d.Wait(2 * time.Second)
		if conn.Guard.Level() != guard.Peek {
			t.Errorf("a raised level has outlived the context: %s", conn.Guard.Level())
		}
	})
}

func TestAContextThatCannotBeOpenedChangesNothing(t *testing.T) {
	onScreen(t, setup{w: 100, h: 30, fill: twoSources, contexts: []screen.Context{{Name: "demo"}, {Name: "broken"}}}, func(t *testing.T, d *desk) {
		d.Press("c", "j", "Enter")
		d.Wait(time.Second)
		d.Shows("network", "nobody answers")
		d.Press("Esc")
		d.Shows("shared-dead", "demo")
	})
}

func TestContextsAreFoundByAFewLetters(t *testing.T) {
	onScreen(t, setup{w: 80, h: 24, fill: twoSources, contexts: somewhere()}, func(t *testing.T, d *desk) {
		d.Press("c")
		d.Shows("▸ demo", "here", "6 known")
		d.Press("/")
		d.Type("stg")
		d.Shows("▸ staging")
		d.Hides("production", "batch")
		d.Press("Enter")
		d.Shows("filter: stg (1 of 6)", "not connected yet", "starts with peek", "role")
		d.Press("/", "Esc")
		d.Shows("production", "batch")
		d.Press("/")
		d.Type("zzz")
		d.Shows("none of 6 contexts matches zzz")
	})
}

func TestCredentialsThatRunOutAreToldAheadWithWhatToDo(t *testing.T) {
	t.Parallel()
	who := &login{}
	onScreen(t, setup{w: 80, h: 24, remote: true, fill: twoSources, contexts: somewhere(), credentials: who}, func(t *testing.T, d *desk) {
		d.Press("c")
		d.Shows("123456789012", "assumed-role/operator/night-shift", "sso, profile shop")
		d.Hides("! in", "expired")
		who.until(time.Now().Add(12*time.Minute + 5*time.Second))
		d.Wait(3 * time.Second)
		d.Shows("! in 12m 0", "aws sso login --profile shop, then R")
		d.Wait(13 * time.Minute)
		d.Shows("✗ expired")
		d.Press("R")
		d.Shows("they expire in 1h 00m")
		d.Shows("expiry    in 1h 00m")
		d.Hides("✗ expired")
		if who.asked != 1 {
			t.Errorf("new credentials were got %d times", who.asked)
		}
	})
}

func TestExpiredCredentialsSayTheCommandAndWorkAgainAfterIt(t *testing.T) {
	who, s := &login{expired: true}, &spy{}
	onScreen(t, setup{w: 80, h: 24, remote: true, fill: twoSources, contexts: somewhere(), credentials: who, wrap: watched(s)}, func(t *testing.T, d *desk) {
		s.expired.Store(true)
		d.Press("r")
		d.Wait(3 * time.Second)
		d.Press("c")
		d.Shows("✗ credentials: ", "run       aws sso login --profile shop")
		d.Press("y")
		if got := d.Snapshot().Clipboard; got != "aws sso login --profile shop" {
			t.Errorf("the clipboard has %q", got)
		}
		s.expired.Store(false)
		d.Press("R")
		d.Wait(2 * time.Second)
		d.Shows("night-shift")
		d.Hides("✗ credentials")
	})
}

func TestAnAccountThatIsNotTheOneThatWasMeantIsSaid(t *testing.T) {
	list := somewhere()
	list[0].Account = "999999999999"
	onScreen(t, setup{w: 80, h: 24, remote: true, fill: twoSources, contexts: list, credentials: &login{}}, func(t *testing.T, d *desk) {
		d.Press("c")
		d.Shows("✗ 123456789012, but the configuration says 999999999999")
	})
}
