package backend

import "time"

// ForeignCall is one request to a service other than SQS: one that tells more
// about queues, or one that gives credentials. It is what was sent, so a
// repeated request is a call of its own.
type ForeignCall struct {
	Service   string // CloudWatch, SNS, Lambda, STS, SSO, SSO OIDC, Signin, instance metadata, container credentials
	Action    string // by the service's own name
	At        time.Time
	Duration  time.Duration // until the answer was read
	Items     int           // of CloudWatch's GetMetricData: the metrics asked for, which are its price; else 0
	RequestID string        // "" if none came back
	Err       *Error        // nil: it succeeded
}
