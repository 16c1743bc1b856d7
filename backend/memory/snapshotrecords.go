package memory

import (
	"encoding/json"
	"fmt"
	"strconv"

	"sqscope/backend"
)

// A snapshot is a file of lines, each a JSON object with one member that says
// what the line is. The order is fixed:
//
//	head       what holds for the whole engine
//	fault      each fault that is set
//	queue      each queue, followed by what is in it:
//	  group, tenant, duplicate, attempt, task, message
//	section    what others keep beside the engine
//	end        how many queues and messages there were
//
// Nothing that can grow is in one line with anything else, so a reader needs no
// more memory than what it reads is worth. Times are Unix nanoseconds, 0 for
// "not yet". Words of 64 bits that no number in another language could hold are
// hexadecimal.
const (
	snapshotFormat  = "sqscope"
	snapshotVersion = 1
)

// record is a line of a snapshot. One member is set.
type record struct {
	Head      *headRecord      `json:"head,omitempty"`
	Fault     *faultRecord     `json:"fault,omitempty"`
	Queue     *queueRecord     `json:"queue,omitempty"`
	Group     *groupRecord     `json:"group,omitempty"`
	Tenant    *tenantRecord    `json:"tenant,omitempty"`
	Duplicate *duplicateRecord `json:"duplicate,omitempty"`
	Attempt   *attemptRecord   `json:"attempt,omitempty"`
	Task      *taskRecord      `json:"task,omitempty"`
	Message   *messageRecord   `json:"message,omitempty"`
	Section   *sectionRecord   `json:"section,omitempty"`
	End       *endRecord       `json:"end,omitempty"`
}

type headRecord struct {
	Snapshot string           `json:"snapshot"` // snapshotFormat
	Version  int              `json:"version"`
	Account  string           `json:"account"`
	Region   string           `json:"region"`
	Now      int64            `json:"now"`
	Paused   bool             `json:"paused"`
	Speed    float64          `json:"speed"`
	Seed     word             `json:"seed"`
	Secret   word             `json:"secret"`
	Created  uint64           `json:"created"` // queues so far
	Faults   uint64           `json:"faults"`  // so far
	Deleted  map[string]int64 `json:"deleted,omitempty"`
}

type faultRecord struct {
	backend.Fault
	Number uint64 `json:"number"`
	Dice   []byte `json:"dice"`
}

type queueRecord struct {
	Name       string            `json:"name"`
	Number     uint64            `json:"number"`
	ID         word              `json:"id"`
	Created    int64             `json:"created"`
	Modified   int64             `json:"modified"`
	Purged     int64             `json:"purged,omitempty"`
	Attributes map[string]string `json:"attributes"`
	Tags       map[string]string `json:"tags,omitempty"`
	Dice       []byte            `json:"dice"`
	Seq        uint64            `json:"seq"`
	Turns      uint64            `json:"turns,omitempty"`
	Numbers    uint64            `json:"numbers,omitempty"`
	Scope      *scopeRecord      `json:"scope,omitempty"`
	Sent       uint64            `json:"sent"`
	Received   uint64            `json:"received"`
	Deleted    uint64            `json:"deleted"`
	Expired    uint64            `json:"expired,omitempty"`
	Echoed     bool              `json:"echoed,omitempty"`
	Shown      *gaugeRecord      `json:"shown,omitempty"`
	Busy       *usage            `json:"busy,omitempty"` // of a fair queue
}

type scopeRecord struct {
	Now  string `json:"now"`
	Next string `json:"next,omitempty"`
	At   int64  `json:"at,omitempty"`
}

type gaugeRecord struct {
	At       int64 `json:"at"`
	Visible  int   `json:"visible"`
	InFlight int   `json:"inFlight"`
	Delayed  int   `json:"delayed"`
}

// groupRecord is a group of a FIFO queue that has messages.
type groupRecord struct {
	ID   string `json:"id"`
	Turn uint64 `json:"turn"`
}

type tenantRecord struct {
	ID    string `json:"id"`
	Noisy bool   `json:"noisy,omitempty"`
	Idle  int64  `json:"idle,omitempty"`
	Due   int64  `json:"due,omitempty"` // to be forgotten
	Busy  usage  `json:"busy"`
}

type duplicateRecord struct {
	At     int64  `json:"at"`
	Group  string `json:"group,omitempty"`
	ID     string `json:"id"`
	Of     string `json:"of"` // message
	Number uint64 `json:"number"`
}

type attemptRecord struct {
	At    int64     `json:"at"`
	ID    string    `json:"id"`
	Taken []receipt `json:"taken"`
}

type receipt struct {
	Seq     uint64 `json:"seq"`
	Receipt uint32 `json:"receipt"`
}

type taskRecord struct {
	ID       string             `json:"id"`
	To       string             `json:"to,omitempty"`
	Rate     int                `json:"rate,omitempty"` // 0: none was asked for
	Status   backend.TaskStatus `json:"status"`
	Reason   string             `json:"reason,omitempty"`
	Started  int64              `json:"started"`
	Total    int64              `json:"total"`
	Moved    int64              `json:"moved"`
	Last     uint64             `json:"last"`
	Interval int64              `json:"interval"`
	Due      int64              `json:"due"`
	Wake     int64              `json:"wake,omitempty"` // of one that is not done
	Order    uint64             `json:"order,omitempty"`
}

type messageRecord struct {
	Seq        uint64                     `json:"seq"`
	ID         string                     `json:"id"`
	Body       string                     `json:"body"`
	State      backend.State              `json:"state"`
	Until      int64                      `json:"until,omitempty"`
	Sent       int64                      `json:"sent"`
	First      int64                      `json:"first,omitempty"`
	Received   int64                      `json:"received,omitempty"`
	Rank       uint64                     `json:"rank"`
	Receives   uint32                     `json:"receives,omitempty"`
	Receipts   uint32                     `json:"receipts,omitempty"`
	Changed    bool                       `json:"changed,omitempty"`
	Group      string                     `json:"group,omitempty"`
	Dedup      string                     `json:"dedup,omitempty"`
	Number     uint64                     `json:"number,omitempty"`
	Attributes map[string]attributeRecord `json:"attributes,omitempty"`
	Trace      string                     `json:"trace,omitempty"`
	Source     string                     `json:"source,omitempty"`
	Sender     string                     `json:"sender,omitempty"`
}

type attributeRecord struct {
	Type   string  `json:"type"`
	String *string `json:"string,omitempty"`
	Binary []byte  `json:"binary,omitempty"`
}

type sectionRecord struct {
	Name  string          `json:"name"`
	Value json.RawMessage `json:"value"`
}

type endRecord struct {
	Queues   int `json:"queues"`
	Messages int `json:"messages"`
}

// word is 64 bits as sixteen hexadecimal digits.
type word uint64

func (w word) MarshalText() ([]byte, error) { return fmt.Appendf(nil, "%016x", uint64(w)), nil }

func (w *word) UnmarshalText(b []byte) error {
	n, err := strconv.ParseUint(string(b), 16, 64)
	*w = word(n)
	return err
}
