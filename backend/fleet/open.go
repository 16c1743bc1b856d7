package fleet

import (
	"context"
	"net/url"
	"strings"
	"time"

	"sqscope/backend"
)

// Open takes a queue into the picture that listings do not name, as those of
// another account, by its URL, its ARN, its name, or account/name. It is read like
// a pinned one and stays until the fleet ends; an error of it stays in its row.
// A queue that is there already is read anew.
//
// The queue has been read when it returns, or that failed, and its row or the
// picture says why. Errors, after which nothing was taken in: KindInvalid for what names no queue
// or one of another region, KindNotFound for one that does not exist or may not
// be seen (docs/SQS.md 1.3), KindCancelled, and whatever keeps a name from being
// looked up.
func (f *Fleet) Open(ctx context.Context, what string) (backend.ARN, error) {
	what = strings.TrimSpace(what)
	account, name := backend.URLParts(what)
	if given, ok := backend.ParseARN(what); ok {
		if arn, known := f.present(given); known {
			f.Refresh(arn)
			return arn, nil
		}
		if given.Region != f.o.Region {
			return backend.ARN{}, elsewhere(what, given.Region)
		}
		account, name = given.Account, given.Name
	}
	if name == "" || strings.Contains(name, ":") {
		return backend.ARN{}, &backend.Error{
			Kind: backend.KindInvalid, Subject: what, Message: "names no queue", Next: "give a queue's URL, ARN or name",
		}
	}
	if !strings.Contains(what, "://") {
		var err error
		if what, err = f.lookUp(ctx, account, name); err != nil {
			return backend.ARN{}, err
		}
	} else if region := regionOf(what); region != "" && region != f.o.Region {
		return backend.ARN{}, elsewhere(what, region)
	}
	return f.open(ctx, what)
}

// present tells whether a queue is in the picture, and under which ARN: it may
// give itself another than its URL and region make.
func (f *Fleet) present(arn backend.ARN) (backend.ARN, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	e := f.lookup(arn)
	if e == nil {
		return backend.ARN{}, false
	}
	return e.q.ARN, true
}

// lookUp asks SQS for a queue's URL.
func (f *Fleet) lookUp(ctx context.Context, account, name string) (string, error) {
	ctx, cancel := f.limit(ctx)
	defer cancel()
	sent := time.Now()
	f.pacer.charge(sent, 1)
	out, err := f.o.Stack.SQS.GetQueueUrl(ctx, backend.GetQueueUrlInput{QueueName: name, QueueOwnerAWSAccountId: account})
	if backend.KindOf(err) == backend.KindThrottled {
		f.pacer.throttled(sent, time.Now())
	}
	return out.QueueUrl, err
}

// open reads a queue and takes it in.
func (f *Fleet) open(ctx context.Context, queueURL string) (backend.ARN, error) {
	f.pacer.charge(time.Now(), 1)
	s := f.sample(ctx, queueURL)
	switch backend.KindOf(s.err) {
	case backend.KindNotFound, backend.KindInvalid, backend.KindCancelled:
		return backend.ARN{}, s.err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	e := f.queues[backend.ARNOf(queueURL, f.o.Region)]
	if e == nil { // else it keeps the URL that listings give it
		e = f.found(queueURL)
	}
	e.opened, e.triedAt = true, s.sent
	if e.gone {
		e.gone, f.members = false, true
	}
	if e.reading {
		e.again = true // the answer to come is an older one
	} else {
		f.apply(e, s)
	}
	f.poke()
	return e.q.ARN, nil
}

func elsewhere(what, region string) error {
	return &backend.Error{
		Kind: backend.KindInvalid, Subject: what, Message: "the queue is in region " + region,
		Next: "open that region, as with --region " + region,
	}
}

// regionOf is the region that the host of one of AWS's queue URLs names, or ""
// (docs/SQS.md 11.5).
func regionOf(queueURL string) string {
	u, err := url.Parse(queueURL)
	if err != nil {
		return ""
	}
	host := strings.ToLower(u.Hostname())
	if host == "queue.amazonaws.com" {
		return "us-east-1"
	}
	if region, ok := strings.CutSuffix(host, ".queue.amazonaws.com"); ok {
		return region
	}
	for _, service := range []string{"sqs.", "sqs-fips."} {
		rest, ok := strings.CutPrefix(host, service)
		if !ok {
			continue
		}
		for _, domain := range []string{".amazonaws.com", ".amazonaws.com.cn", ".api.aws", ".api.amazonwebservices.com.cn"} {
			if region, ok := strings.CutSuffix(rest, domain); ok && !strings.Contains(region, ".") {
				return region
			}
		}
	}
	return ""
}
