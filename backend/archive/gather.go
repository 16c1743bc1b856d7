package archive

import (
	"context"
	"strconv"
	"time"

	"sqscope/backend"
	"sqscope/backend/peek"
)

// Limits are the most that is gathered as evidence of one act.
type Limits struct {
	Messages int
	Bytes    int // of bodies and attributes
}

// UsualLimits are those of DESIGN.md 4.5.
func UsualLimits() Limits { return Limits{Messages: 10_000, Bytes: 256 << 20} }

const (
	gatherPage  = 200             // messages asked for at once
	gatherTime  = 2 * time.Minute // of one look that has to receive; its lease is little longer
	releaseTime = 30 * time.Second
)

// Gathered is what a queue held, as far as it could be read.
type Gathered struct {
	Records []Record
	Missing int    // messages that could not be read, about; 0: all are there
	Why     string // they could not be; "" if all are there

	// Held is why messages that were received could not be given back; they return
	// by themselves when their lease ends.
	Held error
}

// Whole tells whether everything that the queue held was read.
func (g Gathered) Whole() bool { return g.Missing == 0 && g.Why == "" }

// Gather reads the messages of a queue before they are gone, up to the limits.
// Where the queue can be browsed this is free and finds every message; else it
// receives, which counts and hides them until they are given back, before Gather
// returns. Messages in flight elsewhere and delayed ones cannot be received
// (docs/SQS.md 13). Progress, which may be nil, is told how many have been read.
//
// An error means that nothing could be read at all.
func Gather(ctx context.Context, o peek.Options, most Limits, progress func(read int)) (Gathered, error) {
	if progress == nil {
		progress = func(int) {}
	}
	stored, err := Stored(ctx, o)
	if err != nil {
		return Gathered{}, err
	}
	if o.Stack.Browse != nil {
		return browse(ctx, o, most, stored, progress)
	}
	return receive(ctx, o, most, stored, progress)
}

// Stored is about how many messages the queue stores, in whatever state: more than
// can be received (docs/SQS.md 12.2).
func Stored(ctx context.Context, o peek.Options) (int, error) {
	visible, inFlight, delayed, err := backend.Depths(ctx, o.Stack.SQS, o.URL)
	return visible + inFlight + delayed, err
}

func browse(ctx context.Context, o peek.Options, most Limits, stored int, progress func(int)) (g Gathered, err error) {
	bytes := 0
	for out, err := range backend.Pages(ctx, o.Stack.Browse, o.URL, gatherPage) {
		if err != nil {
			return Gathered{}, err
		}
		for _, m := range out.Messages {
			bytes += size(m.Message)
			if why := most.over(len(g.Records), bytes); why != "" {
				g.Missing, g.Why = max(1, stored-len(g.Records)), why
				return g, nil
			}
			g.Records = append(g.Records, RecordOf(o.ARN, m.Message, m.State))
		}
		progress(len(g.Records))
	}
	return g, nil
}

func receive(ctx context.Context, o peek.Options, most Limits, stored int, progress func(int)) (g Gathered, err error) {
	o.Budget = gatherTime
	session := peek.Open(o)
	defer func() {
		// What was received goes back also when the caller has given up.
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), releaseTime)
		defer cancel()
		g.Held = session.Release(ctx)
	}()
	var st peek.State
	for seen := -1; st.Seen > seen; {
		seen = st.Seen
		if st, err = session.Look(ctx, gatherPage, func(s peek.State) { progress(s.Seen) }); err != nil && st.Seen == 0 {
			return Gathered{}, err
		}
		if err != nil || st.Stop != peek.StopWanted && st.Stop != peek.StopRound {
			break
		}
		if most.over(st.Seen, sizes(session.Messages())) != "" {
			break
		}
	}
	bytes := 0
	for _, m := range session.Messages() {
		bytes += size(m.Message)
		if g.Why = most.over(len(g.Records), bytes); g.Why != "" {
			break
		}
		g.Records = append(g.Records, RecordOf(o.ARN, m.Message, m.State))
	}
	switch g.Missing = max(0, stored-len(g.Records)); {
	case g.Why != "":
		g.Missing = max(1, g.Missing)
	case err != nil:
		g.Missing, g.Why = max(1, g.Missing), err.Error()
	case g.Missing > 0:
		g.Why = "they are in flight, delayed, or did not come"
		if words := st.Stop.Words(); words != "" {
			g.Why += ": " + words
		}
	}
	return g, nil
}

// over says which limit one more message is beyond, or "".
func (l Limits) over(messages, bytes int) string {
	switch {
	case messages >= l.Messages:
		return "no more than " + strconv.Itoa(l.Messages) + " messages are written"
	case bytes > l.Bytes:
		return "no more than " + strconv.Itoa(l.Bytes>>20) + " MiB are written"
	}
	return ""
}

func sizes(all []peek.Message) (sum int) {
	for _, m := range all {
		sum += size(m.Message)
	}
	return sum
}

func size(m backend.Message) int {
	n := len(m.Body)
	for name, a := range m.MessageAttributes {
		n += len(name) + len(a.DataType) + len(a.StringValue.Value) + len(a.BinaryValue)
	}
	return n
}
