package backend

import (
	"context"
	"iter"
)

// Pages browses a queue from its start, so many messages at a time (1..10,000),
// until its end; the Next of the last page is 0. After an error there is no more.
func Pages(ctx context.Context, b Browser, queueUrl string, limit int) iter.Seq2[BrowseOutput, error] {
	return func(yield func(BrowseOutput, error) bool) {
		in := BrowseInput{QueueUrl: queueUrl, Limit: limit}
		for {
			out, err := b.Browse(ctx, in)
			if !yield(out, err) || err != nil || out.Next == 0 {
				return
			}
			in.After = out.Next
		}
	}
}
