package lab

import (
	"context"
	"errors"
	"strings"
	"time"

	"sqscope/backend"
	"sqscope/backend/decode/query"
	"sqscope/backend/tomlfile"
)

// prelude is what checks may use beside jq's own functions. Names that are not
// there are errors, so that a slip of the pen never is a condition that just does
// not come true.
const prelude = `
def the($what; $all; $name): if $all == null then error("\($what) \($name) is asked of a part of the state: bind it to a name before")
  elif $all | has($name) then $all[$name]
  else error("there is no \($what) \($name), take one of \($all | keys | join(", "))") end;
def queue($name): .queues as $all | the("queue"; $all; $name);
def actor($name): .actors as $all | the("actor"; $all; $name);
def named($name): .byName as $all | the("message"; $all; $name);
def happened($kind): .byKind as $all | the("event"; $all; $kind)[];
def requested($action): .byAction as $all | the("request"; $all; $action)[];
def counts: [.visible, .inFlight, .delayed];
def within($queue): .messages[] | select(.queue == $queue);
def number(f): [f] | length;
def near($a; $b): ($a - $b) | . < 0.001 and . > -0.001;
`

// patience is how long a check may take: one that is right takes milliseconds, on
// a machine that is busy with other things more.
const patience = 10 * time.Second

// functions are those of the prelude.
func functions() []string {
	return []string{"queue", "actor", "named", "happened", "requested", "counts", "within", "number", "near"}
}

// check is a jq expression over the state of a lesson, and where it stands.
type check struct {
	query *query.Query
	text  string
	where string // file:line:column
}

func (c check) set() bool { return c.query != nil }

// compile reads the check at a path, which may use the lesson's definitions; an
// empty one is not set.
func compile(doc *tomlfile.File, path, definitions, text string) (check, error) {
	if text == "" {
		return check{}, nil
	}
	before := prelude + definitions + "\n"
	q, err := query.Compile(before + text)
	if wrong := (*query.Error)(nil); errors.As(err, &wrong) {
		return check{}, misplaced(doc, path, text, min(max(0, wrong.Offset-len(before)), len(text)), wrong)
	}
	if err != nil {
		return check{}, err
	}
	return check{query: q.Patient(patience), text: text, where: doc.Errorf(path, "", "").Subject}, nil
}

// misplaced is the error for a check that is no jq at an offset.
func misplaced(doc *tomlfile.File, path, text string, at int, wrong *query.Error) error {
	part, _, _ := strings.Cut(text[at:], "\n")
	expected := wrong.Expected + "; the lab's own functions are " + strings.Join(functions(), ", ")
	if name, _, _ := strings.Cut(part, "("); len(tomlfile.Near(name, functions())) > 0 {
		expected = tomlfile.OneOf(name, functions())
	}
	if part == "" {
		return doc.Errorf(path, expected, "the check is wrong: %s", wrong.Problem)
	}
	return doc.ErrorIn(path, part, expected, "the check is wrong: %s", wrong.Problem)
}

// holds tells whether the check is true for a state: neither false nor null.
func (c check) holds(ctx context.Context, state map[string]any) (bool, error) {
	if !c.set() {
		return false, nil
	}
	v, err := c.value(ctx, state)
	return v != nil && v != false, err
}

// value is the first that the check yields, nil if it yields nothing.
func (c check) value(ctx context.Context, state map[string]any) (any, error) {
	values, err := c.query.Values(ctx, state, 1)
	if err != nil {
		e := *backend.AsError(err)
		e.Kind, e.Subject = backend.KindInvalid, c.where
		e.Message, e.Next = "the check does not fit the state: "+strings.TrimPrefix(e.Message, "error: "), "the check is: "+c.text
		return nil, &e
	}
	if len(values) == 0 {
		return nil, nil
	}
	return values[0], nil
}
