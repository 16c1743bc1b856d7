package backendtest

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"sqscope/backend"
)

// Sections 3.2, 3.4, 4, 5.1: what a message carries arrives as it was sent.
var dataTests = section{
	"bodies and their digests": func(d *desk) { // 4.1, 4.3
		url := d.queue("orders")
		for _, v := range readVectors(d.T).MD5Bodies {
			body := v.Body + strings.Repeat(v.Repeat.Unit, v.Repeat.Count)
			d.equal("MD5OfMessageBody", d.send(url, body).MD5OfMessageBody, v.MD5)
			m := d.one(url)
			if m.Body != body {
				d.Errorf("body %.80q came back as %.80q", body, m.Body)
			}
			d.equal("MD5OfBody", m.MD5OfBody, v.MD5)
		}
	},
	"allowed characters arrive, others are refused": func(d *desk) { // 1.11, 3.2
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
	"T12 attributes of every type arrive and have their digest": func(d *desk) { // 4.2, 4.3
		url := d.queue("orders")
		for _, v := range readVectors(d.T).MD5Attributes {
			sent := messageAttributes(v.Attributes)
			d.equal(v.Name, d.send(url, "x", with(sent)).MD5OfMessageAttributes, v.MD5)
			m := d.one(url)
			d.equal(v.Name, m.MessageAttributes, sent)
			d.equal(v.Name, m.MD5OfMessageAttributes, v.MD5)
		}
	},
	"no attributes, no digest": func(d *desk) { // 4.2, 1.11
		url := d.queue("orders")
		out := d.send(url, "x")
		d.equal("digests", [2]string{out.MD5OfMessageAttributes, out.MD5OfMessageSystemAttributes}, [2]string{})
		m := d.one(url)
		if m.MessageAttributes != nil || m.MD5OfMessageAttributes != "" {
			d.Errorf("%+v", m)
		}
	},
	"the digest is of the attributes that were asked for": func(d *desk) { // 5.1, 4.2, 14.4
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
	"names and types of attributes": func(d *desk) { // 3.4
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
		for name := range v.AttributeNames.Boundary { // as recorded, not as documented
			d.must(send(strings.Replace(name, "a*256", strings.Repeat("a", 256), 1), "String"))
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
	"the trace header travels as a system attribute": func(d *desk) { // 4.2, 4.3, 5.1
		url := d.queue("orders")
		for _, v := range readVectors(d.T).MD5SystemAttributes {
			sent := messageAttributes(v.Attributes)
			header := sent["AWSTraceHeader"].StringValue.Value
			out := d.send(url, "x", traced(header))
			d.equal(v.Name, [2]string{out.MD5OfMessageSystemAttributes, out.MD5OfMessageAttributes}, [2]string{v.MD5, ""})
			d.equal(v.Name, d.one(url).Attributes["AWSTraceHeader"], header)
			user := readVectors(d.T).MD5Attributes[0]
			out = d.send(url, "x", traced(header), with(messageAttributes(user.Attributes)))
			d.equal(v.Name, [2]string{out.MD5OfMessageSystemAttributes, out.MD5OfMessageAttributes}, [2]string{v.MD5, user.MD5})
			d.equal(v.Name, d.one(url).MD5OfMessageAttributes, user.MD5)
		}
	},
	"system attributes that were asked for": func(d *desk) { // 5.1
		v := readVectors(d.T).AllSystem
		standard, fifo := d.queue("orders"), d.queue("orders.fifo", "ContentBasedDeduplication", "true")
		names := func(url string, how receiving, sent ...sending) []string {
			d.send(url, "x", sent...)
			return slices.Sorted(maps.Keys(d.one(url, how, hidden(0)).Attributes))
		}
		d.equal("All, standard", names(standard, system("All")), v.Standard)
		d.must(d.sqs.DeleteQueue(d.Context(), backend.DeleteQueueInput{QueueUrl: standard}))
		other := d.queue("others")
		d.equal("All, standard with a group", names(other, system("All"), group("g")), slices.Sorted(slices.Values(slices.Concat(v.Standard, v.WithGroup))))
		d.equal("All, FIFO", names(fifo, system("All"), group("g")), v.Fifo)
		fifo = d.queue("more.fifo", "ContentBasedDeduplication", "true")
		d.equal("by name", names(fifo, system("SenderId", "Nope", "SequenceNumber"), group("g")), []string{"SenderId", "SequenceNumber"})
		fifo = d.queue("last.fifo", "ContentBasedDeduplication", "true")
		d.equal("none", names(fifo, system(), group("g")), []string(nil))
	},
	"recorded sizes": func(d *desk) { // 3.2, 1.11, 1.12
		for i, c := range readVectors(d.T).Sizes {
			if err := d.sendSize(fmt.Sprint("size-", i), c); (err == nil) != c.OK {
				d.Errorf("size case %d: %v, want ok %v", i, err, c.OK)
			}
		}
	},
	"size counts names, types and raw values": func(d *desk) { // 3.2, 1.11
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
		raw := map[string]backend.MessageAttribute{"b": {DataType: "Binary", BinaryValue: make([]byte, 1016)}}
		d.send(small, "x", with(raw), traced("Root=1-5759e988-bd862e3fe1be46a994272793")) // system attributes are free
		_, err = d.sqs.SendMessage(d.Context(), backend.SendMessageInput{QueueUrl: small, MessageBody: "xy", MessageAttributes: raw})
		d.fails(err, backend.ErrInvalidParameterValue, "One or more parameters are invalid. Reason: Message must be shorter than 1024 bytes.")
	},
}

// sendSize sends what a case describes, to a queue of its own.
func (d *desk) sendSize(queue string, c sizeVector) error {
	d.Helper()
	in := backend.SendMessageBatchInput{QueueUrl: d.queue(queue)}
	switch {
	case c.BatchTotal > 0:
		half := c.BatchTotal / 2
		in.Entries = []backend.SendMessageBatchEntry{entry("1", strings.Repeat("a", half)), entry("2", strings.Repeat("a", c.BatchTotal-half))}
	case c.Note != "":
		d.set(in.QueueUrl, "MaximumMessageSize", "2048")
		in.Entries = []backend.SendMessageBatchEntry{entry("1", strings.Repeat("a", 2048)), entry("2", "a")}
	default:
		d.set(in.QueueUrl, "MaximumMessageSize", strconv.Itoa(c.QueueMax))
		_, err := d.sqs.SendMessage(d.Context(), backend.SendMessageInput{
			QueueUrl: in.QueueUrl, MessageBody: strings.Repeat("a", c.BodyBytes), MessageAttributes: messageAttributes(c.Attributes),
		})
		return err
	}
	out, err := d.sqs.SendMessageBatch(d.Context(), in)
	if err == nil {
		d.equal("failed", out.Failed, []backend.BatchError(nil))
	}
	return err
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
