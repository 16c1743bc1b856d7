package backendtest

import (
	"fmt"
	"strings"

	"sqscope/backend"
)

const (
	noQueue      = "The specified queue does not exist."
	deletedSoon  = "You must wait 60 seconds after deleting a queue before you can create another with the same name."
	purgedSoon   = "Only one PurgeQueue operation on orders is allowed every 60 seconds."
	existsDiffer = "A queue already exists with the same name and a different value for attribute "
)

// Sections 1.0 to 1.3 and 1.9: queues come and go.
var queueTests = section{
	"URL and ARN say account and name": func(d *desk) { // 1.0
		url := d.queue("orders")
		if account, name := backend.URLParts(url); account != Account || name != "orders" {
			d.Errorf("URL %s", url)
		}
		d.equal("ARN", d.arn(url), "arn:aws:sqs:us-east-1:123456789012:orders")
	},
	"creating again is the same queue while nothing differs": func(d *desk) { // 1.1, 14.4
		url := d.queue("orders", "DelaySeconds", "5", "VisibilityTimeout", "60")
		d.set(url, "VisibilityTimeout", "61")
		for _, attributes := range [][]string{
			nil, {"DelaySeconds", "5"}, {"VisibilityTimeout", "61"}, {"MaximumMessageSize", "1048576", "DelaySeconds", "5"},
		} {
			d.equal("URL", d.queue("orders", attributes...), url)
		}
		out, err := d.sqs.CreateQueue(d.Context(), backend.CreateQueueInput{QueueName: "orders", Tags: map[string]string{"not": "compared"}})
		d.must(err)
		d.equal("URL", out.QueueUrl, url)
	},
	"creating again asks neither for tags nor for what can only be read": func(d *desk) { // 1.1
		url := d.queue("orders")
		d.equal("URL", d.queue("orders", "QueueArn", "x", "ApproximateNumberOfMessages", "7", "CreatedTimestamp", "1"), url)
		_, err := d.sqs.CreateQueue(d.Context(), backend.CreateQueueInput{QueueName: "orders", Tags: map[string]string{"a": "b"}})
		d.must(err)
		out, err := d.sqs.ListQueueTags(d.Context(), backend.ListQueueTagsInput{QueueUrl: url})
		d.must(err)
		d.equal("tags", out.Tags, map[string]string(nil))
	},
	"creating again with a different value is refused": func(d *desk) { // 1.1, 14.4
		url := d.queue("orders", "VisibilityTimeout", "60")
		d.set(url, "VisibilityTimeout", "61")
		for name, value := range map[string]string{"VisibilityTimeout": "60", "DelaySeconds": "1"} {
			_, err := d.sqs.CreateQueue(d.Context(), backend.CreateQueueInput{QueueName: "orders", Attributes: pairs([]string{name, value})})
			d.fails(err, backend.ErrQueueNameExists, existsDiffer+name)
		}
	},
	"FifoQueue is true in any case of letters": func(d *desk) { // 1.1
		out, err := d.sqs.CreateQueue(d.Context(), backend.CreateQueueInput{QueueName: "a.fifo", Attributes: map[string]string{"FifoQueue": "True"}})
		d.must(err)
		d.equal("FifoQueue", d.attributes(out.QueueUrl, "FifoQueue"), map[string]string{"FifoQueue": "true"})
	},
	"a queue keeps its type, and dead letters keep to it": func(d *desk) { // 8.7, 1.7, 2.4
		standard, fifo := d.queue("orders"), d.queue("orders.fifo")
		set := func(url, name, value string) error {
			return d.sqs.SetQueueAttributes(d.Context(), backend.SetQueueAttributesInput{QueueUrl: url, Attributes: map[string]string{name: value}})
		}
		for _, value := range []string{"true", "false"} {
			d.fails(set(standard, "FifoQueue", value), backend.ErrInvalidAttributeName, "Unknown Attribute FifoQueue.")
		}
		d.must(set(fifo, "FifoQueue", "true"))
		d.fails(set(fifo, "FifoQueue", "false"), backend.ErrInvalidAttributeValue,
			"Invalid value for the parameter FifoQueue. Reason: Modifying queue type is not supported.")
		for source, dlq := range map[string]string{standard: d.queue("dlq.fifo"), fifo: d.queue("dlq")} {
			policy := redrivePolicy(d.arn(dlq), 1)
			d.fails(set(source, "RedrivePolicy", policy), backend.ErrInvalidParameterValue,
				"Value "+policy+" for parameter RedrivePolicy is invalid. Reason: Dead-letter queue must be same type of queue as the source..")
		}
	},
	"names of queues": func(d *desk) { // 1.1, 3.1
		v := readVectors(d.T).QueueNames
		create := func(name string, fifo bool) error {
			in := backend.CreateQueueInput{QueueName: name}
			if fifo {
				in.Attributes = map[string]string{"FifoQueue": "true"}
			}
			_, err := d.sqs.CreateQueue(d.Context(), in)
			return err
		}
		for _, c := range []struct {
			names    []string
			fifo, ok bool
		}{
			{v.StandardValid, false, true},
			{v.StandardInvalid, false, false},
			{v.FifoValid, true, true},
			{v.FifoInvalid, true, false},
			{v.FifoUnrecorded, true, false}, // a suffix is no name of its own
		} {
			for _, name := range c.names {
				if err := create(name, c.fifo); (err == nil) != c.ok {
					d.Errorf("queue %q, FIFO %v: %v", name, c.fifo, err)
				} else if !c.ok && backend.KindOf(err) != backend.KindInvalid {
					d.Errorf("queue %q, FIFO %v: %v", name, c.fifo, err)
				}
			}
		}
	},
	"a deleted queue is gone and its name waits for a minute": func(d *desk) { // 1.1, 1.2, 14.4
		url := d.queue("orders")
		d.send(url, "a")
		d.must(d.sqs.DeleteQueue(d.Context(), backend.DeleteQueueInput{QueueUrl: url}))
		_, err := d.sqs.GetQueueUrl(d.Context(), backend.GetQueueUrlInput{QueueName: "orders"})
		d.fails(err, backend.ErrQueueDoesNotExist, noQueue)
		_, err = d.sqs.SendMessage(d.Context(), backend.SendMessageInput{QueueUrl: url, MessageBody: "b"})
		d.fails(err, backend.ErrQueueDoesNotExist, noQueue)
		d.fails(d.sqs.DeleteQueue(d.Context(), backend.DeleteQueueInput{QueueUrl: url}), backend.ErrQueueDoesNotExist, noQueue)
		d.later(59)
		_, err = d.sqs.CreateQueue(d.Context(), backend.CreateQueueInput{QueueName: "orders"})
		d.fails(err, backend.ErrQueueDeletedRecently, deletedSoon)
		d.later(1.5)
		d.equal("URL", d.queue("orders"), url)
		d.counts(url, 0, 0, 0)
	},
	"a queue is found by its name": func(d *desk) { // 1.3
		url := d.queue("orders")
		for _, owner := range []string{"", Account} {
			out, err := d.sqs.GetQueueUrl(d.Context(), backend.GetQueueUrlInput{QueueName: "orders", QueueOwnerAWSAccountId: owner})
			d.must(err)
			d.equal("URL", out.QueueUrl, url)
		}
		_, err := d.sqs.GetQueueUrl(d.Context(), backend.GetQueueUrlInput{QueueName: "Orders"})
		d.fails(err, backend.ErrQueueDoesNotExist, noQueue)
	},
	"any host and a bare name will do as QueueUrl": func(d *desk) { // 1.0
		d.queue("orders")
		for _, url := range []string{
			"orders", "https://queue.amazonaws.com/123456789012/orders", "http://localhost:1/123456789012/orders/",
		} {
			d.counts(url, 0, 0, 0)
		}
		for _, url := range []string{"http://whatever", "https://queue.amazonaws.com/999999999999/orders", "other"} {
			_, err := d.sqs.GetQueueAttributes(d.Context(), backend.GetQueueAttributesInput{QueueUrl: url})
			d.fails(err, backend.ErrQueueDoesNotExist, noQueue)
		}
	},
	"purge takes what is visible, in flight and delayed": func(d *desk) { // 1.9, 5.7, 14.4
		url := d.queue("orders")
		d.send(url, "in flight")
		m := d.one(url)
		d.send(url, "visible")
		d.send(url, "delayed", delay(900))
		d.counts(url, 1, 1, 1)
		d.must(d.sqs.PurgeQueue(d.Context(), backend.PurgeQueueInput{QueueUrl: url}))
		d.counts(url, 0, 0, 0)
		d.delete(url, m)
	},
	"purge is possible once a minute": func(d *desk) { // 1.9
		url := d.queue("orders")
		purge := func() error { return d.sqs.PurgeQueue(d.Context(), backend.PurgeQueueInput{QueueUrl: url}) }
		d.must(purge())
		d.later(59)
		d.fails(purge(), backend.ErrPurgeQueueInProgress, purgedSoon)
		d.later(1.5)
		d.must(purge())
	},
}

