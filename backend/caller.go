package backend

import "context"

// Caller is who makes a request, as far as the endpoint or a test knows it.
// The zero Caller is nobody in particular.
type Caller struct {
	AccessKey string // as it came with the request
	Account   string // twelve digits
	UserID    string // AIDA…, or AROA…:session: the SenderId of what is sent (docs/SQS.md 5.1)
	ARN       string // of the user or the role's session
	Service   string // sns.amazonaws.com, for a service that calls for itself and has none of the above

	// Context is what else is known of the request, by the condition key under
	// which a policy asks for it: aws:SecureTransport, aws:SourceVpce.
	Context map[string][]string
}

type callerKey struct{}

// WithCaller is a context whose requests are that caller's.
func WithCaller(ctx context.Context, c Caller) context.Context {
	return context.WithValue(ctx, callerKey{}, c)
}

// CallerOf is the caller in a context, if there is one.
func CallerOf(ctx context.Context) (Caller, bool) {
	c, ok := ctx.Value(callerKey{}).(Caller)
	return c, ok
}
