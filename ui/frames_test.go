package ui

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"sqscope/backend"
	"sqscope/backend/guard"
	"sqscope/ui/screen"
)

// login is credentials of a profile that is logged in for a while.
type login struct {
	mu      sync.Mutex
	ends    time.Time // zero: not known
	expired bool
	asked   int
}

func (l *login) until(ends time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.ends = ends
}

func (l *login) Identity(context.Context) (backend.Identity, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.expired {
		return backend.Identity{}, &backend.Error{Kind: backend.KindCredentials, Subject: "profile shop", Message: "the token has expired", Next: "log in: aws sso login --profile shop"}
	}
	return backend.Identity{Account: "123456789012", ARN: "arn:aws:sts::123456789012:assumed-role/operator/night-shift"}, nil
}

func (l *login) Login() backend.Login {
	return backend.Login{Profile: "shop", Source: backend.SourceSSO, Command: "aws sso login --profile shop"}
}

func (l *login) Expiry() backend.Expiry {
	l.mu.Lock()
	defer l.mu.Unlock()
	return backend.Expiry{At: l.ends}
}

func (l *login) Refresh(context.Context) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.asked++
	l.expired, l.ends = false, time.Now().Add(time.Hour)
	return nil
}

// somewhere are contexts as a machine of the field has them.
func somewhere() []screen.Context {
	return []screen.Context{
		{Name: "demo", What: "embedded engine, shop", Regions: []string{"us-east-1"}, Level: guard.Change},
		{Name: "production", What: "AWS profile shop-prod", Source: backend.SourceSSO, Account: "123456789012", Regions: []string{"eu-west-1", "us-east-1"}, Level: guard.View, Color: "red"},
		{Name: "staging", What: "AWS profile shop-staging", Source: backend.SourceRole, Regions: []string{"eu-west-1"}, Level: guard.Peek, Color: "yellow"},
		{Name: "default", What: "AWS profile default", Source: backend.SourceKeys, Level: guard.Peek},
		{Name: "batch", What: "AWS profile batch", Source: backend.SourceProcess, Regions: []string{"ap-southeast-2"}, Level: guard.Peek},
		{Name: "local", What: "endpoint http://127.0.0.1:9324", Regions: []string{"us-east-1"}, Level: guard.Change},
	}
}

// entryID is what chance gives an act in the journal.
var entryID = regexp.MustCompile(`entry     [A-Z2-7]{26}`)

// TestFramesOfTheFleet keeps the look of the screens that are about all queues
// and about all that was done, on AWS with credentials that run out soon.
func TestFramesOfTheFleet(t *testing.T) {
	t.Parallel()
	inEveryLook(t, setup{remote: true, fill: shelf, contexts: somewhere()}, fleetFrames)
}

func fleetFrames(t *testing.T, name string, s setup) string {
	var all strings.Builder
	who := &login{}
	s.credentials = who
	onScreen(t, s, func(t *testing.T, d *desk) {
		take := func(what string) {
			d.PNG("fleet-" + name + "-" + what)
			fmt.Fprintf(&all, "── %s\n%s\n", what, d.Text())
		}
		d.Press("Z")
		d.Wait(15 * time.Second)
		d.Press("s")
		d.Type(`{"hello":1}`)
		d.Press("ctrl+s")
		d.Wait(time.Second)
		d.Press("Esc", "L")
		d.Wait(10 * time.Second)
		take("changes")
		d.Press("Enter")
		take("change")
		d.Press("Enter", "Tab")
		d.Wait(3 * time.Second)
		take("requests")
		d.Press("j", "j", "Enter")
		take("request")
		d.Press("Enter", "Esc", "D")
		d.Wait(time.Second)
		take("doctor")
		d.Press("Space")
		take("finding")
		d.Press("Space", "v")
		take("rules")
		d.Press("Esc")
		who.until(time.Now().Add(12*time.Minute + 4*time.Second))
		d.Press("c")
		d.Wait(time.Second)
		take("contexts")
		d.Press("j")
		take("production")
	})
	return entryID.ReplaceAllString(all.String(), "entry     (chance)")
}
