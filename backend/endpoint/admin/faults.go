package admin

import (
	"net/http"

	"sqscope/backend"
)

// FaultList is the document of all faults, in the order in which they were set.
type FaultList struct {
	Faults []Fault `json:"faults"`
}

// Fault is a [backend.Fault] as JSON; what is zero there is left out here.
type Fault struct {
	ID          string            `json:"id,omitempty"`
	Kind        backend.FaultKind `json:"kind"`
	Queue       string            `json:"queue,omitempty"`
	Action      string            `json:"action,omitempty"`
	Status      int               `json:"status,omitempty"`
	Duration    Duration          `json:"duration,omitzero"`
	Probability float64           `json:"probability,omitempty"`
	Count       int               `json:"count,omitempty"`
	After       Time              `json:"after,omitzero"`
	Until       Time              `json:"until,omitzero"`
	Happened    int               `json:"happened"` // not read
}

// FaultOf is a fault as JSON.
func FaultOf(f backend.Fault) Fault {
	return Fault{
		ID: f.ID, Kind: f.Kind, Queue: f.Queue, Action: f.Action, Status: f.Status, Duration: Duration(f.Duration),
		Probability: f.Probability, Count: f.Count, After: Time(f.After), Until: Time(f.Until), Happened: f.Happened,
	}
}

// Backend is the fault as package backend has it.
func (f Fault) Backend() backend.Fault {
	return backend.Fault{
		ID: f.ID, Kind: f.Kind, Queue: f.Queue, Action: f.Action, Status: f.Status, Duration: f.Duration.Std(),
		Probability: f.Probability, Count: f.Count, After: f.After.Std(), Until: f.Until.Std(), Happened: f.Happened,
	}
}

func faultExpected() string {
	return "an object with kind (" + words(backend.FaultKinds()) + `) and, where wanted, id, queue, action, status, duration ("2s"), ` +
		"probability, count, after and until (RFC 3339) was expected"
}

func (h *handler) faults(c *call) ([]backend.Fault, error) {
	if err := c.only(); err != nil {
		return nil, err
	}
	if h.Stack.Faults == nil {
		return nil, absent("faults")
	}
	return h.Stack.Faults.ListFaults(c.r.Context())
}

func (h *handler) listFaults(c *call) error {
	faults, err := h.faults(c)
	if err != nil {
		return err
	}
	doc := FaultList{Faults: []Fault{}}
	for _, f := range faults {
		doc.Faults = append(doc.Faults, FaultOf(f))
	}
	return c.answer(http.StatusOK, doc)
}

func (h *handler) getFault(c *call) error {
	faults, err := h.faults(c)
	if err != nil {
		return err
	}
	for _, f := range faults {
		if f.ID == c.segments[0] {
			return c.answer(http.StatusOK, FaultOf(f))
		}
	}
	return &backend.Error{
		Kind: backend.KindNotFound, Subject: c.segments[0], Message: "there is no fault with this ID", Next: "list the faults",
	}
}

// addFault sets a fault under the id in the document, or a new one.
func (h *handler) addFault(c *call) error {
	f, err := h.readFault(c)
	if err != nil {
		return err
	}
	return h.putFault(c, http.StatusCreated, f)
}

// setFault sets the fault of the path, or replaces it.
func (h *handler) setFault(c *call) error {
	f, err := h.readFault(c)
	if err != nil {
		return err
	}
	if f.ID != "" && f.ID != c.segments[0] {
		return wrong("id", "is another one than in the path", "the same or none was expected")
	}
	f.ID = c.segments[0]
	return h.putFault(c, http.StatusOK, f)
}

func (h *handler) readFault(c *call) (Fault, error) {
	var f Fault
	if err := c.only(); err != nil {
		return f, err
	}
	if h.Stack.Faults == nil {
		return f, absent("faults")
	}
	return f, c.document(&f, faultExpected())
}

func (h *handler) putFault(c *call, status int, f Fault) error {
	set, err := h.Stack.Faults.SetFault(c.r.Context(), f.Backend())
	if err != nil {
		return err
	}
	return c.answer(status, FaultOf(set))
}

// clearFaults takes back the faults that are named, or all.
func (h *handler) clearFaults(c *call) error {
	if err := c.only("id"); err != nil {
		return err
	}
	return h.clear(c, c.query["id"])
}

func (h *handler) clearFault(c *call) error {
	if err := c.only(); err != nil {
		return err
	}
	return h.clear(c, c.segments)
}

func (h *handler) clear(c *call, ids []string) error {
	if h.Stack.Faults == nil {
		return absent("faults")
	}
	if err := h.Stack.Faults.ClearFaults(c.r.Context(), ids); err != nil {
		return err
	}
	return c.done()
}
