package rules

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"sqscope/backend"
)

// Settings are the attributes of a queue that can be set (docs/SQS.md 2.1), as
// values. Make them with [NewSettings]; the zero Settings are no queue's.
type Settings struct {
	DelaySeconds                  int // 0..900
	MaximumMessageSize            int // bytes, 1024..1048576
	MessageRetentionPeriod        int // seconds, 60..1209600
	ReceiveMessageWaitTimeSeconds int // 0..20
	VisibilityTimeout             int // seconds, 0..43200

	FIFO                      bool // for the life of the queue
	ContentBasedDeduplication bool
	DeduplicationScope        string // queue or messageGroup; "" on a standard queue
	FifoThroughputLimit       string // perQueue or perMessageGroupId; "" on a standard queue

	Policy             string // JSON as it was set, "" if there is none
	RedrivePolicy      string // likewise
	RedriveAllowPolicy string // likewise
	Redrive            RedrivePolicy

	KmsMasterKeyId               string
	KmsDataKeyReusePeriodSeconds int // 60..86400; shown only with a key
	SqsManagedSseEnabled         bool
}

// NewSettings checks what CreateQueue asks for and fills in the defaults
// (1.1, 2). It checks the name of self too, since name and attributes have to
// agree on whether the queue is FIFO. Attributes that can only be read are
// ignored.
func NewSettings(self backend.ARN, attrs map[string]string, find Lookup) (Settings, error) {
	fifo, err := creationType(self.Name, attrs)
	if err != nil {
		return Settings{}, err
	}
	s := Settings{
		DelaySeconds:                  DefaultDelay,
		MaximumMessageSize:            MaxMessageSize,
		MessageRetentionPeriod:        DefaultRetention,
		ReceiveMessageWaitTimeSeconds: DefaultWait,
		VisibilityTimeout:             DefaultVisibility,
		KmsDataKeyReusePeriodSeconds:  DefaultKmsReuse,
		SqsManagedSseEnabled:          true,
		FIFO:                          fifo,
	}
	if fifo {
		s.DeduplicationScope, s.FifoThroughputLimit = scopeQueue, limitPerQueue
	}
	for _, name := range slices.Sorted(maps.Keys(attrs)) {
		switch {
		case !isAttribute(name) || name == backend.AttrContentBasedDeduplication && !fifo:
			return Settings{}, unknownAttribute(name)
		case isFIFOOnly(name) && !fifo:
			return Settings{}, backend.ErrorOf(backend.ErrInvalidAttributeName,
				"You can specify the %s only when FifoQueue is set to true.", name)
		}
	}
	return s.with(self, attrs, find)
}

// Set checks what SetQueueAttributes asks for and is the settings after it
// (1.7, 2.3 to 2.6). It changes the named attributes and no others, and all or
// none of them.
func (s Settings) Set(self backend.ARN, attrs map[string]string, find Lookup) (Settings, error) {
	if len(attrs) == 0 {
		return s, Missing("Attribute.Name")
	}
	for _, name := range slices.Sorted(maps.Keys(attrs)) {
		if !isAttribute(name) || isReadOnly(name) || isFIFOOnly(name) && !s.FIFO {
			return s, unknownAttribute(name)
		}
	}
	changed, err := s.with(self, attrs, find)
	if err != nil {
		return s, err
	}
	return changed, nil
}

// creationType tells from the attributes whether the new queue is FIFO, and
// checks that its name agrees (1.1).
func creationType(name string, attrs map[string]string) (fifo bool, err error) {
	value, given := attrs[backend.AttrFifoQueue]
	fifo = given && strings.EqualFold(value, "true")
	if given && !fifo {
		if _, isBool := parseBool(value); !isBool && strings.HasSuffix(name, fifoSuffix) {
			return false, badValue(backend.AttrFifoQueue)
		}
		return false, unknownAttribute(backend.AttrFifoQueue)
	}
	return fifo, QueueName(name, fifo)
}

// with is the settings with attrs applied, whose names are known to fit. Each
// value is checked by itself and then those that must agree with each other.
func (s Settings) with(self backend.ARN, attrs map[string]string, find Lookup) (Settings, error) {
	for _, name := range slices.Sorted(maps.Keys(attrs)) {
		if e := s.assign(name, attrs[name], self, find); e != nil {
			return Settings{}, e
		}
	}
	if e := s.encrypt(attrs); e != nil {
		return Settings{}, e
	}
	if s.FifoThroughputLimit == limitPerMessageGroup && s.DeduplicationScope != scopeMessageGroup {
		return Settings{}, backend.ErrorOf(backend.ErrInvalidAttributeValue,
			"The perMessageGroupId value is allowed only when the value for DeduplicationScope is messageGroup")
	}
	return s, nil
}

