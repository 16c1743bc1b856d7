package awssqs

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/smithy-go/encoding/cbor"
	"github.com/google/go-cmp/cmp"

	"sqscope/backend"
)

const getMetricData = "GetMetricData"

func urlOf(name string) string { return "https://sqs.eu-west-1.amazonaws.com/123456789012/" + name }

// series are the points of metrics: metric and queue, then the minutes that they
// begin at, counted back from the present minute, with their values.
type series map[string]map[int]float64

// metricData answers GetMetricData from series.
func metricData(s series) func(request) answer {
	return func(r request) answer {
		var results cbor.List
		for _, q := range r.cbor["MetricDataQueries"].(cbor.List) {
			id, stat := q.(cbor.Map)["Id"], q.(cbor.Map)["MetricStat"].(cbor.Map)
			metric := stat["Metric"].(cbor.Map)
			dimension := metric["Dimensions"].(cbor.List)[0].(cbor.Map)
			name := fmt.Sprint(metric["Namespace"], " ", metric["MetricName"], " ", stat["Stat"], " ", stat["Period"], " ", dimension["Name"], "=", dimension["Value"])
			var at, values cbor.List
			for back, v := range s[name] {
				begin := time.Now().Truncate(time.Minute).Add(-time.Duration(back) * time.Minute)
				at = append(at, &cbor.Tag{ID: 1, Value: cbor.Float64(begin.Unix())})
				values = append(values, cbor.Float64(v))
			}
			results = append(results, cbor.Map{"Id": id, "Timestamps": at, "Values": values, "StatusCode": cbor.String("Complete")})
		}
		return answer{body: string(cbor.Encode(cbor.Map{"MetricDataResults": results}))}
	}
}

const (
	sent    = "AWS/SQS NumberOfMessagesSent Sum 60 QueueName="
	deleted = "AWS/SQS NumberOfMessagesDeleted Sum 60 QueueName="
	oldest  = "AWS/SQS ApproximateAgeOfOldestMessage Maximum 60 QueueName="
)

// inBubble runs a test with a client that may ask CloudWatch, where time is
// virtual. The account is known by asking STS.
func inBubble(t *testing.T, answers map[string]func(request) answer, test func(t *testing.T, f *fakeAWS, c *Client)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		if answers["GetCallerIdentity"] == nil {
			answers["GetCallerIdentity"] = always(200, callerIdentity("123456789012", "arn:aws:iam::123456789012:user/me", "AIDA"))
		}
		f := newFakeAWS(t, answers)
		test(t, f, f.keysOnAWS(Options{CloudWatch: true}))
	})
}

// What CloudWatch says is told with its source and its time; what it does not
// say is left out and never derived.
func TestCloudWatchTellsRatesAndAges(t *testing.T) {
	answers := map[string]func(request) answer{getMetricData: metricData(series{
		sent + "busy": {2: 120, 3: 600}, deleted + "busy": {3: 60, 4: 6}, oldest + "busy": {2: 90},
		sent + "in only.fifo": {1: 30},
		oldest + "old":        {5: 0},
	})}
	inBubble(t, answers, func(t *testing.T, f *fakeAWS, c *Client) {
		time.Sleep(30 * time.Second) // into a minute, which is not over yet
		now := time.Now().Truncate(time.Minute)
		urls := []string{urlOf("busy"), urlOf("in only.fifo"), urlOf("old"), urlOf("silent")}
		got, err := c.QueueMetrics(t.Context(), urls)
		if err != nil {
			t.Fatal(err)
		}
		said := func(m backend.Measured) backend.QueueMetrics {
			m.Source, m.Period = "CloudWatch", time.Minute
			return backend.QueueMetrics{AsOf: m.AsOf, Measured: backend.Some(m)}
		}
		want := map[string]backend.QueueMetrics{
			// In and Out are of the same minute, three ago, which ended two ago.
			urlOf("busy"): said(backend.Measured{
				In: backend.Some(10.0), Out: backend.Some(1.0), AsOf: now.Add(-2 * time.Minute),
				Age: backend.Some(90 * time.Second), AgeAsOf: now.Add(-time.Minute),
			}),
			urlOf("in only.fifo"): said(backend.Measured{In: backend.Some(0.5), AsOf: now}),
			urlOf("old"):          said(backend.Measured{Age: backend.Some(time.Duration(0)), AgeAsOf: now.Add(-4 * time.Minute)}),
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("metrics (-want +got)\n%s", diff)
		}
		r := f.last(getMetricData)
		end, _ := cbor.AsTime(r.cbor["EndTime"])
		if !end.Equal(now) || r.host != "monitoring.eu-west-1.amazonaws.com" {
			t.Errorf("asked %s for what is until %v, want %v: the present minute is not over", r.host, end, now)
		}
	})
}

