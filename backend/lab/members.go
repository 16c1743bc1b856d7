package lab

import (
	"regexp"
	"slices"
	"strings"

	"sqscope/backend"
	"sqscope/backend/tomlfile"
)

// members are the names that a check can ask a part of the state for, see
// docs/LAB.md, and the attributes of a queue.
func members() []string {
	return []string{
		"now", "queues", "messages", "events", "requests", "actors", "tasks", "answers", "claims", "lost",
		"visible", "inFlight", "delayed", "stored", "sent", "received", "deleted", "dlq", "maxReceiveCount",
		"id", "name", "body", "text", "group", "queue", "first", "from", "state", "until", "expires", "receives", "gone",
		"at", "kind", "to", "message", "count", "fault", "action",
		"entries", "failed", "code", "wait", "seconds", "asked", "receipts", "latest", "attributes", "rate",
		"done", "refused", "empty", "extended", "effects", "duplicates", "skipped", "outOfOrder", "crashed", "throttled",
		"unseen", "invocations", "timedOut", "late", "filtered", "status", "moved", "toMove", "started",
		"answer", "right", "exported", "wrong",
		backend.AttrCreatedTimestamp, backend.AttrLastModifiedTimestamp, backend.AttrDelaySeconds, backend.AttrMaximumMessageSize,
		backend.AttrMessageRetentionPeriod, backend.AttrReceiveMessageWaitTimeSeconds, backend.AttrVisibilityTimeout,
		backend.AttrKmsDataKeyReusePeriodSeconds,
	}
}

var (
	quoted = regexp.MustCompile(`"(?:[^"\\]|\\.)*"`)
	asked  = regexp.MustCompile(`(?:\.[A-Za-z_]\w*\??)+`)
)

// misspelt finds members in a check that nothing has and that are nearly the name
// of one: jq says null for them, and the check would just never come true. Below
// a body, an answer or the like names are the lesson's own. So is a name that
// stands elsewhere in the file, and not behind a dot.
func (c *compiler) misspelt(path, text string) error {
	if c.l.Setup.Scenario != "" {
		return nil // what its bodies have does not stand here
	}
	known := members()
	for _, way := range asked.FindAllString(quoted.ReplaceAllString(text, `""`), -1) {
		for name := range strings.SplitSeq(strings.ReplaceAll(way[1:], "?", ""), ".") {
			if near := tomlfile.Near(name, known); !slices.Contains(known, name) && len(near) > 0 && !c.own(name) {
				return c.doc.ErrorIn(path, "."+name, strings.Join(near, " or "), "nothing in the state has a member %q", name)
			}
			if slices.Contains([]string{"body", "answers", "claims", "queues", "actors", "answer", "attributes"}, name) {
				break
			}
		}
	}
	return nil
}

// own tells whether a name stands in the file other than behind a dot.
func (c *compiler) own(name string) bool {
	return regexp.MustCompile(`(^|[^.\w])` + name + `\b`).Match(c.data)
}
