package doctor

import (
	"fmt"
	"slices"
	"strings"

	"sqscope/backend"
	"sqscope/backend/policy"
)

// traps are the findings about statements of the policy that have one of the
// traps.
func (q *queue) traps(harm Harm, title string, traps ...policy.Trap) (all []Finding) {
	for _, r := range q.readings {
		for i, w := range r.Warnings {
			if !slices.Contains(traps, w.Trap) {
				continue
			}
			name := fmt.Sprintf("statement %d", r.Statement+1)
			about := name
			if i > 0 {
				about += fmt.Sprintf(", warning %d", i+1)
			}
			if r.Sid != "" {
				name += fmt.Sprintf(" (%s)", r.Sid)
			}
			all = append(all, Finding{
				Harm: harm, About: about, Title: title + ": " + name,
				Why: r.Text + " But " + w.Text + ".", Fix: Fix{Open: PolicyEditor},
			})
		}
	}
	return all
}

// openPolicy: anybody in the world can use the queue.
func openPolicy(q *queue) []Finding {
	return q.traps(Exposes, "The policy is open to everyone", policy.OpenToEveryone, policy.AllowNotPrincipal)
}

// anyonesService: anybody who has an AWS account can use it through a service.
func anyonesService(q *queue) []Finding {
	return q.traps(Exposes, "The policy lets a service act for anybody", policy.OpenThroughOthers)
}

// lockedOut: the policy keeps out those who would have to change it.
func lockedOut(q *queue) []Finding {
	return q.traps(Blocks, "The policy locks out the owner", policy.LocksOut)
}

// voidStatement: what was to be allowed or denied is not.
func voidStatement(q *queue) []Finding {
	return q.traps(Blocks, "A part of the policy does nothing", policy.OtherQueue, policy.UnknownAction, policy.UnknownPrincipal)
}

// keyOfAWS: services cannot use AWS's own key, and what they send is lost.
func keyOfAWS(q *queue) []Finding {
	const alias = "alias/aws/sqs"
	key := q.Attributes[backend.AttrKmsMasterKeyId]
	if key != alias && !strings.HasSuffix(key, ":"+alias) || q.Embedded {
		return nil
	}
	senders := q.senders()
	if len(senders) == 0 {
		return nil
	}
	who := strings.Join(senders, ", ")
	fix := q.set(backend.AttrSqsManagedSseEnabled, "true")
	fix.Changes = append(fix.Changes, Change{Name: backend.AttrKmsMasterKeyId, From: key, To: "none"})
	return found(Loses, "The key of the queue cannot be used by "+who,
		fmt.Sprintf("The queue is encrypted with %s, AWS's own key, whose policy nobody can change, so that it keeps out other "+
			"services. What %s sends to this queue does not arrive.", alias, who),
		fix.because("The messages that are there keep the old key. Where KMS is a must, take a key of your own instead, whose policy "+
			"lets the service use kms:GenerateDataKey and kms:Decrypt."))
}

// senders are the services that send to the queue: those that its policy lets,
// and SNS if there are topics.
func (q *queue) senders() []string {
	services := []struct{ principal, name string }{
		{"sns", "SNS"}, {"s3", "S3"}, {"events", "EventBridge"},
	}
	var names []string
	for _, s := range services {
		lets := func(st policy.Statement) bool { return allowsService(st, s.principal) }
		if slices.ContainsFunc(q.policy.Statements, lets) || s.principal == "sns" && slices.ContainsFunc(q.Subscriptions, confirmed) {
			names = append(names, s.name)
		}
	}
	return names
}

func confirmed(s backend.Subscription) bool { return !s.Pending() }

// allowsService tells whether a statement lets a service send, by its own name
// or, for everyone, by the ARN of what it sends for.
func allowsService(s policy.Statement, service string) bool {
	if s.Effect != policy.Allow || s.Principal.Not || !s.Covers("SendMessage") {
		return false
	}
	for _, p := range s.Principal.Values {
		switch {
		case p.Type == policy.Service && strings.HasPrefix(p.ID, service+"."):
			return true
		case p.ID == "*" && (p.Type == policy.Everyone || p.Type == policy.AWS):
			if slices.ContainsFunc(s.Conditions, func(c policy.Condition) bool { return isSource(c, service) }) {
				return true
			}
		}
	}
	return false
}

// isSource tells whether a condition asks for something of a service.
func isSource(c policy.Condition, service string) bool {
	o := strings.ToLower(c.Operator)
	return strings.EqualFold(c.Key, "aws:SourceArn") && !strings.Contains(o, "not") &&
		slices.ContainsFunc(c.Values, func(v string) bool {
			part := strings.SplitN(v, ":", 4)
			return len(part) == 4 && part[2] == service
		})
}

// unencrypted: bodies are stored in the clear.
func unencrypted(q *queue) []Finding {
	if q.Attributes[backend.AttrSqsManagedSseEnabled] != "false" || q.Attributes[backend.AttrKmsMasterKeyId] != "" || q.Embedded {
		return nil
	}
	return found(Style, "Messages are not encrypted where they are stored",
		"Encryption with SQS's own key costs nothing and needs no rights, and every new queue has it; here it was taken away.",
		q.set(backend.AttrSqsManagedSseEnabled, "true").because("It holds for messages that are sent from then on."))
}