// Sections 1.4, 1.5: lists of queues.
var listingTests = section{
	"nothing is nothing": func(d *desk) { // 1.4, 1.0
		out, err := d.sqs.ListQueues(d.Context(), backend.ListQueuesInput{})
		d.must(err)
		d.equal("list", out, backend.ListQueuesOutput{})
	},
	"by prefix, which minds the case": func(d *desk) { // 1.4
		a, b := d.queue("orders"), d.queue("orders-dlq")
		d.queue("Orders")
		out, err := d.sqs.ListQueues(d.Context(), backend.ListQueuesInput{QueueNamePrefix: "orders"})
		d.must(err)
		d.equal("list", out, backend.ListQueuesOutput{QueueUrls: []string{a, b}})
	},
	"T4 more than a thousand queues are listed by pages only": func(d *desk) { // 1.4
		want := map[string]bool{}
		for i := range 1001 {
			want[d.queue(fmt.Sprintf("queue-%04d", i))] = true
		}
		all, err := d.sqs.ListQueues(d.Context(), backend.ListQueuesInput{})
		d.must(err)
		if len(all.QueueUrls) != 1000 || all.NextToken != "" {
			d.Errorf("without MaxResults: %d queues, token %q", len(all.QueueUrls), all.NextToken)
		}
		for _, size := range []int{1000, 400} {
			seen := d.pages(size)
			if len(seen) != len(want) {
				d.Errorf("by pages of %d: %d queues", size, len(seen))
			}
			for url := range want {
				if seen[url] != 1 {
					d.Fatalf("by pages of %d: %s was listed %d times", size, url, seen[url])
				}
			}
		}
	},
	"a page that is the last has no token": func(d *desk) { // 1.4
		d.queue("a")
		d.queue("b")
		out, err := d.sqs.ListQueues(d.Context(), backend.ListQueuesInput{MaxResults: backend.Some(2)})
		d.must(err)
		if len(out.QueueUrls) != 2 || out.NextToken != "" {
			d.Errorf("%v", out)
		}
	},
	"T10 a queue is a dead-letter queue because a RedrivePolicy names it": func(d *desk) { // 1.5, 6.3
		a, b, dlq, byName := d.queue("a"), d.queue("b"), d.queue("failed"), d.queue("orders-dlq")
		d.set(byName, "RedriveAllowPolicy", `{"redrivePermission":"byQueue","sourceQueueArns":["`+d.arn(a)+`"]}`)
		d.redrive(a, dlq, 5)
		d.redrive(b, dlq, 5)
		sources := func(url string, n int, token string) backend.ListQueuesOutput {
			in := backend.ListDeadLetterSourceQueuesInput{QueueUrl: url, NextToken: token}
			if n > 0 {
				in.MaxResults = backend.Some(n)
			}
			out, err := d.sqs.ListDeadLetterSourceQueues(d.Context(), in)
			d.must(err)
			return out
		}
		d.equal("sources", sources(dlq, 0, ""), backend.ListQueuesOutput{QueueUrls: []string{a, b}})
		d.equal("sources by name only", sources(byName, 0, ""), backend.ListQueuesOutput{})
		first := sources(dlq, 1, "")
		second := sources(dlq, 1, first.NextToken)
		d.equal("pages", append(first.QueueUrls, second.QueueUrls...), []string{a, b})
		d.equal("token at the end", second.NextToken, "")
		d.set(a, "RedrivePolicy", "")
		d.equal("sources after removal", sources(dlq, 0, "").QueueUrls, []string{b})
	},
}

