package journal

import (
	"encoding/json"
	"fmt"
	"time"
	"unicode/utf8"

	"sqscope/backend"
	"sqscope/backend/jsonline"
)

// Who is as whom something is done, as far as it is known: never a name of the
// operating system's, never a secret.
type Who struct {
	Context  string `json:"context,omitempty"`
	Account  string `json:"account,omitempty"` // twelve digits
	Region   string `json:"region,omitempty"`
	Profile  string `json:"profile,omitempty"`
	Endpoint string `json:"endpoint,omitempty"` // if it is not AWS's own
	ARN      string `json:"arn,omitempty"`      // of the user or the role's session
}

// WhoOf is the caller at a place. The ARN of the user or the role's session may
// be empty.
func WhoOf(p backend.Place, arn string) Who {
	return Who{Context: p.Context, Account: p.Account, Region: p.Region, Profile: p.Profile, Endpoint: p.Endpoint, ARN: arn}
}

// Act is what is about to be done.
type Act struct {
	Name     string            `json:"name"`            // SQS's action, or one of our own: [Redrive]
	Queue    string            `json:"queue,omitempty"` // its ARN; a URL or a name is made one
	To       string            `json:"to,omitempty"`    // ARN of another queue that is concerned
	Count    int               `json:"count,omitempty"` // messages, where it is about messages
	Messages []Message         `json:"messages,omitempty"`
	Params   map[string]string `json:"params,omitempty"`   // what is set; values are cut after 4,096 bytes and say so
	Evidence string            `json:"evidence,omitempty"` // where it was written what will be lost
	Sync     bool              `json:"-"`                  // its lines are on the disk before Begin and the result return
}

// Message is what the journal knows of a message.
type Message struct {
	ID  string `json:"id,omitempty"`
	MD5 string `json:"md5,omitempty"` // of the body, lower-case hex (docs/SQS.md 4.1)
}

// Outcome is how an act ended.
type Outcome string

// The outcomes of an act.
const (
	Done    Outcome = "done"
	Partly  Outcome = "partly"  // of several messages some
	Failed  Outcome = "failed"  // it was not done
	Unknown Outcome = "unknown" // no answer came; it may have been done
)

// Result is how an act ended. Kind, Code and Message are those of the error, for
// a part that failed those of its first.
type Result struct {
	Outcome  Outcome   `json:"outcome"`
	Count    int       `json:"count,omitempty"`    // messages that it was done to
	Messages []Message `json:"messages,omitempty"` // with the ids that they got
	Kind     string    `json:"kind,omitempty"`     // in words
	Code     string    `json:"code,omitempty"`     // SQS's
	Message  string    `json:"message,omitempty"`
}

// line is one event as it is written: with an act it is an intent, with a result
// the result of the intent with that id, with both a note.
type line struct {
	V      int       `json:"v"`
	ID     string    `json:"id"`
	At     time.Time `json:"at"`
	Who    *Who      `json:"who,omitempty"`
	Act    *Act      `json:"act,omitempty"`
	Result *Result   `json:"result,omitempty"`
}

// encode is the line with its end. No byte in it is one that a terminal obeys.
func (l line) encode() ([]byte, error) {
	l.At = l.At.UTC().Truncate(time.Millisecond)
	doc, err := json.Marshal(l)
	if err != nil {
		return nil, fmt.Errorf("line %s: %w", l.ID, err)
	}
	return append(jsonline.Escape(doc), '\n'), nil
}

// complete makes ARNs of queues as the requests name them, and cuts what is too
// long for a record.
func (r *Recorder) complete(act Act) *Act {
	act.Queue, act.To = r.arn(act.Queue), r.arn(act.To)
	if len(act.Params) > 0 {
		params := make(map[string]string, len(act.Params))
		for name, value := range act.Params {
			params[name] = cut(value)
		}
		act.Params = params
	}
	return &act
}

func (r *Recorder) arn(queue string) string {
	if _, ok := backend.ParseARN(queue); ok || queue == "" {
		return queue
	}
	a := backend.ARNOf(queue, r.who.Region)
	if a.Account == "" {
		a.Account = r.who.Account
	}
	return a.String()
}

func cut(value string) string {
	if len(value) <= maxParam {
		return value
	}
	n := maxParam
	for n > 0 && !utf8.RuneStart(value[n]) {
		n--
	}
	return fmt.Sprintf("%s… (cut, %d bytes in all)", value[:n], len(value))
}
