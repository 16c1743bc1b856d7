package backend

import "context"

type onceKey struct{}

// Once is a context whose calls are one request each: whoever repeats requests
// leaves that to the caller, who has a time for it. A failure then comes back at
// once, and every request is within the caller's budget.
func Once(ctx context.Context) context.Context { return context.WithValue(ctx, onceKey{}, true) }

// IsOnce tells whether the context is one made by [Once].
func IsOnce(ctx context.Context) bool { return ctx.Value(onceKey{}) != nil }
