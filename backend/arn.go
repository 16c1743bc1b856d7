package backend

import (
	"net/url"
	"strings"
)

// ARN is the name of a queue across accounts and regions, its identity
// everywhere in sqscope (docs/SQS.md 1.0).
type ARN struct {
	Partition string // aws, aws-cn, aws-us-gov
	Region    string
	Account   string
	Name      string
}

// String is the usual form, arn:aws:sqs:us-east-1:123456789012:orders.
func (a ARN) String() string {
	return "arn:" + a.Partition + ":sqs:" + a.Region + ":" + a.Account + ":" + a.Name
}

// FIFO tells whether the name is that of a FIFO queue.
func (a ARN) FIFO() bool { return strings.HasSuffix(a.Name, ".fifo") }

// ParseARN reads the ARN of a queue. It is no check that the queue exists or
// that its name is well formed, only that nothing is missing.
func ParseARN(s string) (ARN, bool) {
	p := strings.SplitN(s, ":", 6)
	if len(p) != 6 || p[0] != "arn" || p[2] != "sqs" {
		return ARN{}, false
	}
	a := ARN{Partition: p[1], Region: p[3], Account: p[4], Name: p[5]}
	return a, a.Partition != "" && a.Region != "" && a.Account != "" && a.Name != ""
}

// PartitionOf is the partition that a region lies in.
func PartitionOf(region string) string {
	switch {
	case strings.HasPrefix(region, "cn-"):
		return "aws-cn"
	case strings.HasPrefix(region, "us-gov-"):
		return "aws-us-gov"
	}
	return "aws"
}

// QueueNamed is the name of a queue that is called by its URL, ARN or name (1.0).
func QueueNamed(said string) string {
	if arn, ok := ParseARN(said); ok {
		return arn.Name
	}
	if _, name := URLParts(said); name != "" {
		return name
	}
	return said
}

// URLParts are the account and the name in a queue URL: its last two path
// segments, whatever the host (1.0). A bare name has no account. Name is empty
// where there is none.
func URLParts(queueURL string) (account, name string) {
	path := queueURL
	if strings.Contains(queueURL, "://") {
		u, err := url.Parse(queueURL)
		if err != nil {
			return "", ""
		}
		path = u.Path
	}
	parts := strings.Split(strings.Trim(path, "/"), "/")
	name = parts[len(parts)-1]
	if len(parts) > 1 {
		account = parts[len(parts)-2]
	}
	return account, name
}

// ARNOf is the ARN of the queue with this URL, in this region, which the URL
// does not always say.
func ARNOf(queueURL, region string) ARN {
	account, name := URLParts(queueURL)
	return ARN{Partition: PartitionOf(region), Region: region, Account: account, Name: name}
}
