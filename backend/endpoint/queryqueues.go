package endpoint

import "sqscope/backend"

// The decoders and encoders of the queue actions in the Query protocol
// (docs/SQS.md 1, 11.4).

func formCreateQueue(p part) backend.CreateQueueInput {
	name := p.optText("QueueName")
	if !name.Set {
		p.form.refuse(noQueueName())
	}
	return backend.CreateQueueInput{
		QueueName:  name.Value,
		Attributes: p.pairs("Attribute", "Name", "Value"),
		Tags:       p.pairs("Tag", "Key", "Value"),
	}
}

func xmlCreateQueue(w *xmlWriter, out backend.CreateQueueOutput) { w.text("QueueUrl", out.QueueUrl) }

func formDeleteQueue(p part) backend.DeleteQueueInput {
	return backend.DeleteQueueInput{QueueUrl: p.queueURL()}
}

func formPurgeQueue(p part) backend.PurgeQueueInput {
	return backend.PurgeQueueInput{QueueUrl: p.queueURL()}
}

func formListTags(p part) backend.ListQueueTagsInput {
	return backend.ListQueueTagsInput{QueueUrl: p.queueURL()}
}

func xmlListTags(w *xmlWriter, out backend.ListQueueTagsOutput) {
	w.pairs("Tag", "Key", "Value", out.Tags)
}

func formGetQueueURL(p part) backend.GetQueueUrlInput {
	return backend.GetQueueUrlInput{
		QueueName: p.text("QueueName"), QueueOwnerAWSAccountId: p.text("QueueOwnerAWSAccountId"),
	}
}

func xmlGetQueueURL(w *xmlWriter, out backend.GetQueueUrlOutput) { w.text("QueueUrl", out.QueueUrl) }

func formListQueues(p part) backend.ListQueuesInput {
	return backend.ListQueuesInput{
		QueueNamePrefix: p.text("QueueNamePrefix"), NextToken: p.text("NextToken"), MaxResults: p.integer("MaxResults"),
	}
}

func formListSources(p part) backend.ListDeadLetterSourceQueuesInput {
	return backend.ListDeadLetterSourceQueuesInput{
		QueueUrl: p.queueURL(), NextToken: p.text("NextToken"), MaxResults: p.integer("MaxResults"),
	}
}

func xmlListQueues(w *xmlWriter, out backend.ListQueuesOutput) {
	for _, u := range out.QueueUrls {
		w.text("QueueUrl", u)
	}
	w.text("NextToken", out.NextToken)
}

func formGetAttributes(p part) backend.GetQueueAttributesInput {
	return backend.GetQueueAttributesInput{QueueUrl: p.queueURL(), AttributeNames: p.texts("AttributeName")}
}

func xmlGetAttributes(w *xmlWriter, out backend.GetQueueAttributesOutput) {
	w.pairs("Attribute", "Name", "Value", out.Attributes)
}

func formSetAttributes(p part) backend.SetQueueAttributesInput {
	return backend.SetQueueAttributesInput{QueueUrl: p.queueURL(), Attributes: p.pairs("Attribute", "Name", "Value")}
}

func formTagQueue(p part) backend.TagQueueInput {
	return backend.TagQueueInput{QueueUrl: p.queueURL(), Tags: p.pairs("Tag", "Key", "Value")}
}

func formUntagQueue(p part) backend.UntagQueueInput {
	return backend.UntagQueueInput{QueueUrl: p.queueURL(), TagKeys: p.texts("TagKey")}
}

func formAddPermission(p part) backend.AddPermissionInput {
	return backend.AddPermissionInput{
		QueueUrl: p.queueURL(), Label: p.text("Label"),
		AWSAccountIds: p.texts("AWSAccountId"), Actions: p.texts("ActionName"),
	}
}

func formRemovePermission(p part) backend.RemovePermissionInput {
	return backend.RemovePermissionInput{QueueUrl: p.queueURL(), Label: p.text("Label")}
}