// pages lists all queues by pages and tells how often each was there.
func (d *desk) pages(size int) map[string]int {
	seen := map[string]int{}
	token := ""
	for {
		out, err := d.sqs.ListQueues(d.Context(), backend.ListQueuesInput{MaxResults: backend.Some(size), NextToken: token})
		d.must(err)
		for _, url := range out.QueueUrls {
			seen[url]++
		}
		if len(out.QueueUrls) > size || len(out.QueueUrls) == 0 {
			d.Fatalf("a page of %d has %d", size, len(out.QueueUrls))
		}
		if token = out.NextToken; token == "" {
			return seen
		}
	}
}

// Section 1.8.
var tagTests = section{
	"tags come, change and go": func(d *desk) { // 1.8
		out, err := d.sqs.CreateQueue(d.Context(), backend.CreateQueueInput{QueueName: "orders", Tags: map[string]string{"team": "checkout", "x": ""}})
		d.must(err)
		url := out.QueueUrl
		tags := func() map[string]string {
			out, err := d.sqs.ListQueueTags(d.Context(), backend.ListQueueTagsInput{QueueUrl: url})
			d.must(err)
			return out.Tags
		}
		d.equal("tags", tags(), map[string]string{"team": "checkout", "x": ""})
		d.must(d.sqs.TagQueue(d.Context(), backend.TagQueueInput{QueueUrl: url, Tags: map[string]string{"team": "web", "Team": "é"}}))
		d.equal("tags", tags(), map[string]string{"team": "web", "x": "", "Team": "é"})
		d.must(d.sqs.UntagQueue(d.Context(), backend.UntagQueueInput{QueueUrl: url, TagKeys: []string{"team", "x", "Team", "unknown"}}))
		d.equal("tags", tags(), map[string]string(nil))
	},
	"fifty are enough": func(d *desk) { // 1.8
		url := d.queue("orders")
		tags := map[string]string{}
		for i := range 51 {
			tags[fmt.Sprint("tag", i)] = strings.Repeat("v", 256)
		}
		d.fails(d.sqs.TagQueue(d.Context(), backend.TagQueueInput{QueueUrl: url, Tags: tags}),
			backend.ErrInvalidParameterValue, "Too many tags added for queue orders.")
		delete(tags, "tag50")
		d.must(d.sqs.TagQueue(d.Context(), backend.TagQueueInput{QueueUrl: url, Tags: tags}))
	},
}

