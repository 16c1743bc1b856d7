package decode

// Kind is what a stage is.
type Kind int

// The kinds of stages.
const (
	Text Kind = iota
	JSON
	JSONString  // a JSON string that holds something more than text
	SNS         // an SNS notification or confirmation (docs/SQS.md 10.8)
	EventBridge // an event with its detail
	S3Event     // records of S3, or its test event (10.9)
	Records     // records of a Lambda event: SQS, SNS, others (10.7)
	Destination // what a Lambda destination gets
	SQSMessage  // a message as received or exported, in a body
	Celery      // a task of Celery
	S3Pointer   // of the extended clients: the body is in S3 (3.2)
	Base64
	Gzip
	Zlib
	Zstd
	Form // application/x-www-form-urlencoded
	Percent
	XML
	Protobuf
	Binary
)

var kindWords = [...]string{
	"text", "JSON", "JSON in a string", "SNS notification", "EventBridge event", "S3 event", "Lambda event",
	"Lambda destination record", "SQS message", "Celery task", "S3 pointer", "base64", "gzip", "zlib", "zstd",
	"URL-encoded form", "percent-encoding", "XML", "protobuf", "binary",
}

// String is the kind in words.
func (k Kind) String() string { return kindWords[k] }
