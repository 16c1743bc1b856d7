package lab

import (
	"context"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"sqscope/backend"
	"sqscope/backend/rules"
)

// browsePage is how many messages are read at a time.
const browsePage = 10_000

// read looks at the engine: what has happened, what lies in the queues, how the
// actors stand. It is done past the learner, so it receives nothing and counts
// nowhere. With mu held.
func (s *Session) read(ctx context.Context) (map[string]any, error) {
	s.drain()
	clock, err := s.world.Stack.Clock.Clock(ctx)
	if err != nil {
		return nil, err
	}
	queues, urls, dlqs, err := s.queues(ctx)
	if err != nil {
		return nil, err
	}
	metrics, err := s.world.Stack.Metrics.QueueMetrics(ctx, urls)
	if err != nil {
		return nil, err
	}
	for _, url := range urls {
		_, name := backend.URLParts(url)
		m, q := metrics[url], queues[name].(map[string]any)
		q["sent"], q["received"], q["deleted"] = int(m.Sent), int(m.Received), int(m.Deleted)
	}
	s.drain() // what fell due while the queues were read is in what was read
	s.history.seen(s.world.Requests.body)
	actors, err := s.actors(ctx)
	if err != nil {
		return nil, err
	}
	tasks, err := s.tasks(ctx, queues, dlqs)
	if err != nil {
		return nil, err
	}
	state := map[string]any{
		"now": clock.Now.Sub(s.history.begin).Seconds(), "queues": queues, "actors": actors, "tasks": tasks,
		"answers": s.answerState(), "claims": s.claimState(), "lost": s.history.lost,
	}
	s.history.state(state)
	s.world.Requests.state(s.history.begin, state)
	return state, nil
}

// queues are the queues that there are, with what lies in each, and the ARNs of
// those that are somebody's dead-letter queue.
func (s *Session) queues(ctx context.Context) (all map[string]any, urls, dlqs []string, err error) {
	all = map[string]any{}
	for in := (backend.ListQueuesInput{MaxResults: backend.Some(1000)}); ; {
		out, err := s.world.Stack.SQS.ListQueues(ctx, in)
		if err != nil {
			return nil, nil, nil, err
		}
		for _, url := range out.QueueUrls {
			q, dlq, err := s.queue(ctx, url)
			if err != nil {
				return nil, nil, nil, err
			}
			_, name := backend.URLParts(url)
			all[name] = q
			urls = append(urls, url)
			if dlq != "" && !slices.Contains(dlqs, dlq) {
				dlqs = append(dlqs, dlq)
			}
		}
		if out.NextToken == "" {
			return all, urls, dlqs, nil
		}
		in.NextToken = out.NextToken
	}
}

// queue is one queue, and the ARN of its dead-letter queue, "" if it has none.
// Its counts are of what is browsed, so that they agree with the messages even if
// the clock runs meanwhile.
func (s *Session) queue(ctx context.Context, url string) (q map[string]any, dlq string, err error) {
	_, name := backend.URLParts(url)
	out, err := s.world.Stack.SQS.GetQueueAttributes(ctx, backend.GetQueueAttributesInput{
		QueueUrl: url, AttributeNames: []string{backend.AttrAll},
	})
	if err != nil {
		return nil, "", err
	}
	var stored []backend.StoredMessage
	for page, err := range backend.Pages(ctx, s.world.Stack.Browse, url, browsePage) {
		if err != nil {
			return nil, "", err
		}
		stored = append(stored, page.Messages...)
	}
	s.history.see(name, stored)
	counts := map[backend.State]int{}
	for i := range stored {
		counts[stored[i].State]++
	}
	q = map[string]any{
		"name": name, "visible": counts[backend.StateVisible], "inFlight": counts[backend.StateInFlight], "delayed": counts[backend.StateDelayed],
		"stored": len(stored), "dlq": nil, "maxReceiveCount": nil,
	}
	for attr, value := range out.Attributes {
		if n, err := strconv.Atoi(value); err == nil && !isCount(attr) {
			q[attr] = n
		}
	}
	if text := out.Attributes[backend.AttrRedrivePolicy]; text != "" {
		if p, err := rules.ParseRedrivePolicy(text); err == nil {
			dlq = p.DeadLetterTargetArn
			q["dlq"], q["maxReceiveCount"] = nameOfARN(dlq), p.MaxReceiveCount
		}
	}
	return q, dlq, nil
}

func isCount(attr string) bool {
	return attr == backend.AttrMessages || attr == backend.AttrMessagesNotVisible || attr == backend.AttrMessagesDelayed
}

// tasks are the move tasks of the dead-letter queues that there are.
func (s *Session) tasks(ctx context.Context, queues map[string]any, dlqs []string) ([]any, error) {
	list := []any{}
	for _, arn := range dlqs {
		dlq := nameOfARN(arn)
		if queues[dlq] == nil {
			continue
		}
		out, err := s.world.Stack.SQS.ListMessageMoveTasks(ctx, backend.ListMessageMoveTasksInput{
			SourceArn: arn, MaxResults: backend.Some(10),
		})
		if err != nil {
			return nil, err
		}
		for _, t := range out.Results {
			list = append(list, map[string]any{
				"queue": dlq, "status": string(t.Status), "moved": int(t.ApproximateNumberOfMessagesMoved),
				"toMove": int(t.ApproximateNumberOfMessagesToMove), "rate": t.MaxNumberOfMessagesPerSecond.Value,
				"started": s.history.since(t.Started), "to": orNull(nameOfARN(t.DestinationArn)),
			})
		}
	}
	return list, nil
}

// actors are the actors by name, each with its queue and its counts, zeros too.
func (s *Session) actors(ctx context.Context) (map[string]any, error) {
	all := map[string]any{}
	if s.world.Stage == nil {
		return all, nil
	}
	ledger, err := s.world.Stage.Ledger(ctx)
	if err != nil {
		return nil, err
	}
	for _, a := range ledger.Actors {
		one := map[string]any{"queue": orNull(a.Queue)}
		counts := reflect.ValueOf(a.Counts)
		for i := range counts.NumField() {
			name, _, _ := strings.Cut(counts.Type().Field(i).Tag.Get("json"), ",")
			one[name] = float64(counts.Field(i).Uint())
		}
		all[a.Name] = one
	}
	return all, nil
}

// drain reads the events that have come. If they have filled the channel, there
// may have been more, of which only the next event would tell.
func (s *Session) drain() {
	if len(s.events) == eventBuffer && s.history != nil {
		s.history.lost++
	}
	for {
		select {
		case e, open := <-s.events:
			if !open {
				s.events = nil // the engine has been closed
				return
			}
			s.history.note(e)
		default:
			return
		}
	}
}