// Sections 1.10, 10.2.
var permissionTests = section{
	"a permission is a statement of the policy": func(d *desk) { // 1.10, 10.2
		url := d.queue("orders")
		add := func(label string, accounts, actions []string) {
			d.must(d.sqs.AddPermission(d.Context(), backend.AddPermissionInput{QueueUrl: url, Label: label, AWSAccountIds: accounts, Actions: actions}))
		}
		add("one", []string{"111111111111"}, []string{"ReceiveMessage"})
		const arn = "arn:aws:sqs:us-east-1:123456789012:orders"
		first := `{"Sid":"one","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111111111111:root"},"Action":"SQS:ReceiveMessage","Resource":"` + arn + `"}`
		policy := func(statements string) any {
			return parse(d, `{"Version":"2008-10-17","Id":"`+arn+`/SQSDefaultPolicy","Statement":[`+statements+`]}`)
		}
		d.equal("policy", parse(d, d.attributes(url, "Policy")["Policy"]), policy(first))
		add("two", []string{"111111111111", "222222222222"}, []string{"SendMessage", "DeleteMessage"})
		second := `{"Sid":"two","Effect":"Allow","Principal":{"AWS":["arn:aws:iam::111111111111:root","arn:aws:iam::222222222222:root"]},` +
			`"Action":["SQS:SendMessage","SQS:DeleteMessage"],"Resource":"` + arn + `"}`
		d.equal("policy", parse(d, d.attributes(url, "Policy")["Policy"]), policy(first+","+second))
		for _, label := range []string{"one", "two"} {
			d.must(d.sqs.RemovePermission(d.Context(), backend.RemovePermissionInput{QueueUrl: url, Label: label}))
		}
		d.equal("policy after the last", d.attributes(url, "Policy"), map[string]string(nil))
	},
}
