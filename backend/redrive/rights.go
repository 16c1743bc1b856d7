package redrive

import (
	"cmp"
	"context"
	"fmt"

	"sqscope/backend"
	"sqscope/backend/policy"
)

// consumers finds out whether somebody receives from a destination: a Lambda
// mapping, messages in flight, or a depth that falls.
func (e *examination) consumers(ctx context.Context, s backend.Stack, d *Destination) {
	say := func(format string, args ...any) {
		d.Alive = AliveYes
		d.Consumers = append(d.Consumers, fmt.Sprintf(format, args...))
	}
	if s.Wiring != nil {
		// That it may not be asked is no finding: many may not.
		if all, err := s.Wiring.Mappings(ctx, d.ARN); err == nil {
			for _, m := range all {
				if m.Polls() {
					say("the Lambda function %s receives from it", m.FunctionArn)
					continue
				}
				e.c.say(Warning, d.ARN, "10.7", "enable it, if that was not the point", "has a Lambda mapping that is %s: %s", m.State, m.FunctionArn)
			}
		}
	}
	if d.InFlight > 0 {
		say("%s in flight, so somebody receives", plural(d.InFlight, "message"))
	}
	if e.p.Trend != nil {
		if q := e.p.Trend(d.ARN); q != nil {
			switch r := q.Rates; {
			case r.OutKnown && r.Out > 0:
				say("%.1f messages a second are processed (%s)", r.Out, r.Source)
			case r.NetKnown && r.Net < 0:
				say("its depth falls by %.1f a second", -r.Net)
			}
		}
	}
	if d.Alive == AliveUnknown && d.Visible > 0 && d.InFlight == 0 {
		d.Alive = AliveNo
		e.c.say(Warning, d.ARN, "", "see whether its consumer runs", "has %s waiting and none in flight: nobody seems to receive from it", plural(d.Visible, "message"))
	}
}

// rights asks the policy of a queue whether it lets us. What the caller's own
// policies say cannot be seen from here.
func (e *examination) rights(ctx context.Context, s backend.Stack, q backend.ARN, attributes map[string]string, actions ...string) {
	if s.Credentials == nil {
		return
	}
	id, err := s.Credentials.Identity(ctx)
	if err != nil {
		e.c.say(Note, q, "10.4", "", "cannot be checked for rights: who you are is not known: %s", backend.AsError(err).Message)
		return
	}
	var doc policy.Policy
	if text := attributes[backend.AttrPolicy]; text != "" {
		if doc, err = policy.Parse(text); err != nil {
			e.c.say(Note, q, "10.2", "", "has a policy that cannot be read: %s", backend.AsError(err).Message)
			return
		}
	}
	if attributes == nil && id.Account == q.Account {
		return // its policy is not known, and nothing speaks against it
	}
	for _, action := range actions {
		d := policy.Access(q.Account, policy.Request{
			Principal: policy.Caller{ARN: id.ARN, Account: id.Account}, Action: action, Resource: q.String(),
			Context: map[string][]string{"aws:SecureTransport": {"true"}},
		}, doc, policy.FullAccess())
		switch {
		case d.Effect == policy.Allow:
		case d.Effect == policy.Deny && len(doc.Statements[d.Statement].Conditions) > 0:
			e.c.say(Warning, q, "10.3", "see whether its condition holds for you", "has a policy that may deny you sqs:%s, under a condition (%s)", action, named(d))
		case d.Effect == policy.Deny:
			e.c.say(Blocker, q, "10.4", "have its policy changed, or use other credentials", "has a policy that denies you sqs:%s (%s)", action, named(d))
		case attributes == nil:
			e.c.say(Warning, q, "1.0", "", "is another account's: sqs:%s takes its policy to allow you, which cannot be seen", action)
		default:
			e.c.say(Blocker, q, "1.0", "have its policy allow you", "is another account's, and its policy does not allow you sqs:%s", action)
		}
	}
}

func named(d policy.Decision) string {
	return "statement " + cmp.Or(d.Sid, fmt.Sprint(d.Statement+1))
}
