package awssqs

import (
	"context"
	"errors"
	"time"

	awsmiddleware "github.com/aws/aws-sdk-go-v2/aws/middleware"
	"github.com/aws/smithy-go/middleware"

	"sqscope/backend"
)

// observing reports each request of a client of the SDK, repeated ones too. It
// stands where the answer is read, inside the SDK's retries.
func observing(observe func(backend.ForeignCall)) func(*middleware.Stack) error {
	return func(stack *middleware.Stack) error {
		return stack.Deserialize.Add(middleware.DeserializeMiddlewareFunc("sqscopeObserve", func(
			ctx context.Context, in middleware.DeserializeInput, next middleware.DeserializeHandler,
		) (middleware.DeserializeOutput, middleware.Metadata, error) {
			call := backend.ForeignCall{Service: "instance metadata", Action: stack.ID(), At: time.Now()}
			switch {
			case awsmiddleware.GetOperationName(ctx) == call.Action: // else that is of the request that needs credentials
				call.Service = awsmiddleware.GetServiceID(ctx)
			case call.Action == "GetCredentials":
				call.Service = "container credentials"
			}
			call.Items, _ = ctx.Value(itemsKey{}).(int)
			out, metadata, err := next.HandleDeserialize(ctx, in)
			call.Duration = time.Since(call.At)
			call.RequestID, _ = awsmiddleware.GetRequestIDMetadata(metadata)
			call.Err = inBrief(err)
			observe(call)
			return out, metadata, err
		}), middleware.Before)
	}
}

type itemsKey struct{}

// withItems is a context whose requests are reported with this many items.
func withItems(ctx context.Context, n int) context.Context {
	return context.WithValue(ctx, itemsKey{}, n)
}

// inBrief is an error as the record of a request has it: what it was, not what
// to do.
func inBrief(err error) *backend.Error {
	if err == nil {
		return nil
	}
	api := apiError(err)
	if api != nil && api.ErrorCode() != unknownError {
		return backend.ErrorByCode(api.ErrorCode(), statusOf(err), api.ErrorMessage())
	}
	cause := unreachable(err)
	switch {
	case errors.Is(err, context.Canceled):
		return backend.Errorf(backend.KindCancelled, "was given up")
	case outOfTime(err):
		return backend.Errorf(backend.KindTimeout, "no answer came in time")
	case cause != "":
		return backend.Errorf(backend.KindNetwork, "%s", cause)
	case statusOf(err) != 0:
		return backend.ErrorByCode("", statusOf(err), "the answer cannot be read")
	}
	return backend.Errorf(backend.KindInternal, "%v", err)
}
