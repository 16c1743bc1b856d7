package rules

import (
	"encoding/json"
	"strconv"

	"sqscope/backend"
)

// Target is what is known of a queue that another one names as its dead-letter
// queue.
type Target struct {
	FIFO  bool
	Allow string // its RedriveAllowPolicy as set, "" if there is none
}

// Lookup finds a dead-letter target among the queues that exist. Where a nil
// Lookup is passed, every target is taken to exist and to allow the source.
type Lookup func(arn string) (Target, bool)

// RedrivePolicy is where a queue's messages go that were received too often
// (docs/SQS.md 2.4). The zero value is "none".
type RedrivePolicy struct {
	DeadLetterTargetArn string
	MaxReceiveCount     int // 1..1000 where SQS checked it
}

// ParseRedrivePolicy reads the JSON text of a RedrivePolicy as queues have it,
// with the count as a number or as a string, and other keys ignored. "" is the
// zero policy. With an error, which is one of [backend.KindInvalid], comes what
// could be read: a queue names its dead-letter queue even where its count
// cannot be understood.
func ParseRedrivePolicy(s string) (RedrivePolicy, error) {
	if s == "" {
		return RedrivePolicy{}, nil
	}
	m, ok := jsonMap(s)
	if !ok {
		return RedrivePolicy{}, notJSONMap()
	}
	var p RedrivePolicy
	var found bool
	p.DeadLetterTargetArn, found = jsonString(m[keyTarget])
	if !found || p.DeadLetterTargetArn == "" {
		return p, redriveError(s, "Redrive policy does not contain mandatory attribute: deadLetterTargetArn.")
	}
	count, text := receiveCount(m[keyCount])
	if count < MinReceiveCount {
		return p, badCount(s, text)
	}
	p.MaxReceiveCount = count
	return p, nil
}

const (
	keyTarget     = "deadLetterTargetArn"
	keyCount      = "maxReceiveCount"
	keyPermission = "redrivePermission"
	keySources    = "sourceQueueArns"
)

// checkRedrivePolicy checks a RedrivePolicy that is to be set, in the order of
// 2.4. "" takes the policy away.
func checkRedrivePolicy(self backend.ARN, s string, find Lookup) (RedrivePolicy, *backend.Error) {
	if s == "" {
		return RedrivePolicy{}, nil
	}
	m, ok := jsonMap(s)
	if !ok {
		return RedrivePolicy{}, notJSONMap()
	}
	for _, key := range []string{keyCount, keyTarget} {
		if !present(m[key]) {
			return RedrivePolicy{}, redriveError(s, "Redrive policy does not contain mandatory attribute: "+key+".")
		}
	}
	count, text := receiveCount(m[keyCount])
	if count < MinReceiveCount || count > MaxReceiveCount {
		return RedrivePolicy{}, badCount(s, text)
	}
	arn, _ := jsonString(m[keyTarget])
	if reason := badTarget(arn); reason != "" {
		return RedrivePolicy{}, redriveError(s, reason)
	}
	if len(m) > 2 {
		return RedrivePolicy{}, redriveError(s,
			"Only following attributes are supported: [maxReceiveCount, deadLetterTargetArn].")
	}
	if reason := unfitTarget(self, arn, find); reason != "" {
		return RedrivePolicy{}, redriveError(s, reason)
	}
	return RedrivePolicy{DeadLetterTargetArn: arn, MaxReceiveCount: count}, nil
}

// badTarget says what is wrong with the form of the ARN, or "".
func badTarget(arn string) string {
	if !isARN(arn) {
		return "Dead-letter target ARN should be fully qualified ARN."
	}
	if _, ok := backend.ParseARN(arn); !ok {
		return "Only SQS queues are valid resources for deadLetterTargetArn."
	}
	return ""
}

// unfitTarget says why the queue cannot be the dead-letter queue of self, or
// "". A queue of another region or partition is one that does not exist here.
func unfitTarget(self backend.ARN, arn string, find Lookup) string {
	target, _ := backend.ParseARN(arn)
	const gone = "Dead letter target does not exist."
	if target.Account != self.Account {
		return "Dead-letter target owner should be same as the source."
	}
	if target.Region != self.Region || target.Partition != self.Partition {
		return gone
	}
	queue, exists := Target{FIFO: target.FIFO()}, true
	if find != nil {
		queue, exists = find(arn)
	}
	switch {
	case !exists:
		return gone
	case queue.FIFO != self.FIFO():
		return "Dead-letter queue must be same type of queue as the source.."
	case target == self:
		return ownTarget
	case !allows(queue.Allow, self.String()):
		return targetDenies
	}
	return ""
}

// receiveCount reads a maxReceiveCount, a number or a string of digits, and is
// 0 for anything else; the text is for the error.
func receiveCount(raw json.RawMessage) (n int, text string) {
	text = string(raw)
	if s, ok := jsonString(raw); ok {
		text = s
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		return 0, text
	}
	return n, text
}

func badCount(policy, count string) *backend.Error {
	return redriveError(policy,
		"Invalid value for maxReceiveCount: "+count+", valid values are from 1 to 1000 both inclusive.")
}

func redriveError(policy, reason string) *backend.Error {
	return Invalid(policy, backend.AttrRedrivePolicy, reason)
}

func notJSONMap() *backend.Error {
	return backend.ErrorOf(backend.ErrInvalidAttributeValue,
		"Invalid value for the parameter RedrivePolicy. Reason: Redrive policy is not a valid JSON map.")
}

// jsonMap reads a JSON object and leaves its values for later.
func jsonMap(s string) (map[string]json.RawMessage, bool) {
	var m map[string]json.RawMessage
	err := json.Unmarshal([]byte(s), &m)
	return m, err == nil && m != nil
}

// jsonString reads a JSON string; null, and what is absent, is none.
func jsonString(raw json.RawMessage) (string, bool) {
	if len(raw) == 0 || raw[0] != '"' {
		return "", false
	}
	var s string
	err := json.Unmarshal(raw, &s)
	return s, err == nil
}

func present(raw json.RawMessage) bool { return len(raw) > 0 && string(raw) != "null" }