// CloudWatch has a price, so a queue is asked about once a minute however often
// somebody wants to know, and many of them together.
func TestCloudWatchIsAskedSparingly(t *testing.T) {
	inBubble(t, map[string]func(request) answer{getMetricData: metricData(series{sent + "q0": {1: 60}})}, func(t *testing.T, f *fakeAWS, c *Client) {
		var urls []string
		for i := range 200 {
			urls = append(urls, urlOf(fmt.Sprint("q", i)))
		}
		ask := func() {
			t.Helper()
			got, err := c.QueueMetrics(t.Context(), urls)
			if err != nil || len(got) != 1 {
				t.Fatalf("%d queues, %v", len(got), err)
			}
		}
		ask()
		time.Sleep(59 * time.Second)
		ask()
		var items []int
		for _, call := range f.calls {
			if call.Service == "CloudWatch" {
				items = append(items, call.Items)
			}
		}
		if diff := cmp.Diff([]int{498, 102}, items); diff != "" {
			t.Errorf("metrics asked for and reported (-want +got)\n%s", diff)
		}
		time.Sleep(time.Second)
		ask()
		if n := f.count(getMetricData); n != 4 {
			t.Errorf("%d requests", n)
		}
	})
}

// A queue of another account may have the name of one of ours.
func TestCloudWatchIsNotAskedAboutOtherAccounts(t *testing.T) {
	inBubble(t, map[string]func(request) answer{getMetricData: metricData(series{sent + "orders": {1: 60}})}, func(t *testing.T, f *fakeAWS, c *Client) {
		got, err := c.QueueMetrics(t.Context(), []string{"https://sqs.eu-west-1.amazonaws.com/210987654321/orders"})
		if err != nil || len(got) != 0 || f.count(getMetricData) != 0 {
			t.Errorf("%v, %v, %d requests", got, err, f.count(getMetricData))
		}
	})
}

// Who may not ask does not ask on and on; who had no luck may try again.
func TestAfterARefusalCloudWatchIsLeftInPeace(t *testing.T) {
	for code, wait := range map[string]bool{"AccessDenied": true, "InvalidParameterValue": true, "ExpiredToken": false} {
		body := string(cbor.Encode(cbor.Map{"__type": cbor.String("com.amazonaws.cloudwatch#" + code), "message": cbor.String("no")}))
		inBubble(t, map[string]func(request) answer{getMetricData: always(400, body)}, func(t *testing.T, f *fakeAWS, c *Client) {
			_, err := c.QueueMetrics(t.Context(), []string{urlOf("orders")})
			if e := backend.AsError(err); e.Code != code || e.Action != "cloudwatch:GetMetricData" {
				t.Fatalf("%s: %v %+v", code, err, *e)
			}
			before := f.count(getMetricData)
			got, err := c.QueueMetrics(t.Context(), []string{urlOf("orders")})
			if asked := f.count(getMetricData) > before; asked == wait || backend.CodeOf(err) != code {
				t.Errorf("after %s it was asked again: %v (%v, %v)", code, asked, got, err)
			}
			time.Sleep(measureEvery)
			if _, err := c.QueueMetrics(t.Context(), []string{urlOf("orders")}); err == nil {
				t.Errorf("after %s nobody was asked a minute later", code)
			}
		})
	}
}

func TestPagesOfMetricsBelongTogether(t *testing.T) {
	begin := &cbor.Tag{ID: 1, Value: cbor.Float64(0)}
	result := func(id string, v float64) cbor.List {
		return cbor.List{cbor.Map{"Id": cbor.String(id), "Timestamps": cbor.List{begin}, "Values": cbor.List{cbor.Float64(v)}}}
	}
	answers := map[string]func(request) answer{getMetricData: func(r request) answer {
		if r.cbor["NextToken"] == nil {
			return answer{body: string(cbor.Encode(cbor.Map{"NextToken": cbor.String("2"), "MetricDataResults": result("s0", 60)}))}
		}
		return answer{body: string(cbor.Encode(cbor.Map{"MetricDataResults": result("d0", 120)}))}
	}}
	inBubble(t, answers, func(t *testing.T, _ *fakeAWS, c *Client) {
		got, err := c.QueueMetrics(t.Context(), []string{urlOf("orders")})
		m := got[urlOf("orders")].Measured.Value
		if err != nil || m.In.Value != 1 || m.Out.Value != 2 {
			t.Errorf("%+v, %v", m, err)
		}
	})
}

// CloudWatch is nobody's metrics unless somebody wants it.
func TestMetricsAreThereOnlyWithCloudWatch(t *testing.T) {
	f := newFakeAWS(t, nil)
	s := f.keysOnAWS(Options{}).Stack()
	if s.Metrics != nil || s.SQS == nil || s.Wiring == nil || s.Credentials == nil {
		t.Errorf("the stack is %+v", s)
	}
	if s := f.keysOnAWS(Options{CloudWatch: true}).Stack(); s.Metrics == nil {
		t.Error("CloudWatch was wanted")
	}
	if len(f.asked) != 0 {
		t.Errorf("opening asked for %v", f.asked)
	}
}

func TestMeasuredOfNothingIsNothing(t *testing.T) {
	if m := measured(nil, nil, nil); m != (backend.Measured{}) {
		t.Errorf("%+v", m)
	}
	at := time.Unix(0, 0)
	m := measured([]point{{at, 60}}, []point{{at.Add(time.Minute), 60}}, nil)
	if m.In.Set == m.Out.Set {
		t.Errorf("of two different minutes both are told as one: %+v", m)
	}
}