// assign checks and sets one attribute. Those of encryption hang together and
// are left to encrypt.
func (s *Settings) assign(name, value string, self backend.ARN, find Lookup) *backend.Error {
	if lo, hi, _, ok := AttributeRange(name); ok {
		n, ok := parseInt(value)
		if !ok || n < lo || n > hi {
			return badValue(name)
		}
		*s.integer(name) = n
		return nil
	}
	switch name {
	case backend.AttrFifoQueue:
		return fifoQueue(value)
	case backend.AttrContentBasedDeduplication:
		on, ok := parseBool(value)
		if !ok {
			return badValue(name)
		}
		s.ContentBasedDeduplication = on
	case backend.AttrDeduplicationScope:
		if value != scopeQueue && value != scopeMessageGroup {
			return badValue(name)
		}
		s.DeduplicationScope = value
	case backend.AttrFifoThroughputLimit:
		if value != limitPerQueue && value != limitPerMessageGroup {
			return badValue(name)
		}
		s.FifoThroughputLimit = value
	case backend.AttrPolicy:
		s.Policy = value
		return checkPolicy(value)
	case backend.AttrRedrivePolicy:
		var e *backend.Error
		s.RedrivePolicy = value
		s.Redrive, e = checkRedrivePolicy(self, value, find)
		return e
	case backend.AttrRedriveAllowPolicy:
		s.RedriveAllowPolicy = value
		return checkRedriveAllowPolicy(value)
	}
	return nil
}

// fifoQueue checks the FifoQueue of a queue that is FIFO, which cannot become
// anything else (1.7).
func fifoQueue(value string) *backend.Error {
	switch on, ok := parseBool(value); {
	case !ok:
		return badValue(backend.AttrFifoQueue)
	case !on:
		return backend.ErrorOf(backend.ErrInvalidAttributeValue,
			"Invalid value for the parameter FifoQueue. Reason: Modifying queue type is not supported.")
	}
	return nil
}

// encrypt applies the two kinds of encryption, each of which replaces the
// other (2.2, 2.3). Taking the key away leaves the queue without encryption.
func (s *Settings) encrypt(attrs map[string]string) *backend.Error {
	key, hasKey := attrs[backend.AttrKmsMasterKeyId]
	value, hasSse := attrs[backend.AttrSqsManagedSseEnabled]
	sse, ok := parseBool(value)
	_, hasReuse := attrs[backend.AttrKmsDataKeyReusePeriodSeconds]
	switch {
	case hasSse && !ok:
		return badValue(backend.AttrSqsManagedSseEnabled)
	case key != "" && sse:
		return backend.ErrorOf(backend.ErrInvalidAttributeName, "You can use one type of server-side encryption (SSE) "+
			"at one time. You can either enable KMS SSE or SQS SSE.")
	}
	had := s.KmsMasterKeyId != ""
	if hasKey {
		s.KmsMasterKeyId = key
	}
	if hasSse {
		s.SqsManagedSseEnabled = sse
	}
	if sse {
		s.KmsMasterKeyId = ""
	}
	if s.KmsMasterKeyId != "" {
		s.SqsManagedSseEnabled = false
	} else if had && !hasReuse {
		s.KmsDataKeyReusePeriodSeconds = DefaultKmsReuse
	}
	return nil
}

// Queue is what the check of a message needs to know of the queue with these
// settings and that name.
func (s Settings) Queue(name string) Queue {
	return Queue{
		Name: name, FIFO: s.FIFO, ContentBasedDeduplication: s.ContentBasedDeduplication,
		MaximumMessageSize: s.MaximumMessageSize,
	}
}

// Attributes are the settings as GetQueueAttributes shows them: those that are
// there, as strings, without the read-only ones that the engine knows (2.2).
func (s Settings) Attributes() map[string]string {
	attrs := map[string]string{
		backend.AttrDelaySeconds:                  strconv.Itoa(s.DelaySeconds),
		backend.AttrMaximumMessageSize:            strconv.Itoa(s.MaximumMessageSize),
		backend.AttrMessageRetentionPeriod:        strconv.Itoa(s.MessageRetentionPeriod),
		backend.AttrReceiveMessageWaitTimeSeconds: strconv.Itoa(s.ReceiveMessageWaitTimeSeconds),
		backend.AttrVisibilityTimeout:             strconv.Itoa(s.VisibilityTimeout),
		backend.AttrSqsManagedSseEnabled:          strconv.FormatBool(s.SqsManagedSseEnabled),
	}
	if s.FIFO {
		attrs[backend.AttrFifoQueue] = "true"
		attrs[backend.AttrContentBasedDeduplication] = strconv.FormatBool(s.ContentBasedDeduplication)
		attrs[backend.AttrDeduplicationScope] = s.DeduplicationScope
		attrs[backend.AttrFifoThroughputLimit] = s.FifoThroughputLimit
	}
	if s.KmsMasterKeyId != "" {
		attrs[backend.AttrKmsMasterKeyId] = s.KmsMasterKeyId
		attrs[backend.AttrKmsDataKeyReusePeriodSeconds] = strconv.Itoa(s.KmsDataKeyReusePeriodSeconds)
	}
	for name, text := range map[string]string{
		backend.AttrPolicy:             s.Policy,
		backend.AttrRedrivePolicy:      s.RedrivePolicy,
		backend.AttrRedriveAllowPolicy: s.RedriveAllowPolicy,
	} {
		if text != "" {
			attrs[name] = text
		}
	}
	return attrs
}
