package ui

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"sqscope/backend"
)

// sso are credentials that somebody renews in another terminal.
type sso struct {
	backend.Credentials
	refreshed atomic.Int64
	mfa       string
	expiry    atomic.Pointer[backend.Expiry]
}

func (c *sso) Login() backend.Login {
	return backend.Login{Profile: "shop", Source: backend.SourceSSO, Command: "aws sso login --profile shop", MFA: c.mfa}
}

func (c *sso) Expiry() backend.Expiry {
	if e := c.expiry.Load(); e != nil {
		return *e
	}
	return backend.Expiry{}
}

func (c *sso) Identity(context.Context) (backend.Identity, error) {
	return backend.Identity{Account: "111111111111", ARN: "arn:aws:sts::111111111111:assumed-role/dev/me"}, nil
}

func (c *sso) Refresh(context.Context) error {
	c.refreshed.Add(1)
	return nil
}

func TestExpiredCredentialsAreTriedAnewWithoutAKey(t *testing.T) {
	s := &spy{}
	c := &sso{}
	onScreen(t, setup{w: 100, h: 30, remote: true, wrap: watched(s), credentials: c, fill: twoSources}, func(t *testing.T, d *desk) {
		d.Shows("shared-dead")
		s.expired.Store(true)
		d.Press("r")
		d.Wait(2 * time.Second)
		d.Shows("credentials", "aws sso login --profile shop", "shared-dead", "the rows below are")
		d.Wait(time.Minute)
		if n := c.refreshed.Load(); n < 3 || n > 5 {
			t.Errorf("fetched anew %d times in a minute", n)
		}
		s.expired.Store(false) // somebody has logged in
		d.Wait(16 * time.Second)
		d.Hides("aws sso login", "the rows below are")
		d.Shows("shared-dead")
	})
}

func TestWhoHasToTypeACodeIsNotAskedUnasked(t *testing.T) {
	s := &spy{}
	c := &sso{mfa: "arn:aws:iam::111111111111:mfa/me"}
	onScreen(t, setup{w: 100, h: 30, remote: true, wrap: watched(s), credentials: c, fill: twoSources}, func(t *testing.T, d *desk) {
		s.expired.Store(true)
		d.Press("r")
		d.Wait(5 * time.Minute)
		if n := c.refreshed.Load(); n != 0 {
			t.Errorf("fetched anew %d times, each of which asks for a code", n)
		}
	})
}

func TestTheEndOfCredentialsIsSaidAhead(t *testing.T) {
	c := &sso{}
	onScreen(t, setup{w: 140, h: 30, remote: true, credentials: c, fill: twoSources}, func(t *testing.T, d *desk) {
		d.Hides("credentials end")
		end := time.Now().Add(12*time.Minute + time.Second)
		c.expiry.Store(&backend.Expiry{At: end})
		d.Wait(time.Second)
		d.Shows("credentials end in 12m")
		c.expiry.Store(&backend.Expiry{At: end, Renews: true})
		d.Wait(time.Second)
		d.Hides("credentials end")
	})
}

func TestAnAccountThatIsNotMeantIsSaid(t *testing.T) {
	onScreen(t, setup{w: 120, h: 30, remote: true, fill: twoSources}, func(t *testing.T, d *desk) {
		d.conn.Meant = "222222222222"
		d.Send(identified{conn: d.conn, who: backend.Identity{Account: "111111111111"}})
		d.Settle()
		d.Shows("this is account 111111111111", "222222222222")
	})
}

func TestACodeIsTypedOnTheScreen(t *testing.T) {
	onScreen(t, setup{w: 100, h: 30, fill: twoSources}, func(t *testing.T, d *desk) {
		var code string
		var refused error
		answer := func(c string, err error) { code, refused = c, err }
		d.Send(PromptMsg{Title: "MFA code", Note: "The role asks for the code of arn:aws:iam::1:mfa/\x1b[31mme.", Label: "code", Answer: answer})
		d.Settle()
		d.Shows("MFA code", "mfa/")
		d.Type("123456")
		d.Press("Enter")
		d.Settle()
		if code != "123456" || refused != nil {
			t.Errorf("answered %q, %v", code, refused)
		}
		d.Send(PromptMsg{Title: "MFA code", Label: "code", Answer: answer})
		d.Settle()
		d.Press("Esc")
		d.Settle()
		if e := new(backend.Error); !errors.As(refused, &e) || e.Kind != backend.KindCancelled {
			t.Errorf("esc answers %v", refused)
		}
	})
}

// Without the right to receive, depths and wiring still work, and the key says
// why it does not.
func TestAKeyThatAWSRefusesSaysSo(t *testing.T) {
	onScreen(t, setup{w: 120, h: 30, remote: true, fill: twoSources}, func(t *testing.T, d *desk) {
		if _, err := d.engine.SetFault(context.Background(), backend.Fault{Kind: backend.FaultAccessDenied, Action: "ReceiveMessage"}); err != nil {
			t.Fatal(err)
		}
		d.Press("Enter", "l")
		d.Settle()
		d.Press("Enter")
		d.Wait(3 * time.Second)
		d.Shows("authorized to perform: sqs:receivemessage")
		d.Wait(20 * time.Second)
		d.Press("l")
		d.Shows("AWS refused it a moment ago")
		d.Press("Esc", "a")
		d.Wait(2 * time.Second)
		d.Shows("VisibilityTimeout", "shared-dead")
	})
}
