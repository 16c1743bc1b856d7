package awsline

import (
	"net/url"

	"sqscope/backend"
)

// ConsoleURL is the address of a queue in AWS's console on the web. There is none
// for a queue that is not at AWS: of the embedded engine, of an endpoint of one's
// own, or in a partition that we do not know.
func ConsoleURL(p backend.Place, queue backend.ARN) (string, bool) {
	if p.Embedded || p.Endpoint != "" {
		return "", false
	}
	var console, sqs string
	switch queue.Partition {
	case "aws":
		console, sqs = queue.Region+".console.aws.amazon.com", "amazonaws.com"
	case "aws-cn":
		console, sqs = queue.Region+".console.amazonaws.cn", "amazonaws.com.cn"
	case "aws-us-gov":
		console, sqs = queue.Region+".console.amazonaws-us-gov.com", "amazonaws.com"
	default:
		return "", false
	}
	q := "https://sqs." + queue.Region + "." + sqs + "/" + queue.Account + "/" + queue.Name
	return "https://" + console + "/sqs/v3/home?region=" + url.QueryEscape(queue.Region) + "#/queues/" + url.QueryEscape(q), true
}
