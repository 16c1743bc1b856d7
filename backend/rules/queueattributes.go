package rules

import (
	"strconv"
	"strings"

	"sqscope/backend"
)

// Words of the two attributes of a FIFO queue that have words (docs/SQS.md 2.6).
const (
	scopeQueue           = "queue"
	scopeMessageGroup    = "messageGroup"
	limitPerQueue        = "perQueue"
	limitPerMessageGroup = "perMessageGroupId"
)

// AttributeName checks a name that GetQueueAttributes asks for: one of the
// table in 2.1, or All (1.6).
func AttributeName(name string) error {
	if name == backend.AttrAll || isAttribute(name) {
		return nil
	}
	return unknownAttribute(name)
}

// AttributeRange is the range and the default of a queue attribute that is a
// whole number, in seconds or bytes (2.1). Other attributes are not ok.
func AttributeRange(name string) (lo, hi, def int, ok bool) {
	switch name {
	case backend.AttrDelaySeconds:
		return 0, MaxDelay, DefaultDelay, true
	case backend.AttrMaximumMessageSize:
		return MinMessageSize, MaxMessageSize, MaxMessageSize, true
	case backend.AttrMessageRetentionPeriod:
		return MinRetention, MaxRetention, DefaultRetention, true
	case backend.AttrReceiveMessageWaitTimeSeconds:
		return 0, MaxWait, DefaultWait, true
	case backend.AttrVisibilityTimeout:
		return 0, MaxVisibility, DefaultVisibility, true
	case backend.AttrKmsDataKeyReusePeriodSeconds:
		return MinKmsReuse, MaxKmsReuse, DefaultKmsReuse, true
	}
	return 0, 0, 0, false
}

// integer is where an attribute with a range is kept.
func (s *Settings) integer(name string) *int {
	switch name {
	case backend.AttrDelaySeconds:
		return &s.DelaySeconds
	case backend.AttrMaximumMessageSize:
		return &s.MaximumMessageSize
	case backend.AttrMessageRetentionPeriod:
		return &s.MessageRetentionPeriod
	case backend.AttrReceiveMessageWaitTimeSeconds:
		return &s.ReceiveMessageWaitTimeSeconds
	case backend.AttrVisibilityTimeout:
		return &s.VisibilityTimeout
	case backend.AttrKmsDataKeyReusePeriodSeconds:
		return &s.KmsDataKeyReusePeriodSeconds
	}
	panic("rules: no integer attribute " + strconv.Quote(name))
}

func isAttribute(name string) bool {
	if _, _, _, ok := AttributeRange(name); ok || isReadOnly(name) || isFIFOOnly(name) {
		return true
	}
	switch name {
	case backend.AttrPolicy, backend.AttrRedrivePolicy, backend.AttrRedriveAllowPolicy,
		backend.AttrKmsMasterKeyId, backend.AttrSqsManagedSseEnabled:
		return true
	}
	return false
}

func isReadOnly(name string) bool {
	switch name {
	case backend.AttrMessages, backend.AttrMessagesNotVisible, backend.AttrMessagesDelayed,
		backend.AttrCreatedTimestamp, backend.AttrLastModifiedTimestamp, backend.AttrQueueArn:
		return true
	}
	return false
}

func isFIFOOnly(name string) bool {
	switch name {
	case backend.AttrFifoQueue, backend.AttrContentBasedDeduplication, backend.AttrDeduplicationScope,
		backend.AttrFifoThroughputLimit:
		return true
	}
	return false
}

func unknownAttribute(name string) *backend.Error {
	return backend.ErrorOf(backend.ErrInvalidAttributeName, "Unknown Attribute %s.", name)
}

func badValue(name string) *backend.Error {
	return backend.ErrorOf(backend.ErrInvalidAttributeValue, "Invalid value for the parameter %s.", name)
}

// parseInt reads a whole number in decimal digits and nothing else: no sign, no
// blank, no fraction (1.7).
func parseInt(s string) (int, bool) {
	if !isDigits(s) {
		return 0, false
	}
	n, err := strconv.Atoi(s)
	return n, err == nil
}

// parseBool reads true or false in any case (1.1).
func parseBool(s string) (value, ok bool) {
	switch {
	case strings.EqualFold(s, "true"):
		return true, true
	case strings.EqualFold(s, "false"):
		return false, true
	}
	return false, false
}
