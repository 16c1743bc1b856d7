package cli

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"sqscope/backend"
	"sqscope/backend/rules"
	"sqscope/backend/tomlfile"
	"sqscope/ui/format"
)

// attrsCmd shows attributes, and sets them.
type attrsCmd struct {
	change
	Queue string   `arg:"" help:"The queue: its name, URL or ARN." complete:"queue"`
	Set   []string `arg:"" optional:"" name:"name[=value]" help:"Names to be shown alone, or new values, as VisibilityTimeout=5m; nothing after the = takes a policy away, @FILE reads it." complete:"attribute"`
}

// settable are the attributes that can be set (docs/SQS.md 2.1).
func settable() []string {
	return []string{
		backend.AttrContentBasedDeduplication, backend.AttrDeduplicationScope, backend.AttrDelaySeconds, backend.AttrFifoQueue, backend.AttrFifoThroughputLimit,
		backend.AttrKmsDataKeyReusePeriodSeconds, backend.AttrKmsMasterKeyId, backend.AttrMaximumMessageSize, backend.AttrMessageRetentionPeriod, backend.AttrPolicy,
		backend.AttrReceiveMessageWaitTimeSeconds, backend.AttrRedriveAllowPolicy, backend.AttrRedrivePolicy, backend.AttrSqsManagedSseEnabled, backend.AttrVisibilityTimeout,
	}
}

// choices are the values of attributes that have few (docs/SQS.md 2.1).
func choices() map[string][]string {
	truth := []string{"true", "false"}
	return map[string][]string{
		backend.AttrContentBasedDeduplication: truth, backend.AttrFifoQueue: truth, backend.AttrSqsManagedSseEnabled: truth,
		backend.AttrDeduplicationScope: {"messageGroup", "queue"}, backend.AttrFifoThroughputLimit: {"perQueue", "perMessageGroupId"},
	}
}

// assignments reads NAME=VALUE arguments. Lengths of time and sizes may have
// units.
func assignments(args []string) (map[string]string, error) {
	set := map[string]string{}
	for _, a := range args {
		name, value, found := strings.Cut(a, "=")
		if !found {
			return nil, Usagef("%q must be NAME=VALUE, as VisibilityTimeout=5m", a)
		}
		if !slices.Contains(settable(), name) {
			return nil, Usagef("there is no attribute %q that can be set%s", name, among(name, settable()))
		}
		if _, twice := set[name]; twice {
			return nil, Usagef("%s is given twice", name)
		}
		if file, ok := strings.CutPrefix(value, "@"); ok {
			b, err := os.ReadFile(file)
			if err != nil {
				return nil, Usagef("%s: the file %q cannot be read: %v", name, file, errors.Unwrap(err))
			}
			value = strings.TrimSpace(string(b))
		}
		given := value
		if lo, hi, _, number := rules.AttributeRange(name); number {
			read := format.WholeSeconds
			if name == backend.AttrMaximumMessageSize {
				read = format.WholeBytes
			}
			value = read(value)
			if n, err := strconv.Atoi(value); err != nil || n < lo || n > hi {
				return nil, Usagef("%s is %q and must be %s", name, given, within(name, lo, hi))
			}
		}
		if must := choices()[name]; must != nil && !slices.ContainsFunc(must, func(m string) bool { return strings.EqualFold(m, value) }) {
			return nil, Usagef("%s is %q and must be %s", name, value, tomlfile.OneOf(value, must))
		}
		set[name] = value
	}
	return set, nil
}

// within is the range of an attribute that is a number, in words.
func within(name string, lo, hi int) string {
	if name == backend.AttrMaximumMessageSize {
		return format.Size(lo) + " to " + format.Size(hi)
	}
	return fmt.Sprintf("%s to %s (%d to %d seconds)", format.Setting(lo), format.Setting(hi), lo, hi)
}

// attributesObject are the attributes of a queue.
type attributesObject struct {
	QueueArn   string            `json:"queueArn"`
	Attributes map[string]string `json:"attributes"`
}

// changeObject is an attribute that changes.
type changeObject struct {
	QueueArn string `json:"queueArn"`
	Name     string `json:"name"`
	From     string `json:"from"`
	To       string `json:"to"`
}

