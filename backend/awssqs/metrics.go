package awssqs

import (
	"context"
	"slices"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"

	"sqscope/backend"
)

var _ backend.Metrics = (*Client)(nil)

// CloudWatch has a point a minute (docs/SQS.md 12.3), some minutes late, so
// nobody is asked for a queue more often than that.
const (
	measureEvery = time.Minute
	measurePoint = time.Minute
	measureBack  = 15 * time.Minute // what is older says nothing of the present
	queriesAtAll = 500              // in one request
)

// watched is what CloudWatch is asked about a queue, each by its letter.
var watched = []struct {
	letter, metric, statistic string
}{
	{"s", "NumberOfMessagesSent", "Sum"},
	{"d", "NumberOfMessagesDeleted", "Sum"},
	{"a", "ApproximateAgeOfOldestMessage", "Maximum"},
}

// watch is what is asked of CloudWatch, a function like those of [topics].
type watch struct {
	endpoint string
	data     func(context.Context, *cloudwatch.GetMetricDataInput) (*cloudwatch.GetMetricDataOutput, error)
}

func newWatch(cfg aws.Config, beside func(configured *string) *string) watch {
	client := cloudwatch.NewFromConfig(cfg, func(o *cloudwatch.Options) { o.BaseEndpoint = beside(o.BaseEndpoint) })
	return watch{
		endpoint: aws.ToString(client.Options().BaseEndpoint),
		data: func(ctx context.Context, in *cloudwatch.GetMetricDataInput) (*cloudwatch.GetMetricDataOutput, error) {
			return client.GetMetricData(ctx, in)
		},
	}
}

// measurements are what CloudWatch said, by queue URL.
type measurements struct {
	turn  turn
	known map[string]measurement
}

type measurement struct {
	asked   time.Time
	said    backend.Measured
	refused error
}

// QueueMetrics asks CloudWatch for what goes in and out of queues and for the
// age of their oldest messages, for each queue at most once a minute; in between
// it answers as it did before. Queues of other accounts are left out, because
// CloudWatch knows queues by name only, and so are those without a point in the
// last quarter of an hour.
func (c *Client) QueueMetrics(ctx context.Context, queueURLs []string) (map[string]backend.QueueMetrics, error) {
	if err := c.measured.turn.take(ctx); err != nil {
		return nil, c.cloudWatchFailed(err)
	}
	defer c.measured.turn.give()
	due, err := c.due(ctx, queueURLs)
	if err != nil {
		return nil, err
	}
	for part := range slices.Chunk(due, queriesAtAll/len(watched)) {
		if err := c.measure(ctx, part); err != nil {
			return nil, err
		}
	}
	out := make(map[string]backend.QueueMetrics, len(queueURLs))
	for _, u := range queueURLs {
		m := c.measured.known[u]
		if m.refused != nil {
			return nil, m.refused
		}
		if m.said != (backend.Measured{}) {
			out[u] = backend.QueueMetrics{AsOf: m.said.AsOf, Measured: backend.Some(m.said)}
		}
	}
	return out, nil
}

// due are those of the queues to ask for now.
func (c *Client) due(ctx context.Context, queueURLs []string) ([]string, error) {
	now := time.Now()
	var due []string
	for _, u := range queueURLs {
		if m, known := c.measured.known[u]; !known || now.Sub(m.asked) >= measureEvery {
			due = append(due, u)
		}
	}
	if len(due) == 0 {
		return nil, nil
	}
	account := c.place.Account
	if account == "" {
		who, err := c.Identity(ctx)
		if err != nil {
			return nil, err
		}
		account = who.Account
	}
	return slices.DeleteFunc(due, func(u string) bool {
		owner, _ := backend.URLParts(u)
		return owner != account
	}), nil
}

