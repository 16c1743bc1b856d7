package cli

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"sqscope/backend"
	"sqscope/backend/fleet"
)

const (
	explicitRate = 100                    // requests a second at least for what was asked for
	enginePoll   = 250 * time.Millisecond // the embedded engine is read for nothing
	metricsLimit = 5 * time.Second        // how long CloudWatch is waited for
	askSources   = 8                      // requests at the same time
)

// survey is the live picture of one place.
type survey struct {
	*fleet.Fleet
	conn  *Connection
	began time.Time
	seen  int // queues in the last picture that was looked at
}

// surveys begin to read the queues of all places. They end with the session.
func (s *session) surveys() []*survey {
	b := s.cfg.Budget
	var all []*survey
	for _, conn := range s.conns {
		o := fleet.Options{
			Stack: conn.Stack, Region: conn.Place.Region, Group: s.group, Gap: time.Millisecond,
			Budget: fleet.Budget{Burst: b.Burst, Parallel: b.Parallel, Background: max(rate.Limit(b.PerSecond), explicitRate)},
		}
		if conn.Place.Embedded {
			o.Poll = enginePoll
		}
		v := &survey{Fleet: fleet.New(o), conn: conn, began: time.Now()}
		if conn.Metered {
			v.Meter(true)
		}
		all = append(all, v)
	}
	return all
}

// row is a queue of a survey.
type row struct {
	*fleet.Queue
	of *survey
}

// read waits until the queues with a matching name have been read, or tried, and
// returns them by name.
func (s *session) read(all []*survey, match func(name string) bool) ([]row, error) {
	var rows []row
	for _, v := range all {
		queues, err := v.settle(s, match)
		if err != nil {
			return nil, err
		}
		for _, q := range queues {
			rows = append(rows, row{q, v})
		}
	}
	slices.SortStableFunc(rows, func(a, b row) int { return cmp.Compare(a.ARN.Name, b.ARN.Name) })
	return rows, nil
}

// settle waits for one place.
func (v *survey) settle(s *session, match func(string) bool) ([]*fleet.Queue, error) {
	var late <-chan time.Time
	if v.conn.Metered {
		late = time.After(metricsLimit)
	}
	patient := v.conn.Metered
	for {
		snap := v.Snapshot()
		if e := snap.Err; e != nil && e.Kind != backend.KindThrottled {
			return nil, e
		}
		matched, left := v.matching(snap, match, patient)
		if snap.ListComplete && left == 0 {
			return matched, nil
		}
		s.progress.show("read %d of %d queues", len(matched)-left, len(matched))
		select {
		case <-v.Changed():
		case <-late:
			patient = false
		case <-s.ctx.Done():
			return nil, backend.AsError(s.ctx.Err())
		}
	}
}

// matching are the queues with a matching name, and how many of them have yet to
// be read.
func (v *survey) matching(snap *fleet.Snapshot, match func(string) bool, metered bool) (matched []*fleet.Queue, left int) {
	for _, q := range snap.Queues {
		if !match(q.ARN.Name) {
			continue
		}
		matched = append(matched, q)
		if q.AsOf.IsZero() && q.Err == nil || metered && !q.Measured && q.Err == nil && snap.MetricsErr == nil {
			left++
		}
	}
	if len(matched) != v.seen {
		v.seen = len(matched)
		arns := make([]backend.ARN, len(matched))
		for i, q := range matched {
			arns[i] = q.ARN
		}
		v.Look(arns, time.Hour) // as read once
	}
	return matched, left
}

// sourcesOf asks for the sources of queues, which the picture of some queues does
// not tell. Where that is refused they are those that the picture has.
func (s *session) sourcesOf(rows []row) map[backend.ARN][]string {
	var mu sync.Mutex
	var wg sync.WaitGroup
	out := map[backend.ARN][]string{}
	places := make(chan struct{}, askSources)
	for _, r := range rows {
		wg.Add(1)
		started := s.group.Go("sources", func(context.Context) {
			defer wg.Done()
			places <- struct{}{}
			defer func() { <-places }()
			sources, err := sourcesOf(s.ctx, r.of.conn, r.URL)
			if err != nil {
				return
			}
			mu.Lock()
			defer mu.Unlock()
			out[r.ARN] = sources
		})
		if !started {
			wg.Done()
		}
	}
	wg.Wait()
	return out
}

// sourcesOf are the ARNs of the queues whose RedrivePolicy names this one.
func sourcesOf(ctx context.Context, conn *Connection, queueURL string) ([]string, error) {
	sources := []string{}
	in := backend.ListDeadLetterSourceQueuesInput{QueueUrl: queueURL, MaxResults: backend.Some(1000)}
	for {
		out, err := conn.Stack.SQS.ListDeadLetterSourceQueues(ctx, in)
		if err != nil {
			return nil, err
		}
		for _, u := range out.QueueUrls {
			sources = append(sources, backend.ARNOf(u, conn.Place.Region).String())
		}
		if in.NextToken = out.NextToken; in.NextToken == "" {
			slices.Sort(sources)
			return sources, nil
		}
	}
}
