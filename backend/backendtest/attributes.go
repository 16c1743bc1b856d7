package backendtest

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"time"

	"sqscope/backend"
)

// Sections 1.6, 1.7, 2.
var attributeTests = section{
	"All of a new queue": func(d *desk) { // 2.2, 0.3
		v := readVectors(d.T).AllAttributes
		kms := d.queue("secrets", "KmsMasterKeyId", v.Kms["KmsMasterKeyId"], "KmsDataKeyReusePeriodSeconds", v.Kms["KmsDataKeyReusePeriodSeconds"])
		for url, want := range map[string]map[string]string{d.queue("orders"): v.Standard, d.queue("orders.fifo"): v.Fifo, kms: v.Kms} {
			got := d.attributes(url)
			d.equal("names", slices.Sorted(maps.Keys(got)), slices.Sorted(maps.Keys(want)))
			for k, value := range want {
				if value[0] != '<' {
					d.equal(k, got[k], value)
				}
			}
			d.equal("created, in seconds", got["CreatedTimestamp"], strconv.FormatInt(time.Now().Unix(), 10))
		}
	},
	"none asked for, none given": func(d *desk) { // 1.6
		url := d.queue("orders")
		for _, names := range [][]string{nil, {}} {
			out, err := d.sqs.GetQueueAttributes(d.Context(), backend.GetQueueAttributesInput{QueueUrl: url, AttributeNames: names})
			d.must(err)
			d.equal("answer", out, backend.GetQueueAttributesOutput{})
		}
	},
	"known names without a value are left out": func(d *desk) { // 1.6
		d.equal("attributes", d.attributes(d.queue("orders"), "Policy", "RedrivePolicy", "FifoQueue"), map[string]string(nil))
	},
	"setting changes the named ones and the time": func(d *desk) { // 1.7, 2.7
		url := d.queue("orders", "DelaySeconds", "7")
		before := d.attributes(url)
		d.later(10)
		d.set(url, "VisibilityTimeout", "0", "MessageRetentionPeriod", "60")
		want := maps.Clone(before)
		want["VisibilityTimeout"], want["MessageRetentionPeriod"] = "0", "60"
		want["LastModifiedTimestamp"] = strconv.FormatInt(time.Now().Unix(), 10)
		d.equal("attributes", d.attributes(url), want)
	},
	"ranges": func(d *desk) { // 2.1, 1.7
		url := d.queue("orders")
		for name, r := range readVectors(d.T).Ranges() {
			for _, v := range []struct {
				value string
				ok    bool
			}{{strconv.Itoa(r.Min), true}, {strconv.Itoa(r.Max), true}, {strconv.Itoa(r.Min - 1), false}, {strconv.Itoa(r.Max + 1), false}, {"", false}, {"1.0", false}, {" 1", false}} {
				err := d.sqs.SetQueueAttributes(d.Context(), backend.SetQueueAttributesInput{QueueUrl: url, Attributes: map[string]string{name: v.value}})
				if v.ok {
					d.must(err)
				} else {
					d.fails(err, backend.ErrInvalidAttributeValue, "Invalid value for the parameter "+name+".")
				}
			}
		}
	},
	"T11 RedrivePolicy is given back as it was set": func(d *desk) { // 2.2, 2.4
		url, arn := d.queue("orders"), d.arn(d.queue("dlq"))
		for _, policy := range []string{
			`{"deadLetterTargetArn":"` + arn + `","maxReceiveCount":5}`,
			`{"maxReceiveCount" : "5", "deadLetterTargetArn":"` + arn + `"}`,
		} {
			d.set(url, "RedrivePolicy", policy)
			d.equal("policy", d.attributes(url, "RedrivePolicy")["RedrivePolicy"], policy)
		}
	},
	"an empty value removes a policy": func(d *desk) { // 2.1, 2.2
		url, arn := d.queue("orders"), d.arn(d.queue("dlq"))
		for name, value := range map[string]string{
			"RedrivePolicy":      redrivePolicy(arn, 1),
			"RedriveAllowPolicy": `{"redrivePermission":"denyAll"}`,
			"Policy":             `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"sqs:SendMessage","Resource":"*"}]}`,
			"KmsMasterKeyId":     "alias/aws/sqs",
		} {
			d.set(url, name, value)
			d.equal(name, d.attributes(url, name), map[string]string{name: value})
			d.set(url, name, "")
			d.equal(name, d.attributes(url, name), map[string]string(nil))
		}
	},
	"one kind of encryption replaces the other": func(d *desk) { // 2.2, 2.3
		url := d.queue("orders")
		encryption := func() map[string]string {
			return d.attributes(url, "KmsMasterKeyId", "KmsDataKeyReusePeriodSeconds", "SqsManagedSseEnabled")
		}
		d.set(url, "KmsMasterKeyId", "testKeyId")
		d.equal("with a key", encryption(), map[string]string{"KmsMasterKeyId": "testKeyId", "KmsDataKeyReusePeriodSeconds": "300", "SqsManagedSseEnabled": "false"})
		d.set(url, "SqsManagedSseEnabled", "true")
		d.equal("with SSE-SQS", encryption(), map[string]string{"SqsManagedSseEnabled": "true"})
		d.set(url, "KmsMasterKeyId", "testKeyId", "KmsDataKeyReusePeriodSeconds", "60")
		d.set(url, "KmsMasterKeyId", "", "KmsDataKeyReusePeriodSeconds", "300")
		d.equal("with nothing", encryption(), map[string]string{"SqsManagedSseEnabled": "false"})
	},
	"FIFO attributes fit together": func(d *desk) { // 2.6, 1.7
		url := d.queue("orders.fifo")
		d.set(url, "DeduplicationScope", "messageGroup")
		d.set(url, "FifoThroughputLimit", "perMessageGroupId", "FifoQueue", "true")
		d.equal("high throughput", d.attributes(url, "DeduplicationScope", "FifoThroughputLimit", "FifoQueue"), map[string]string{
			"DeduplicationScope": "messageGroup", "FifoThroughputLimit": "perMessageGroupId", "FifoQueue": "true",
		})
		err := d.sqs.SetQueueAttributes(d.Context(), backend.SetQueueAttributesInput{QueueUrl: url, Attributes: map[string]string{"DeduplicationScope": "queue"}})
		d.fails(err, backend.ErrInvalidAttributeValue, "The perMessageGroupId value is allowed only when the value for DeduplicationScope is messageGroup")
	},
}

func parse(d *desk, s string) (v any) {
	d.Helper()
	if err := json.Unmarshal([]byte(s), &v); err != nil {
		d.Fatalf("%v: %s", err, s)
	}
	return v
}