// measure asks for these queues, at most 166 of them. A refusal is the answer
// until their time comes again; whatever ends in another way may be tried again
// at once.
func (c *Client) measure(ctx context.Context, queueURLs []string) error {
	now := time.Now()
	in := &cloudwatch.GetMetricDataInput{
		EndTime: aws.Time(now.Truncate(measurePoint)), StartTime: aws.Time(now.Truncate(measurePoint).Add(-measureBack)),
		ScanBy: types.ScanByTimestampDescending, MetricDataQueries: queries(queueURLs),
	}
	ctx = withItems(ctx, len(in.MetricDataQueries))
	points := map[string][]point{}
	for {
		out, err := c.cloudwatch().data(ctx, in)
		if err != nil {
			err = c.cloudWatchFailed(err)
			switch backend.KindOf(err) {
			case backend.KindDenied, backend.KindThrottled, backend.KindInvalid, backend.KindUnsupported:
				for _, u := range queueURLs {
					c.measured.known[u] = measurement{asked: now, refused: err}
				}
			}
			return err
		}
		for _, r := range out.MetricDataResults {
			id := aws.ToString(r.Id)
			for i := range min(len(r.Timestamps), len(r.Values)) {
				points[id] = append(points[id], point{r.Timestamps[i], r.Values[i]})
			}
		}
		if in.NextToken = given(aws.ToString(out.NextToken)); in.NextToken == nil {
			break
		}
	}
	for i, u := range queueURLs {
		n := strconv.Itoa(i)
		c.measured.known[u] = measurement{asked: now, said: measured(points["s"+n], points["d"+n], points["a"+n])}
	}
	return nil
}

func queries(queueURLs []string) []types.MetricDataQuery {
	var all []types.MetricDataQuery
	for i, u := range queueURLs {
		dimensions := []types.Dimension{{Name: aws.String("QueueName"), Value: aws.String(queueName(u))}}
		for _, w := range watched {
			all = append(all, types.MetricDataQuery{
				Id: aws.String(w.letter + strconv.Itoa(i)),
				MetricStat: &types.MetricStat{
					Metric: &types.Metric{Namespace: aws.String("AWS/SQS"), MetricName: aws.String(w.metric), Dimensions: dimensions},
					Period: aws.Int32(int32(measurePoint / time.Second)), Stat: aws.String(w.statistic),
				},
			})
		}
	}
	return all
}

// point is a value of the minute that begins at a time.
type point struct {
	at    time.Time
	value float64
}

// measured makes a measurement of what was sent, what was deleted and the age
// of the oldest. In and Out are of the same minute, the newest that has both, so
// that they can be compared.
func measured(sent, deleted, age []point) backend.Measured {
	m := backend.Measured{Source: "CloudWatch", Period: measurePoint}
	in, hasIn := newest(sent)
	out, hasOut := newest(deleted)
	if hasIn && hasOut {
		both := func(of []point) []point {
			return slices.DeleteFunc(slices.Clone(of), func(p point) bool {
				return !slices.ContainsFunc(sent, p.sameTime) || !slices.ContainsFunc(deleted, p.sameTime)
			})
		}
		if s, ok := newest(both(sent)); ok {
			in = s
			out, _ = newest(both(deleted))
		} else {
			hasOut = false
		}
	}
	perSecond := func(p point) backend.Opt[float64] { return backend.Some(p.value / measurePoint.Seconds()) }
	if hasOut {
		m.Out, m.AsOf = perSecond(out), out.at.Add(measurePoint)
	}
	if hasIn {
		m.In, m.AsOf = perSecond(in), in.at.Add(measurePoint)
	}
	old, hasAge := newest(age)
	if hasAge {
		m.Age, m.AgeAsOf = backend.Some(time.Duration(old.value*float64(time.Second))), old.at.Add(measurePoint)
	}
	if !hasIn && !hasOut && !hasAge {
		return backend.Measured{}
	}
	return m
}

func (p point) sameTime(q point) bool { return p.at.Equal(q.at) }

func newest(points []point) (point, bool) {
	if len(points) == 0 {
		return point{}, false
	}
	return slices.MaxFunc(points, func(a, b point) int { return a.at.Compare(b.at) }), true
}

func (c *Client) cloudWatchFailed(err error) error {
	return c.failedBeside("CloudWatch", c.cloudwatch().endpoint, "cloudwatch:GetMetricData", "", err)
}
