package move

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"sqscope/backend"
	"sqscope/backend/jsonline"
)

// Version is the format's of a move's journal. A newer one is refused.
const Version = 1

// line is one event as it is written. A move begins with a header; each batch has
// an intent before it is sent, an answer before anything is deleted, and then
// what was deleted.
type line struct {
	V       int       `json:"v"`
	At      time.Time `json:"at"`
	Move    *header   `json:"move,omitempty"`
	Send    *intent   `json:"send,omitempty"`
	Sent    []answer  `json:"sent,omitempty"`
	Deleted []string  `json:"deleted,omitempty"` // message ids
	Hidden  time.Time `json:"hidden,omitzero"`   // until then the source may hide what is to be deleted
	End     *end      `json:"end,omitempty"`
}

// header says what the move is.
type header struct {
	From  place         `json:"from"`
	To    []place       `json:"to"`
	Home  bool          `json:"home,omitempty"`
	Dedup Dedup         `json:"dedup,omitempty"`
	Edits bool          `json:"edits,omitempty"` // there was a Transform
	Map   string        `json:"map,omitempty"`   // digest of the jq expression that it was; journals of old have none
	Lease time.Duration `json:"lease"`           // nanoseconds
	PID   int           `json:"pid"`
}

type place struct {
	Context string `json:"context,omitempty"`
	ARN     string `json:"arn"`
}

// intent is a batch that is about to be sent.
type intent struct {
	To       string   `json:"to"` // ARN
	Messages []digest `json:"messages"`
}

// digest is what the journal knows of a message: what it is in the source, and as
// what it is sent. The digests are those of docs/SQS.md 4, lower-case hex.
type digest struct {
	ID            string `json:"id"`
	MD5           string `json:"md5"`
	Attributes    string `json:"attributes,omitempty"`
	NewMD5        string `json:"newMd5"`
	NewAttributes string `json:"newAttributes,omitempty"`
	SourceGroup   string `json:"sourceGroup,omitempty"` // in a FIFO source
	Group         string `json:"group,omitempty"`
	Dedup         string `json:"dedup,omitempty"`
	Own           bool   `json:"own,omitempty"` // nobody else can have that deduplication id
}

// answer is what is known of a message after its batch was sent.
type answer struct {
	ID             string `json:"id"`
	State          state  `json:"state"`
	NewID          string `json:"newId,omitempty"`
	SequenceNumber string `json:"seq,omitempty"`
}

// state is how far a message has come.
type state string

const (
	stateIntended state = ""          // it was about to be sent: nobody knows
	stateSent     state = "sent"      // and confirmed
	stateNot      state = "not sent"  // for certain
	stateSwallow  state = "swallowed" // as a duplicate of another one
	stateUnknown  state = "unknown"   // no answer came, or none that can be relied on
	stateDeleted  state = "deleted"   // sent, and deleted from the source
)

// end is the last line: nothing is left to finish.
type end struct {
	Stop  Stop `json:"stop"`
	Moved int  `json:"moved"`
}

// encode is the line with its end. No byte in it is one that a terminal obeys.
func (l line) encode() ([]byte, error) {
	l.V, l.At = Version, l.At.UTC().Truncate(time.Millisecond)
	doc, err := json.Marshal(l)
	if err != nil {
		return nil, fmt.Errorf("a line of a move's journal: %w", err)
	}
	return append(jsonline.Escape(doc), '\n'), nil
}

func headerOf(o Options, pid int) *header {
	h := &header{From: placeOf(o.From), Home: o.Home, Dedup: o.Dedup, Edits: o.Transform != nil, Map: mapDigest(o.Map), Lease: o.Lease, PID: pid}
	for _, q := range o.To {
		h.To = append(h.To, placeOf(q))
	}
	return h
}

// mapDigest is what a journal keeps of an expression. Blanks around it are not part
// of it.
func mapDigest(expr string) string {
	if expr = strings.TrimSpace(expr); expr == "" {
		return ""
	}
	sum := sha256.Sum256([]byte(expr))
	return "sha256:" + hex.EncodeToString(sum[:])
}

func placeOf(q Queue) place { return place{q.Context, q.ARN.String()} }

// Place is a queue as a journal names it.
type Place struct {
	Context string
	ARN     backend.ARN
}

func (p place) export() Place {
	arn, _ := backend.ParseARN(p.ARN) // what we wrote; a broken one is the zero ARN
	return Place{p.Context, arn}
}
