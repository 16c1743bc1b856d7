package backend

import (
	"context"
	"strconv"
)

// Depths asks a queue about how many messages it holds: those that can be received,
// those in flight and those delayed. Together they are what it stores, which is more
// than can be received (docs/SQS.md 12.2). A number that is none is an error of
// [KindInternal].
func Depths(ctx context.Context, sqs SQS, queueUrl string) (visible, inFlight, delayed int, err error) {
	names := []string{AttrMessages, AttrMessagesNotVisible, AttrMessagesDelayed}
	out, err := sqs.GetQueueAttributes(ctx, GetQueueAttributesInput{QueueUrl: queueUrl, AttributeNames: names})
	if err != nil {
		return 0, 0, 0, err
	}
	for i, n := range []*int{&visible, &inFlight, &delayed} {
		if *n, err = strconv.Atoi(out.Attributes[names[i]]); err != nil {
			e := Errorf(KindInternal, "%s is no number: %q", names[i], out.Attributes[names[i]])
			_, e.Subject = URLParts(queueUrl)
			return 0, 0, 0, e
		}
	}
	return visible, inFlight, delayed, nil
}
