package policy

import (
	"strings"

	"sqscope/backend"
)

// Templates are the usual statements (docs/SQS.md 10.3).
func Templates() []Template {
	return []Template{snsTopic(), s3Bucket(), eventBridgeRule(), tlsOnly(), vpcEndpoint(), otherAccount()}
}

func snsTopic() Template {
	return Template{
		Name: "sns-topic", Title: "An SNS topic may send",
		Parameters: []Parameter{{
			Name: "topic", Label: "the ARN of the topic", Example: "arn:aws:sns:us-east-1:111111111111:orders", check: wantTopic,
		}},
		fill: func(_ backend.ARN, v map[string]string) Statement {
			topic, _ := splitARN(v["topic"])
			return Statement{
				Sid: label("sns", topic.resource), Effect: Allow,
				Principal: principal(Service, "sns.amazonaws.com"), Action: one("sqs:SendMessage"),
				Conditions: []Condition{{"ArnEquals", "aws:SourceArn", []string{v["topic"]}}},
			}
		},
	}
}

// wantTopic checks a topic. A standard topic cannot send to a FIFO queue (10.8).
func wantTopic(queue backend.ARN, value string) *backend.Error {
	topic, e := wantARN(queue, value, "sns", "")
	switch {
	case e != nil:
		return e
	case strings.Contains(topic.resource, ":"):
		return invalid("", "leave out what is behind the topic's name", "is the ARN of a subscription: %s", value)
	case queue.FIFO() && !strings.HasSuffix(topic.resource, ".fifo"):
		return invalid("", "use a FIFO topic", "is a standard topic, which cannot send to a FIFO queue")
	}
	return nil
}

func s3Bucket() Template {
	return Template{
		Name: "s3-bucket", Title: "An S3 bucket may send notifications",
		Parameters: []Parameter{
			{Name: "bucket", Label: "the name of the bucket", Example: "uploads", check: wantBucket},
			{Name: "account", Label: "the account that owns the bucket", Example: "111111111111", check: wantAccount},
		},
		fill: func(queue backend.ARN, v map[string]string) Statement {
			return Statement{
				Sid: label("s3", v["bucket"]), Effect: Allow,
				Principal: principal(Service, "s3.amazonaws.com"), Action: one("sqs:SendMessage"),
				Conditions: []Condition{
					{"ArnLike", "aws:SourceArn", []string{"arn:" + queue.Partition + ":s3:*:*:" + v["bucket"]}},
					{"StringEquals", "aws:SourceAccount", []string{v["account"]}},
				},
			}
		},
	}
}

// wantBucket checks the name of a bucket by S3's alphabet. S3 sends to standard
// queues only (10.9).
func wantBucket(queue backend.ARN, value string) *backend.Error {
	if queue.FIFO() {
		return invalid("", "let S3 notify EventBridge, and use a rule", "cannot send to a FIFO queue")
	}
	if len(value) < 3 || len(value) > 63 || strings.Trim(value, "abcdefghijklmnopqrstuvwxyz0123456789.-") != "" {
		return invalid("", "", "is no name of a bucket: %s", value)
	}
	return nil
}

func eventBridgeRule() Template {
	return Template{
		Name: "eventbridge-rule", Title: "An EventBridge rule may send",
		Parameters: []Parameter{{
			Name: "rule", Label: "the ARN of the rule", Example: "arn:aws:events:us-east-1:111111111111:rule/nightly",
			check: func(queue backend.ARN, value string) *backend.Error {
				_, e := wantARN(queue, value, "events", "rule/")
				return e
			},
		}},
		fill: func(_ backend.ARN, v map[string]string) Statement {
			return Statement{
				Sid: label("eventbridge", lastPart(v["rule"])), Effect: Allow,
				Principal: principal(Service, "events.amazonaws.com"), Action: one("sqs:SendMessage"),
				Conditions: []Condition{{"ArnEquals", "aws:SourceArn", []string{v["rule"]}}},
			}
		},
	}
}

func tlsOnly() Template {
	return Template{
		Name: "tls-only", Title: "Nobody without TLS",
		fill: func(backend.ARN, map[string]string) Statement {
			return Statement{
				Sid: "tls-only", Effect: Deny, Principal: principal(Everyone, "*"), Action: one("sqs:*"),
				Conditions: []Condition{{"Bool", "aws:SecureTransport", []string{"false"}}},
			}
		},
	}
}

func vpcEndpoint() Template {
	return Template{
		Name: "vpc-endpoint", Title: "Messages only through a VPC endpoint",
		Caution: "Keeps everybody from the messages who does not come through the endpoint: people at their consoles, " +
			"you too, and services such as SNS, S3, EventBridge and Lambda.",
		Parameters: []Parameter{{
			Name: "endpoint", Label: "the id of the endpoint", Example: "vpce-1a2b3c4d",
			check: func(_ backend.ARN, value string) *backend.Error {
				id, ok := strings.CutPrefix(value, "vpce-")
				if !ok || id == "" || strings.Trim(id, "0123456789abcdef") != "" {
					return invalid("", "", "is no id of a VPC endpoint: %s", value)
				}
				return nil
			},
		}},
		fill: func(_ backend.ARN, v map[string]string) Statement {
			return Statement{
				Sid: label(v["endpoint"], "only"), Effect: Deny, Principal: principal(Everyone, "*"),
				// Not sqs:*, or nobody outside could ever take this back.
				Action: Element[string]{Values: []string{
					"sqs:SendMessage", "sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:ChangeMessageVisibility", "sqs:PurgeQueue",
				}},
				// Move tasks work by calls that SQS makes for whoever started them (7.5).
				Conditions: []Condition{
					{"StringNotEquals", "aws:sourceVpce", []string{v["endpoint"]}},
					{"BoolIfExists", "aws:ViaAWSService", []string{"false"}},
				},
			}
		},
	}
}

func otherAccount() Template {
	return Template{
		Name: "account", Title: "Another account may do something",
		Parameters: []Parameter{
			{Name: "account", Label: "the number of the account", Example: "111111111111", check: wantAccount},
			{
				Name: "actions", Label: "the actions", Example: "SendMessage, GetQueueUrl", Default: "SendMessage",
				check: wantActions,
			},
		},
		fill: func(queue backend.ARN, v map[string]string) Statement {
			actions := splitActions(v["actions"])
			for i, a := range actions {
				actions[i] = "sqs:" + a
			}
			return Statement{
				Sid: label("account", v["account"]), Effect: Allow,
				Principal: principal(AWS, "arn:"+queue.Partition+":iam::"+v["account"]+":root"),
				Action:    Element[string]{Values: actions},
			}
		},
	}
}
