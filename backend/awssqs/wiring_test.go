package awssqs

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"sqscope/backend"
)

const region = "eu-west-1"

func queue(name string) backend.ARN {
	return backend.ARN{Partition: "aws", Region: region, Account: "123456789012", Name: name}
}

const (
	listSubscriptions = "ListSubscriptions"
	listMappings      = "GET /2015-03-31/event-source-mappings"
)

func topic(name string) string { return "arn:aws:sns:eu-west-1:123456789012:" + name }

// page is a page of ListSubscriptions: protocol, endpoint and topic in turn.
func page(next string, of ...string) string {
	var b strings.Builder
	for i := 0; i < len(of); i += 3 {
		fmt.Fprintf(&b, `<member><Protocol>%s</Protocol><Endpoint>%s</Endpoint><TopicArn>%s</TopicArn><Owner>123456789012</Owner><SubscriptionArn>%s:s</SubscriptionArn></member>`,
			of[i], of[i+1], topic(of[i+2]), topic(of[i+2]))
	}
	if next != "" {
		next = "<NextToken>" + next + "</NextToken>"
	}
	return `<ListSubscriptionsResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><ListSubscriptionsResult><Subscriptions>` +
		b.String() + `</Subscriptions>` + next + `</ListSubscriptionsResult></ListSubscriptionsResponse>`
}

func topicNames(list []backend.Subscription) (names []string) {
	for _, s := range list {
		names = append(names, strings.TrimPrefix(s.TopicArn, topic("")))
	}
	return names
}

// The region is listed once for all queues, and again when the listing is old
// or was forgotten.
func TestSubscriptionsComeFromOneListing(t *testing.T) {
	f := newFakeAWS(t, map[string]func(request) answer{listSubscriptions: func(r request) answer {
		if r.form.Get("NextToken") == "" {
			return answer{body: page("more", "sqs", queue("orders").String(), "shop", "email", "me@example.com", "shop", "sqs", queue("mail").String(), "shop")}
		}
		return answer{body: page("", "sqs", queue("orders").String(), "audit", "https", queue("orders").String(), "odd")}
	}})
	synctest.Test(t, func(t *testing.T) {
		f.t = t
		c := f.keysOnAWS(Options{})
		for _, q := range []struct {
			name string
			want []string
		}{{"orders", []string{"audit", "shop"}}, {"mail", []string{"shop"}}, {"lonely", nil}} {
			got, err := c.Subscriptions(t.Context(), queue(q.name))
			if diff := cmp.Diff(q.want, topicNames(got.List)); err != nil || diff != "" || !got.AsOf.Equal(time.Now()) {
				t.Errorf("%s as of %v: %v\n%s", q.name, got.AsOf, err, diff)
			}
		}
		if n := f.count(listSubscriptions); n != 2 {
			t.Errorf("two pages took %d requests", n)
		}
		time.Sleep(listingLasts)
		if _, err := c.Subscriptions(t.Context(), queue("mail")); err != nil || f.count(listSubscriptions) != 4 {
			t.Errorf("an old listing was not renewed: %d requests, %v", f.count(listSubscriptions), err)
		}
		c.Forget()
		if _, err := c.Subscriptions(t.Context(), queue("mail")); err != nil || f.count(listSubscriptions) != 6 {
			t.Errorf("a forgotten listing was not renewed: %d requests, %v", f.count(listSubscriptions), err)
		}
	})
}

// A listing that breaks off goes on where it was, so that a large region can be
// listed by callers without patience; a token that SNS takes no longer begins it
// anew.
func TestAListingGoesOnWhereItBrokeOff(t *testing.T) {
	refusal := answer{403, queryError("AuthorizationError", "not now")}
	refuse := true
	var tokens []string
	f := newFakeAWS(t, map[string]func(request) answer{listSubscriptions: func(r request) answer {
		token := r.form.Get("NextToken")
		tokens = append(tokens, token)
		switch {
		case token == "":
			return answer{body: page("2", "sqs", queue("orders").String(), "one")}
		case refuse:
			return refusal
		}
		return answer{body: page("", "sqs", queue("orders").String(), "two")}
	}})
	c := f.keysOnAWS(Options{})
	if _, err := c.Subscriptions(t.Context(), queue("orders")); backend.KindOf(err) != backend.KindDenied {
		t.Fatal(err)
	}
	refuse = false
	got, err := c.Subscriptions(t.Context(), queue("orders"))
	if diff := cmp.Diff([]string{"one", "two"}, topicNames(got.List)); err != nil || diff != "" {
		t.Errorf("%v\n%s", err, diff)
	}
	refuse, refusal = true, answer{400, queryError("InvalidParameter", "Invalid parameter: nextToken")}
	c.Forget()
	if _, err := c.Subscriptions(t.Context(), queue("orders")); backend.KindOf(err) != backend.KindInvalid {
		t.Fatal(err)
	}
	refuse = false
	got, err = c.Subscriptions(t.Context(), queue("orders"))
	if diff := cmp.Diff([]string{"one", "two"}, topicNames(got.List)); err != nil || diff != "" {
		t.Errorf("%v\n%s", err, diff)
	}
	if diff := cmp.Diff([]string{"", "2", "2", "", "2", "", "2"}, tokens); diff != "" {
		t.Errorf("pages (-want +got)\n%s", diff)
	}
}

