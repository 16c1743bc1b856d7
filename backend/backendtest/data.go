package backendtest

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"sqscope/backend"
)

// Sections 3.2, 3.4, 4, 5.1: what a message carries arrives as it was sent.
var dataTests = section{
	"bodies and their digests": func(d *desk) {
		url := d.queue("orders")
		for _, v := range readVectors(d.T).MD5Bodies {
			if v.Body == "" {
				continue // has a digest, but cannot be sent
			}
			d.equal("MD5OfMessageBody", d.send(url, v.Body).MD5OfMessageBody, v.MD5)
			m := d.one(url)
			d.equal("body", m.Body, v.Body)
			d.equal("MD5OfBody", m.MD5OfBody, v.MD5)
		}
	},
	"allowed characters arrive, others are refused": func(d *desk) {
		url := d.queue("orders")
		v := readVectors(d.T).BodyCharacters
		for _, code := range v.Allowed {
			body := " " + character(d, code) + " "
			d.send(url, body)
			d.equal(code, d.one(url).Body, body)
		}
		for _, code := range v.Rejected {
			hex := strings.TrimLeft(strings.TrimPrefix(code, "U+"), "0")
			if hex == "" {
				hex = "0"
			}
			_, err := d.sqs.SendMessage(d.Context(), backend.SendMessageInput{QueueUrl: url, MessageBody: "ok" + character(d, code)})
			d.fails(err, backend.ErrInvalidMessageContents, "Invalid binary character '#x"+hex+"' was found in the message body, "+
				"the set of allowed characters is #x9 | #xA | #xD | [#x20-#xD7FF] | [#xE000-#xFFFD] | [#x10000-#x10FFFF].")
		}
	},
	"T12 attributes of every type arrive and have their digest": func(d *desk) {
		url := d.queue("orders")
		for _, v := range readVectors(d.T).MD5Attributes {
			sent := messageAttributes(v.Attributes)
			d.equal(v.Name, d.send(url, "x", with(sent)).MD5OfMessageAttributes, v.MD5)
			m := d.one(url)
			d.equal(v.Name, m.MessageAttributes, sent)
			d.equal(v.Name, m.MD5OfMessageAttributes, v.MD5)
		}
	},
	"no attributes, no digest": func(d *desk) {
		url := d.queue("orders")
		out := d.send(url, "x")
		d.equal("digests", [2]string{out.MD5OfMessageAttributes, out.MD5OfMessageSystemAttributes}, [2]string{})
		m := d.one(url)
		if m.MessageAttributes != nil || m.MD5OfMessageAttributes != "" {
			d.Errorf("%+v", m)
		}
	},
	"the digest is of the attributes that were asked for": func(d *desk) {
		v := readVectors(d.T)
		all := map[string]backend.MessageAttribute{}
		digests := map[string]string{}
		for _, a := range v.MD5Attributes {
			if strings.HasPrefix(a.Name, "General+") || a.Name == "Hello only" || a.Name == "Hello+Help.Me" {
				maps.Copy(all, messageAttributes(a.Attributes))
				digests[strings.Join(slices.Sorted(maps.Keys(a.Attributes)), " ")] = a.MD5
			}
		}
		d.equal("vector", slices.Sorted(maps.Keys(all)), v.Filters.Message)
		url := d.queue("orders")
		for _, c := range v.Filters.Cases {
			d.send(url, "x", with(all))
			m := d.one(url, filter(c.Filter...))
			d.equal(strings.Join(c.Filter, " "), slices.Sorted(maps.Keys(m.MessageAttributes)), nilIfEmpty(c.Returned))
			d.equal(strings.Join(c.Filter, " "), m.MD5OfMessageAttributes, digests[strings.Join(c.Returned, " ")])
		}
	},
	"names and types of attributes": func(d *desk) {
		v := readVectors(d.T)
		url := d.queue("orders")
		send := func(name, kind string) error {
			a := backend.MessageAttribute{DataType: kind, StringValue: backend.Some("1")}
			if strings.HasPrefix(kind, "Binary") {
				a = backend.MessageAttribute{DataType: kind, BinaryValue: []byte{1}}
			}
			_, err := d.sqs.SendMessage(d.Context(), backend.SendMessageInput{
				QueueUrl: url, MessageBody: "x", MessageAttributes: map[string]backend.MessageAttribute{name: a},
			})
			return err
		}
		for _, name := range v.AttributeNames.Valid {
			d.must(send(name, "String"))
		}
		for _, kind := range v.AttributeTypes.Valid {
			d.must(send("a", kind))
		}
		for _, name := range v.AttributeNames.Invalid {
			if err := send(name, "String"); backend.CodeOf(err) != "InvalidParameterValue" {
				d.Errorf("name %q: %v", name, err)
			}
		}
		for _, kind := range v.AttributeTypes.Invalid {
			if err := send("a", kind); backend.CodeOf(err) != "InvalidParameterValue" {
				d.Errorf("type %q: %v", kind, err)
			}
		}
	},
	"the trace header travels as a system attribute": func(d *desk) {
		url := d.queue("orders")
		for _, v := range readVectors(d.T).MD5SystemAttributes {
			sent := messageAttributes(v.Attributes)
			out := d.send(url, "x", func(in *backend.SendMessageInput) { in.MessageSystemAttributes = sent })
			d.equal(v.Name, out.MD5OfMessageSystemAttributes, v.MD5)
			d.equal(v.Name, out.MD5OfMessageAttributes, "")
			d.equal(v.Name, d.one(url).Attributes["AWSTraceHeader"], sent["AWSTraceHeader"].StringValue.Value)
		}
	},
	"system attributes that were asked for": func(d *desk) {
		v := readVectors(d.T).AllSystem
		standard, fifo := d.queue("orders"), d.queue("orders.fifo", "ContentBasedDeduplication", "true")
		names := func(url string, how receiving, sent ...sending) []string {
			d.send(url, "x", sent...)
			return slices.Sorted(maps.Keys(d.one(url, how, hidden(0)).Attributes))
		}
		d.equal("All, standard", names(standard, system("All")), v.Standard)
		d.must(d.sqs.DeleteQueue(d.Context(), backend.DeleteQueueInput{QueueUrl: standard}))
		other := d.queue("others")
		d.equal("All, standard with a group", names(other, system("All"), group("g")), slices.Sorted(slices.Values(append(v.Standard, "MessageGroupId"))))
		d.equal("All, FIFO", names(fifo, system("All"), group("g")), v.Fifo)
		fifo = d.queue("more.fifo", "ContentBasedDeduplication", "true")
		d.equal("by name", names(fifo, system("SenderId", "Nope", "SequenceNumber"), group("g")), []string{"SenderId", "SequenceNumber"})
		fifo = d.queue("last.fifo", "ContentBasedDeduplication", "true")
		d.equal("none", names(fifo, system(), group("g")), []string(nil))
	},
	"size counts names, types and raw values": func(d *desk) {
		url := d.queue("orders")
		k := map[string]backend.MessageAttribute{"k": {DataType: "String", StringValue: backend.Some("x")}}
		d.send(url, strings.Repeat("a", 1<<20-8), with(k))
		_, err := d.sqs.SendMessage(d.Context(), backend.SendMessageInput{QueueUrl: url, MessageBody: strings.Repeat("a", 1<<20-7), MessageAttributes: k})
		d.fails(err, backend.ErrInvalidParameterValue, "One or more parameters are invalid. Reason: Message must be shorter than 1048576 bytes.")
		d.equal("body", len(d.one(url).Body), 1<<20-8)
		small := d.queue("small", "MaximumMessageSize", "1024")
		d.send(small, strings.Repeat("é", 512))
		_, err = d.sqs.SendMessage(d.Context(), backend.SendMessageInput{QueueUrl: small, MessageBody: strings.Repeat("é", 512) + "a"})
		d.fails(err, backend.ErrInvalidParameterValue, "One or more parameters are invalid. Reason: Message must be shorter than 1024 bytes.")
	},
}

func nilIfEmpty(list []string) []string {
	if len(list) == 0 {
		return nil
	}
	return list
}

func character(d *desk, code string) string {
	n, err := strconv.ParseInt(strings.TrimPrefix(code, "U+"), 16, 32)
	d.must(err)
	return string(rune(n))
}
