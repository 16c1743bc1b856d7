package endpoint

import "sqscope/backend"

// The decoders and encoders of the queue actions in AWS JSON 1.0
// (docs/SQS.md 1, 11.2). The names of members are the model's, including the two
// in lower case: tags in CreateQueue and queueUrls in the answer of
// ListDeadLetterSourceQueues.

func readCreateQueue(r *jsonReader) (in backend.CreateQueueInput) {
	var named bool
	if r.object() {
		for r.member() {
			switch string(r.name) {
			case "QueueName":
				name := r.optText()
				in.QueueName, named = name.Value, name.Set
			case "Attributes":
				in.Attributes = readQueueAttributes(r)
			case "tags":
				in.Tags = readTextMap(r)
			default:
				r.skip()
			}
		}
	}
	if !named {
		r.refuse(noQueueName())
	}
	return in
}

func noQueueName() *backend.Error {
	return backend.ErrorOf(backend.ErrInvalidParameterValue,
		"Value for parameter QueueName is invalid. Reason: Must specify a queue name.")
}

func writeCreateQueue(w *jsonWriter, out backend.CreateQueueOutput) { w.text("QueueUrl", out.QueueUrl) }

func readDeleteQueue(r *jsonReader) backend.DeleteQueueInput {
	return backend.DeleteQueueInput{QueueUrl: readQueueURL(r)}
}

func readPurgeQueue(r *jsonReader) backend.PurgeQueueInput {
	return backend.PurgeQueueInput{QueueUrl: readQueueURL(r)}
}

func readListTags(r *jsonReader) backend.ListQueueTagsInput {
	return backend.ListQueueTagsInput{QueueUrl: readQueueURL(r)}
}

// readQueueURL reads a request that has nothing else.
func readQueueURL(r *jsonReader) (url string) {
	if r.object() {
		for r.member() {
			switch string(r.name) {
			case "QueueUrl":
				url = r.queueURL()
			default:
				r.skip()
			}
		}
	}
	return url
}

func writeListTags(w *jsonWriter, out backend.ListQueueTagsOutput) { w.textMap("Tags", out.Tags) }

func readGetQueueURL(r *jsonReader) (in backend.GetQueueUrlInput) {
	if r.object() {
		for r.member() {
			switch string(r.name) {
			case "QueueName":
				in.QueueName = r.text()
			case "QueueOwnerAWSAccountId":
				in.QueueOwnerAWSAccountId = r.text()
			default:
				r.skip()
			}
		}
	}
	return in
}

func writeGetQueueURL(w *jsonWriter, out backend.GetQueueUrlOutput) { w.text("QueueUrl", out.QueueUrl) }

func readListQueues(r *jsonReader) (in backend.ListQueuesInput) {
	if r.object() {
		for r.member() {
			switch string(r.name) {
			case "QueueNamePrefix":
				in.QueueNamePrefix = r.text()
			case "NextToken":
				in.NextToken = r.text()
			case "MaxResults":
				in.MaxResults = r.optInt()
			default:
				r.skip()
			}
		}
	}
	return in
}

func writeListQueues(w *jsonWriter, out backend.ListQueuesOutput) {
	if w.rendering {
		w.texts("queueUrls", out.QueueUrls)
	} else {
		w.texts("QueueUrls", out.QueueUrls)
	}
	w.text("NextToken", out.NextToken)
}

func readListSources(r *jsonReader) (in backend.ListDeadLetterSourceQueuesInput) {
	if r.object() {
		for r.member() {
			switch string(r.name) {
			case "QueueUrl":
				in.QueueUrl = r.queueURL()
			case "NextToken":
				in.NextToken = r.text()
			case "MaxResults":
				in.MaxResults = r.optInt()
			default:
				r.skip()
			}
		}
	}
	return in
}

func writeListSources(w *jsonWriter, out backend.ListQueuesOutput) {
	w.texts("queueUrls", out.QueueUrls)
	w.text("NextToken", out.NextToken)
}

func readGetAttributes(r *jsonReader) (in backend.GetQueueAttributesInput) {
	if r.object() {
		for r.member() {
			switch string(r.name) {
			case "QueueUrl":
				in.QueueUrl = r.queueURL()
			case "AttributeNames":
				in.AttributeNames = readTexts(r)
			default:
				r.skip()
			}
		}
	}
	return in
}

func writeGetAttributes(w *jsonWriter, out backend.GetQueueAttributesOutput) {
	w.textMap("Attributes", out.Attributes)
}

func readSetAttributes(r *jsonReader) (in backend.SetQueueAttributesInput) {
	if r.object() {
		for r.member() {
			switch string(r.name) {
			case "QueueUrl":
				in.QueueUrl = r.queueURL()
			case "Attributes":
				in.Attributes = readQueueAttributes(r)
			default:
				r.skip()
			}
		}
	}
	return in
}

func readTagQueue(r *jsonReader) (in backend.TagQueueInput) {
	if r.object() {
		for r.member() {
			switch string(r.name) {
			case "QueueUrl":
				in.QueueUrl = r.queueURL()
			case "Tags":
				in.Tags = readTextMap(r)
			default:
				r.skip()
			}
		}
	}
	return in
}

func readUntagQueue(r *jsonReader) (in backend.UntagQueueInput) {
	if r.object() {
		for r.member() {
			switch string(r.name) {
			case "QueueUrl":
				in.QueueUrl = r.queueURL()
			case "TagKeys":
				in.TagKeys = readTexts(r)
			default:
				r.skip()
			}
		}
	}
	return in
}

func readAddPermission(r *jsonReader) (in backend.AddPermissionInput) {
	if r.object() {
		for r.member() {
			switch string(r.name) {
			case "QueueUrl":
				in.QueueUrl = r.queueURL()
			case "Label":
				in.Label = r.text()
			case "AWSAccountIds":
				in.AWSAccountIds = readTexts(r)
			case "Actions":
				in.Actions = readTexts(r)
			default:
				r.skip()
			}
		}
	}
	return in
}

func readRemovePermission(r *jsonReader) (in backend.RemovePermissionInput) {
	if r.object() {
		for r.member() {
			switch string(r.name) {
			case "QueueUrl":
				in.QueueUrl = r.queueURL()
			case "Label":
				in.Label = r.text()
			default:
				r.skip()
			}
		}
	}
	return in
}

// readTexts reads a list of strings. Null in it is no element. An empty list is
// not nil, a missing one is.
func readTexts(r *jsonReader) []string {
	if !r.array() {
		return nil
	}
	list := []string{}
	for r.element() {
		if s := r.optText(); s.Set {
			list = append(list, s.Value)
		}
	}
	return list
}

func readTextMap(r *jsonReader) map[string]string {
	return readMap(r, (*jsonReader).optText)
}

// readQueueAttributes reads the values of queue attributes, which are strings
// but may come as numbers (1.7).
func readQueueAttributes(r *jsonReader) map[string]string {
	return readMap(r, (*jsonReader).optTextOrNumber)
}

// readMap reads a map. A name with null is not in it.
func readMap[V any](r *jsonReader, value func(*jsonReader) backend.Opt[V]) map[string]V {
	if !r.object() {
		return nil
	}
	m := map[string]V{}
	for r.member() {
		name := string(r.name)
		if v := value(r); v.Set {
			m[name] = v.Value
		} else {
			delete(m, name)
		}
	}
	return m
}