func TestSubscriptionDetails(t *testing.T) {
	entry := func(k, v string) string { return "<entry><key>" + k + "</key><value>" + v + "</value></entry>" }
	f := newFakeAWS(t, map[string]func(request) answer{"GetSubscriptionAttributes": always(200,
		`<GetSubscriptionAttributesResponse><GetSubscriptionAttributesResult><Attributes>`+
			entry("RawMessageDelivery", "true")+entry("FilterPolicy", `{"store":["a"]}`)+entry("FilterPolicyScope", "MessageBody")+
			entry("RedrivePolicy", `{"deadLetterTargetArn":"`+queue("lost").String()+`"}`)+
			`</Attributes></GetSubscriptionAttributesResult></GetSubscriptionAttributesResponse>`)})
	got, err := f.keysOnAWS(Options{}).SubscriptionDetails(t.Context(), topic("shop")+":s")
	want := backend.SubscriptionDetails{Raw: true, FilterPolicy: `{"store":["a"]}`, FilterBody: true, DeadLetterArn: queue("lost").String()}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("%v\n%s", err, diff)
	}
	if r := f.last("GetSubscriptionAttributes"); r.form.Get("SubscriptionArn") != topic("shop")+":s" || r.host != "sns.eu-west-1.amazonaws.com" {
		t.Errorf("asked %s for %q", r.host, r.form.Get("SubscriptionArn"))
	}
}

func TestMappings(t *testing.T) {
	const function = "arn:aws:lambda:eu-west-1:123456789012:function:"
	f := newFakeAWS(t, map[string]func(request) answer{listMappings: func(r request) answer {
		if got := r.query.Get("EventSourceArn"); got != queue("orders").String() {
			t.Errorf("asked for the mappings of %s", got)
		}
		if r.query.Get("Marker") == "" {
			return answer{body: `{"NextMarker":"2","EventSourceMappings":[{"UUID":"u2","FunctionArn":"` + function + `worker:live","State":"Enabled",
				"StateTransitionReason":"User action","LastProcessingResult":"OK","BatchSize":100,"MaximumBatchingWindowInSeconds":5,"LastModified":1700000000,
				"FunctionResponseTypes":["ReportBatchItemFailures"],"ScalingConfig":{"MaximumConcurrency":7},
				"FilterCriteria":{"Filters":[{"Pattern":"{\"body\":[1]}"},{"Pattern":"{}"}]}}]}`}
		}
		return answer{body: `{"EventSourceMappings":[{"UUID":"u1","FunctionArn":"` + function + `audit","State":"Disabled","BatchSize":10,
			"ProvisionedPollerConfig":{"MinimumPollers":2,"MaximumPollers":20},"FilterCriteriaError":{"ErrorCode":"KMS","Message":"no key"}}]}`}
	}})
	got, err := f.keysOnAWS(Options{}).Mappings(t.Context(), queue("orders"))
	want := []backend.Mapping{
		{
			UUID: "u1", FunctionArn: function + "audit", State: "Disabled", BatchSize: 10,
			MinimumPollers: backend.Some(2), MaximumPollers: backend.Some(20), FilterError: "no key",
		},
		{
			UUID: "u2", FunctionArn: function + "worker:live", State: "Enabled", StateReason: "User action", LastResult: "OK",
			BatchSize: 100, Window: 5 * time.Second, MaximumConcurrency: backend.Some(7), ReportBatchItemFailures: true,
			Filters: []string{`{"body":[1]}`, "{}"}, LastModified: time.Unix(1700000000, 0).UTC(),
		},
	}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("%v\n%s", err, diff)
	}
	if got[0].Polls() || !got[1].Polls() {
		t.Error("only the enabled mapping polls")
	}
}

func TestFunctionTimeout(t *testing.T) {
	const arn = "arn:aws:lambda:eu-west-1:123456789012:function:worker"
	f := newFakeAWS(t, map[string]func(request) answer{"GET /2015-03-31/functions/" + arn + "/configuration": always(200, `{"Timeout":180}`)})
	got, err := f.keysOnAWS(Options{}).FunctionTimeout(t.Context(), arn)
	if err != nil || got != 3*time.Minute {
		t.Errorf("%v, %v", got, err)
	}
}