// Run shows them, or sets those that were given and shows what has changed.
func (c *attrsCmd) Run(r *runner) error {
	asked, err := namesOf(c.Set)
	if err != nil {
		return err
	}
	set := map[string]string{}
	if len(asked) == 0 {
		if set, err = assignments(c.Set); err != nil {
			return err
		}
	}
	return r.in(c.place, c.Yes, func(s *session) error {
		q, err := s.queue(c.Queue)
		if err != nil {
			return err
		}
		if len(set) == 0 {
			return s.attributes(q, asked)
		}
		if err := s.may(c.DryRun, q.checked("SetQueueAttributes")); err != nil {
			return err
		}
		return c.set(s, q, set)
	})
}

// namesOf are the names where attributes are asked for and not set.
func namesOf(args []string) (names []string, err error) {
	for _, a := range args {
		if strings.Contains(a, "=") {
			continue
		}
		if rules.AttributeName(a) != nil {
			return nil, Usagef("there is no attribute %q%s", a, among(a, append(settable(), shownOnly()...)))
		}
		names = append(names, a)
	}
	if len(names) > 0 && len(names) < len(args) {
		return nil, Usagef("%s has no value: name attributes to see them, or set all of them as NAME=VALUE", names[0])
	}
	return names, nil
}

// shownOnly are the attributes that cannot be set (docs/SQS.md 2.1).
func shownOnly() []string {
	return []string{
		backend.AttrMessages, backend.AttrMessagesDelayed, backend.AttrMessagesNotVisible,
		backend.AttrCreatedTimestamp, backend.AttrLastModifiedTimestamp, backend.AttrQueueArn,
	}
}

// attributes shows those that were asked for, or all that the queue has.
func (s *session) attributes(q queue, asked []string) error {
	all := q.attributes
	if len(asked) > 0 && !slices.Contains(asked, backend.AttrAll) {
		all = map[string]string{}
		for _, name := range asked {
			if v, has := q.attributes[name]; has {
				all[name] = v
			}
		}
		if len(all) == 0 {
			return nothing(q.arn.Name + " has no " + strings.Join(asked, ", "))
		}
	}
	if s.JSON {
		return list(s.Out, nil, []attributesObject{{q.arn.String(), all}}, nil)
	}
	names := slices.Sorted(maps.Keys(all))
	return list(s.Out, []string{"ATTRIBUTE", "VALUE", "IN WORDS"}, names, func(name string) []string {
		return []string{name, q.attributes[name], inWords(name, q.attributes[name])}
	})
}

// inWords is a value as people say it, or "" where it says itself.
func inWords(name, value string) string {
	n, err := strconv.Atoi(value)
	if err != nil {
		return ""
	}
	switch name {
	case backend.AttrCreatedTimestamp, backend.AttrLastModifiedTimestamp:
		return time.Unix(int64(n), 0).UTC().Format(time.RFC3339)
	case backend.AttrMaximumMessageSize:
		return format.Size(n)
	}
	if _, _, _, ok := rules.AttributeRange(name); ok {
		return format.Setting(n)
	}
	return ""
}

func (c *attrsCmd) set(s *session, q queue, set map[string]string) error {
	next := maps.Clone(q.attributes)
	maps.Copy(next, set)
	if _, err := rules.NewSettings(q.arn, next, nil); err != nil {
		return Usagef("SQS would refuse that: %s", backend.AsError(err).Message)
	}
	var changes []changeObject
	for _, name := range slices.Sorted(maps.Keys(set)) {
		if q.attributes[name] != set[name] {
			changes = append(changes, changeObject{q.arn.String(), name, q.attributes[name], set[name]})
		}
	}
	if len(changes) == 0 {
		s.say("%s has these values already; nothing was done", q.arn.Name)
		return nil
	}
	var notes []string
	for _, ch := range changes {
		notes = append(notes, ch.Name+": "+shown(ch.Name, ch.From)+" → "+shown(ch.Name, ch.To))
	}
	if c.DryRun {
		for _, n := range notes {
			s.say("would set %s", n)
		}
		return nil
	}
	if err := s.confirm(question{notes: notes, ask: "Set that on " + q.arn.Name + " in " + q.conn.Place.Context}); err != nil {
		return err
	}
	ctx, cancel := s.whole()
	defer cancel()
	if err := q.conn.Stack.SQS.SetQueueAttributes(ctx, backend.SetQueueAttributesInput{QueueUrl: q.url, Attributes: set}); err != nil {
		return err
	}
	return list(s.Out, []string{"ATTRIBUTE", "BEFORE", "NOW"}, changes, func(ch changeObject) []string { return []string{ch.Name, ch.From, ch.To} })
}

// shown is a value with what it means.
func shown(name, value string) string {
	if w := inWords(name, value); w != "" {
		return value + " (" + w + ")"
	}
	return cmp.Or(value, "none")
}
