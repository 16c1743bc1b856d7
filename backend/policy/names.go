package policy

import "strings"

// thing is what an ARN names, in words; other text stays as it is. An account
// is said where it is not the queue's.
func (w words) thing(s string) string {
	a, ok := splitARN(s)
	if !ok {
		return s
	}
	prefix, kind := "", ""
	switch a.service {
	case "sqs":
		kind = "queue"
	case "sns":
		kind = "SNS topic"
	case "s3":
		return noun("S3 bucket", a.resource) // its name is unique, its account does not matter
	case "events":
		prefix, kind = "rule/", "EventBridge rule"
	case "lambda":
		prefix, kind = "function:", "Lambda function"
	case "states":
		prefix, kind = "stateMachine:", "state machine"
	case "cloudwatch":
		prefix, kind = "alarm:", "alarm"
	case "iam", "sts":
		return w.person(a, s)
	}
	name, ok := strings.CutPrefix(a.resource, prefix)
	if !ok || kind == "" {
		return s
	}
	return noun(kind, name) + w.account(a.account)
}

// noun is one thing of a kind, or any of them that is like a pattern.
func noun(kind, name string) string {
	switch {
	case name == "*":
		return "any " + kind
	case strings.ContainsAny(name, "*?"):
		return "any " + kind + " like " + name
	}
	return "the " + kind + " " + name
}

func (w words) account(number string) string {
	switch {
	case number == "" || number == w.queue.Account:
		return ""
	case strings.ContainsAny(number, "*?"):
		return " of any account"
	}
	return " of account " + number
}

// person is an identity, in words.
func (w words) person(a arn, s string) string {
	kind, name, _ := strings.Cut(a.resource, "/")
	switch {
	case a.resource == "root":
		return "account " + a.account
	case a.resource == "*":
		return "any identity" + w.account(a.account)
	case kind == "user" || kind == "role":
		return noun(kind, name) + w.account(a.account)
	case kind == "federated-user":
		return noun("federated user", name) + w.account(a.account)
	case kind == "assumed-role":
		role, session, _ := strings.Cut(name, "/")
		return noun("session", session) + " of " + noun("role", role) + w.account(a.account)
	}
	return s
}

// service is an AWS service, by the name under which it calls.
func service(principal string) string {
	name, _, _ := strings.Cut(principal, ".")
	switch name {
	case "sns", "s3", "sqs":
		return strings.ToUpper(name)
	case "events":
		return "EventBridge"
	case "pipes":
		return "EventBridge Pipes"
	case "scheduler":
		return "EventBridge Scheduler"
	case "lambda":
		return "Lambda"
	case "states":
		return "Step Functions"
	case "cloudwatch":
		return "CloudWatch"
	case "*":
		return "every AWS service"
	}
	return "the service " + principal
}