// Each part says for itself what it is denied, by the name of the right.
func TestPartsAreDeniedOneByOne(t *testing.T) {
	const arn = "arn:aws:lambda:eu-west-1:123456789012:function:worker"
	lambdaDenied := always(403, `{"Type":"User","__type":"AccessDeniedException","Message":"User: x is not authorized to perform: it"}`)
	f := newFakeAWS(t, map[string]func(request) answer{
		listSubscriptions:           always(403, queryError("AuthorizationError", "User: x is not authorized to perform: SNS:ListSubscriptions")),
		"GetSubscriptionAttributes": always(403, queryError("AuthorizationError", "no")),
		listMappings:                always(200, `{}`),
		"GET /2015-03-31/functions/" + arn + "/configuration": lambdaDenied,
	})
	c := f.keysOnAWS(Options{})
	_, subscriptions := c.Subscriptions(t.Context(), queue("orders"))
	_, details := c.SubscriptionDetails(t.Context(), topic("shop")+":s")
	_, timeout := c.FunctionTimeout(t.Context(), arn)
	for right, err := range map[string]error{
		"sns:ListSubscriptions": subscriptions, "sns:GetSubscriptionAttributes": details, "lambda:GetFunctionConfiguration": timeout,
	} {
		e := backend.AsError(err)
		if e.Kind != backend.KindDenied || e.Action != right || !strings.Contains(e.Next, "the right to "+right+",") {
			t.Errorf("%s: %v (%v)", right, err, e.Kind)
		}
	}
	if got, err := c.Mappings(t.Context(), queue("orders")); err != nil || len(got) != 0 {
		t.Errorf("the mappings, which are not denied: %v, %v", got, err)
	}
}

// An emulator is asked where it is, and nobody is asked on AWS in its stead.
func TestAnEmulatorWithoutTheServicesSaysSo(t *testing.T) {
	environment(t, "", nil)
	f := newFakeAWS(t, map[string]func(request) answer{listSubscriptions: always(400, queryError("InvalidAction", "The action ListSubscriptions is not valid for this endpoint."))})
	c := f.client(Options{EndpointURL: endpointURL})
	_, subscriptions := c.Subscriptions(t.Context(), queue("orders"))
	_, mappings := c.Mappings(t.Context(), queue("orders"))
	_, who := c.Identity(t.Context())
	for _, err := range []error{subscriptions, mappings, who} {
		if e := backend.AsError(err); e.Kind != backend.KindUnsupported || !strings.Contains(e.Error(), endpointURL) {
			t.Errorf("%v (%v)", err, e.Kind)
		}
	}
	for _, r := range f.asked {
		if r.host != "127.0.0.1:9324" {
			t.Errorf("%s was asked for %s", r.host, r.action)
		}
	}
	if len(f.asked) != 3 {
		t.Errorf("%d requests", len(f.asked))
	}
}

func TestWhereTheServicesBesideSQSAre(t *testing.T) {
	for _, c := range []struct {
		name string
		o    Options
		vars map[string]string
		host string
	}{
		{"on AWS", Options{}, nil, "sns.eu-west-1.amazonaws.com"},
		{"behind a VPC endpoint", Options{EndpointURL: "https://vpce-1.sqs.eu-west-1.vpce.amazonaws.com"}, nil, "sns.eu-west-1.amazonaws.com"},
		{"a compatible endpoint", Options{EndpointURL: "https://queues.example.com"}, nil, "queues.example.com"},
		{"an endpoint of its own", Options{EndpointURL: endpointURL}, map[string]string{"AWS_ENDPOINT_URL_SNS": "http://localhost:4575"}, "localhost:4575"},
		{"one for all in the environment", Options{}, map[string]string{"AWS_ENDPOINT_URL": "http://localhost:4566"}, "localhost:4566"},
		{"one for SQS in the environment", Options{}, map[string]string{"AWS_ENDPOINT_URL_SQS": "http://localhost:4577"}, "localhost:4577"},
	} {
		t.Run(c.name, func(t *testing.T) {
			environment(t, ssoConfig, c.vars)
			f := newFakeAWS(t, map[string]func(request) answer{listSubscriptions: always(200, page(""))})
			c.o.Profile = "keys"
			if _, err := f.client(c.o).Subscriptions(t.Context(), queue("orders")); err != nil {
				t.Fatal(err)
			}
			if got := f.last(listSubscriptions).host; got != c.host {
				t.Errorf("SNS is at %s, want %s", got, c.host)
			}
		})
	}
}

// Waiting for another's listing ends with the context, as everything does.
func TestAWaitForTheListingCanBeGivenUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newFakeAWS(t, nil).keysOnAWS(Options{})
		if err := c.listed.Load().turn.take(t.Context()); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		_, err := c.Subscriptions(ctx, queue("orders"))
		if e := backend.AsError(err); e.Kind != backend.KindTimeout {
			t.Errorf("%v (%v)", err, e.Kind)
		}
	})
}
