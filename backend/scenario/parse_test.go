package scenario

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"sqscope/backend"
)

// seedOf puts lines behind the format line, so that the first of them is line 2.
func seedOf(lines ...string) string { return "format = 1\n" + strings.Join(lines, "\n") + "\n" }

// A file that is wrong is refused with the place, what is wrong there and what
// was expected.
func TestParseSaysWhatIsWrongAndWhere(t *testing.T) {
	const queues = "[[queues]]\nname = \"q\"\n[[queues]]\nname = \"f.fifo\"\n[templates.t]\nbody = \"x\"\n" // lines 2 to 7
	tests := []struct {
		name string
		file string
		at   string // line:column
		says string
		next string
	}{
		{"no format", `title = "x"`, "1:1", "does not say its format", "format = 1"},
		{"newer format", "format = 2\nnews = 1", "1:1", "format 2, which this sqscope does not know", "newer sqscope"},
		{"old format", `format = 0`, "1:1", "no format 0", "format = 1"},
		{"format as text", `format = "1"`, "1:1", "not a whole number", "format = 1"},
		{"no TOML", seedOf(`title = "x`), "2:11", "not TOML", ""},
		{"unknown key", seedOf(`titel = "x"`), "2:1", `unknown key "titel"`, "title"},
		{"unknown key in a table", seedOf(`[[queues]]`, `name = "q"`, `  kind = "fifo"`), "4:3", `unknown key "kind"`, "redrive"},
		{"unknown key in an inline table", seedOf(`[[queues]]`, `name = "q"`, `redrive = { to = "d", times = 3 }`), "4:23", `unknown key "times"`, "max"},
		{"key twice", seedOf(`title = "x"`, `title = "y"`), "3:1", "already defined", ""},
		{"wrong type", seedOf(`title = 5`), "2:1", `"title" cannot be a whole number`, "a text in quotes"},
		{"table for an array", seedOf(`[queues]`, `name = "q"`), "2:2", `"queues" cannot be a table`, "double brackets"},
		{"text for a table", seedOf(`templates = "t"`), "2:1", `"templates" cannot be a text`, "a table"},
		{"text for a number", seedOf(`[[producers]]`, `rate = "12"`), "3:1", `"rate" cannot be a text`, "a number"},
		{"number too large", seedOf(`[[workers]]`, `count = 99999999999999999999`), "3:9", "", ""},
		{"duration without a unit", seedOf(`warmup = "30"`), "2:1", `"30" is no duration`, "30s"},
		{"duration out of range", seedOf(`warmup = "3h"`), "2:1", "cannot be", "15m"},
		{"counter below zero", seedOf(`[counters]`, `n = -1`), "3:1", "cannot start at -1", "between 0"},

		{"list of numbers", seedOf(`[lists]`, `l = ["a", 1]`), "3:11", "no text", "a text in quotes"},
		{"empty list", seedOf(`[lists]`, `l = []`), "3:1", "is empty", "at least one"},
		{"list weight", seedOf(`[lists]`, `l = { a = 0 }`), "3:7", `weight of "a"`, "above 0"},
		{"list as text", seedOf(`[lists]`, `l = "a"`), "3:1", "neither", "array of texts"},

		{"unknown field", seedOf(`[templates.t]`, `body = "a {{uid}}"`), "3:11", `no field "uid"`, "uuid"},
		{"unknown list", seedOf(`[templates.t]`, `body = """`, `a`, `b {{pick x}}"""`), "5:3", `no list "x"`, "there is none"},
		{"unknown counter", seedOf(`[counters]`, `a = 1`, `[templates.t]`, `body = "{{seq x}}"`), "5:9", `no counter "x"`, "a"},
		{"unknown fragment", seedOf(`[templates.t]`, `body = "{{use x}}"`), "3:9", `no fragment "x"`, ""},
		{"field arguments", seedOf(`[templates.t]`, `body = "{{int 5}}"`), "3:9", "{{int 5}} is wrong", "int LOW HIGH"},
		{"int upside down", seedOf(`[templates.t]`, `body = "{{int 5 1}}"`), "3:9", "wrong", "int 1 6"},
		{"field not closed", seedOf(`[templates.t]`, `body = "a {{uuid"`), "3:11", "not closed", "}}"},
		{"fragment in a circle", seedOf(`[fragments]`, `a = "{{use b}}"`, `b = "{{use a}}"`), "4:6", "a → b → a", "that end"},
		{"value named like a field", seedOf(`[templates.t]`, `let = { int = "1" }`, `body = "x"`), "3:9", `"int" cannot be the name`, ""},
		{"value of a value", seedOf(`[templates.t]`, `let = { a = "1", b = "{{a}}" }`, `body = "x"`), "3:23", `cannot use the value "a"`, "fields only"},
		{"attribute type", seedOf(`[templates.t]`, `body = "x"`, `attributes = { a = true }`), "4:16", `attribute "a"`, "hex"},
		{"binary without hex", seedOf(`[templates.t]`, `body = "x"`, `attributes = { a = { type = "Binary", value = "x" } }`), "4:16", "incomplete", "hex"},

		{"queue name", seedOf(`[[queues]]`, `name = "a b"`), "3:1", `"a b" cannot be the name`, "1 to 80"},
		{"queue without a name", seedOf(`[[queues]]`, `tags = {}`), "2:3", "cannot be the name", ""},
		{"queue twice", seedOf(`[[queues]]`, `name = "q"`, `[[queues]]`, `name = "q"`), "5:1", "declared twice", "another"},
		{"queue attribute", seedOf(`[[queues]]`, `name = "q"`, `attributes = { Colour = "red" }`), "4:16", "Unknown Attribute Colour", "one of ContentBasedDeduplication"},
		{"queue attribute misspelt", seedOf(`[[queues]]`, `name = "q.fifo"`, `attributes = { DelaySeconds = 5, VisibilityTimeot = 30 }`), "4:34", "VisibilityTimeot", "did you mean VisibilityTimeout?"},
		{"queue attribute range", seedOf(`[[queues]]`, `name = "q"`, `attributes = { DelaySeconds = "16m" }`), "4:16", "DelaySeconds", "0 to 900 seconds"},
		{"queue attribute with a split second", seedOf(`[[queues]]`, `name = "q"`, `attributes = { DelaySeconds = "1500ms" }`), "4:16", "part of a second", "whole"},
		{"redrive as attribute", seedOf(`[[queues]]`, `name = "q"`, `attributes = { RedrivePolicy = "{}" }`), "4:16", "no attribute here", "redrive ="},
		{"tag", seedOf(`[[queues]]`, `name = "q"`, `tags = { "" = "x" }`), "4:1", "128", ""},
		{"redrive to nowhere", seedOf(`[[queues]]`, `name = "q"`, `redrive = { to = "d", max = 3 }`), "4:13", `"d" is not declared`, "q"},
		{"redrive to itself", seedOf(`[[queues]]`, `name = "q"`, `redrive = { to = "q", max = 3 }`), "4:13", "itself", "another"},
		{"redrive to another type", queuesWith(`redrive = { to = "f.fifo", max = 3 }`), "4:13", "cannot redrive", "same type"},
		{"redrive max", seedOf(`[[queues]]`, `name = "q"`, `redrive = { to = "d", max = 0 }`, `[[queues]]`, `name = "d"`), "4:23", "max cannot be 0", "1 to 1000"},

		{"messages for no queue", seedOf(queues+`[[messages]]`, `template = "t"`), "8:3", "the queue is missing", ""},
		{"messages of two kinds", seedOf(queues+`[[messages]]`, `queue = "q"`, `template = "t"`, `message = { body = "x" }`), "8:3", "one way", ""},
		{"no such template", seedOf(queues+`[[messages]]`, `queue = "q"`, `template = "u"`), "10:1", `no template "u"`, "t"},
		{"count", seedOf(queues+`[[messages]]`, `queue = "q"`, `template = "t"`, `count = 0`), "11:1", "cannot be 0", "1 to"},
		{"until before ago", seedOf(queues+`[[messages]]`, `queue = "q"`, `template = "t"`, `ago = "1m"`, `until = "2m"`), "12:1", "until", "1m"},
		{"older than the retention", seedOf(queues+`[[messages]]`, `queue = "q"`, `template = "t"`, `ago = "4d"`), "11:1", "would be gone", "96h"},
		{"dead without a DLQ", seedOf(queues+`[[messages]]`, `queue = "q"`, `template = "t"`, `dead = true`), "11:1", "no dead-letter queue", "redrive"},
		{"FIFO without a group", seedOf(queues+`[[messages]]`, `queue = "f.fifo"`, `template = "t"`), "10:1", "needs a group", "group"},
		{"FIFO without deduplication", seedOf(queues+`[[messages]]`, `queue = "f.fifo"`, `message = { body = "x", group = "g" }`), "10:1", "ContentBasedDeduplication", ""},
		{"empty body", seedOf(queues+`[[messages]]`, `queue = "q"`, `message = { body = "" }`), "10:13", "MessageBody", ""},
		{"forbidden character", seedOf(queues+`[[messages]]`, `queue = "q"`, `message = { body = "\u001b[0m" }`), "10:13", "refused by queue", "SQS accepts"},
		{"attribute name", seedOf(queues+`[[messages]]`, `queue = "q"`, `message = { body = "x", attributes = { "AWS.x" = "y" } }`), "10:25", "AWS.", ""},
		{"group with a space", seedOf(queues+`[[messages]]`, `queue = "q"`, `message = { body = "x", group = "a b" }`), "10:25", "MessageGroupId", ""},
		{"delay too long", seedOf(queues+`[[messages]]`, `queue = "q"`, `message = { body = "x", delay = "16m" }`), "10:25", "DelaySeconds", ""},
		{"delay on FIFO", seedOf(queues+`[[messages]]`, `queue = "f.fifo"`, `message = { body = "x", group = "g", dedup = "d", delay = "1s" }`), "10:51", "DelaySeconds", ""},
		{"deduplication on standard", seedOf(queues+`[[messages]]`, `queue = "q"`, `message = { body = "x", dedup = "d" }`), "10:25", "MessageDeduplicationId", ""},
		{"empty trace header", seedOf(queues+`[[messages]]`, `queue = "q"`, `message = { body = "x", trace_header = "" }`), "10:25", "", ""},
		{"message too large", seedOf(`[fragments]`, `x = "{{hex 1024}}"`, `[[queues]]`, `name = "q"`, `[[messages]]`, `queue = "q"`, `message = { body = "{{repeat 5000 5000 x}}" }`), "8:13", "too large", "1 MiB"},
		{
			"message of too many fields", seedOf(append(doubling(40), `[[queues]]`, `name = "q"`, `[[messages]]`, `queue = "q"`, `message = { body = "x{{use f0}}" }`)...),
			"48:13", "too large", "100,000 fields",
		},
		{"message larger than its queue", seedOf(`[[queues]]`, `name = "q"`, `attributes = { MaximumMessageSize = 1024 }`, `[[messages]]`, `queue = "q"`, `message = { body = "{{hex 1024}}x" }`), "7:1", "1024", ""},
		{"head's hours", seedOf(`hours = [1, 0]`), "2:13", "the factor 0", "0.001 to 100"},
		{"hours", seedOf(queues+`[[producers]]`, `queue = "q"`, `template = "t"`, `rate = 1`, `hours = [1, 101]`), "12:13", "the factor 101", "0.001 to 100"},
		{"queue and topic", seedOf(queues+`[[topics]]`, `name = "x"`, `[[producers]]`, `queue = "q"`, `topic = "x"`, `template = "t"`, `rate = 1`), "12:1", "one way", "a queue or a topic"},
		{"unknown topic", seedOf(queues+`[[topics]]`, `name = "events"`, `[[producers]]`, `topic = "event"`, `template = "t"`, `rate = 1`), "11:1", `"event" is not declared`, "events"},
		{"topic named like a queue", seedOf(queues+`[[topics]]`, `name = "q"`), "9:1", "a queue called", ""},
		{"topic name", seedOf(`[[topics]]`, `name = "a b"`), "3:1", "cannot be the name of a topic", ".fifo"},
		{"FIFO queue on a standard topic", seedOf(queues+`[[topics]]`, `name = "x"`, `[[topics.subscriptions]]`, `queue = "f.fifo"`), "11:1", "cannot subscribe to a standard topic", ".fifo"},
		{"subscribed twice", seedOf(queues+`[[topics]]`, `name = "x"`, `[[topics.subscriptions]]`, `queue = "q"`, `[[topics.subscriptions]]`, `queue = "q"`), "13:1", "subscribes twice", ""},
		{"filter", seedOf(queues+`[[topics]]`, `name = "x"`, `[[topics.subscriptions]]`, `queue = "q"`, `filter = { a = [{ prefx = "b" }] }`), "12:17", "does not know", "prefix"},
		{"filter without a list", seedOf(queues+`[[topics]]`, `name = "x"`, `[[topics.subscriptions]]`, `queue = "q"`, `filter = { a = "b" }`), "12:12", "has no conditions", "a list"},
		{"published without a group", seedOf(queues+`[[topics]]`, `name = "x.fifo"`, `[[producers]]`, `topic = "x.fifo"`, `template = "t"`, `rate = 1`), "12:1", "needs a group", "group"},
		{"published with a delay", seedOf(queues+`delay = "1s"`, `[[topics]]`, `name = "x"`, `[[producers]]`, `topic = "x"`, `template = "t"`, `rate = 1`), "8:1", "cannot be published", "SNS has none"},

		{"heartbeat", seedOf(queues+`[[workers]]`, `queue = "q"`, `heartbeat = { every = "1s" }`), "10:1", "incomplete", "for ="},
		{"heartbeat's timeout", seedOf(queues+`[[workers]]`, `queue = "q"`, `heartbeat = { every = "1s", for = "13h" }`), "10:29", "cannot hide messages", "1s to 12h"},
		{"deletes", seedOf(queues+`[[workers]]`, `queue = "q"`, `deletes = "batches"`), "10:1", `delete by "batches"`, "batch"},
		{"partial alone", seedOf(queues+`[[workers]]`, `queue = "q"`, `partial = true`), "10:1", "by itself already", "batch"},
		{"distribution", seedOf(queues+`[[workers]]`, `queue = "q"`, `distribution = "lognorml"`), "10:1", "lognorml", "lognormal"},
		{"downstream", seedOf(queues+`[[downstreams]]`, `name = "service"`, `[[workers]]`, `queue = "q"`, `calls = "servce"`), "12:1", `"servce" is not declared`, "service"},
		{"refused by nobody", seedOf(queues+`[[workers]]`, `queue = "q"`, `refused = { after = "1s" }`), "10:1", "nothing is called", "calls"},
		{"idempotency", seedOf(queues+`[[workers]]`, `queue = "q"`, `effect = "id"`, `idempotency = "messageid"`), "11:1", "idempotency key", "message-id"},
		{"idempotency of nothing", seedOf(queues+`[[workers]]`, `queue = "q"`, `idempotency = "effect"`), "10:1", "no side effect", "an effect"},
		{"path of an effect", seedOf(queues+`[[workers]]`, `queue = "q"`, `effect = "a..b"`), "10:1", "is no path", "customer.id"},
		{"order without a number", seedOf(queues+`[[workers]]`, `queue = "q"`, `order = { by = "a" }`), "10:1", "is no path", ""},
		{"how a message fails", seedOf(queues+`[[workers]]`, `queue = "q"`, `[[workers.fail]]`, `how = "crashlate"`), "11:1", `fail by "crashlate"`, "crash-late"},

		{"function that gives back", seedOf(queues+`[[lambdas]]`, `queue = "q"`, `[[lambdas.fail]]`, `how = "give-back"`), "11:1", `fail by "give-back"`, "leave"},
		{"batch without a window", seedOf(queues+`[[lambdas]]`, `queue = "q"`, `batch = 11`), "10:1", "Maximum batch window in seconds must be greater than 0", "window"},
		{"window on FIFO", seedOf(queues+`[[lambdas]]`, `queue = "f.fifo"`, `window = "1s"`), "10:1", "FIFO", ""},
		{"batch on FIFO", seedOf(queues+`[[lambdas]]`, `queue = "f.fifo"`, `batch = 11`), "10:1", "cannot be 11", "1 to 10"},
		{"function's timeout", seedOf(queues+`[[lambdas]]`, `queue = "q"`, `timeout = "31s"`), "10:1", "Queue visibility timeout: 30 seconds is less than Function timeout: 31 seconds", "30s"},
		{"maximum concurrency", seedOf(queues+`[[lambdas]]`, `queue = "q"`, `maximum = 1`), "10:1", "cannot be 1", "2 to 1000"},

		{"task without a token", seedOf(queues+`[[state_machines]]`, `queue = "q"`, `template = "t"`, `rate = 1`), "10:1", "without the task's token", "{{token}}"},
		{"token without a task", seedOf(queues+`[templates.k]`, `body = "{{token}}"`, `[[producers]]`, `queue = "q"`, `template = "k"`, `rate = 1`), "12:1", "no task", "without {{token}}"},
		{"machine without a template", seedOf(queues+`[[state_machines]]`, `queue = "q"`, `rate = 1`), "8:3", "what is sent for a task", "{{token}}"},
		{"scaled by nobody", seedOf(queues+`[[workers]]`, `queue = "q"`, `[[scalers]]`, `worker = "q-workr"`), "11:1", `no workers "q-workr"`, "q-worker"},
		{"scaled twice", seedOf(queues+`[[workers]]`, `queue = "q"`, `[[scalers]]`, `worker = "q-worker"`, `[[scalers]]`, `name = "b"`, `worker = "q-worker"`), "14:1", "has a scaler already", ""},
		{"max below min", seedOf(queues+`[[workers]]`, `queue = "q"`, `[[scalers]]`, `worker = "q-worker"`, `min = 5`, `max = 4`), "13:1", "cannot be 4", "5 to 1000"},
		{"downstream without a name", seedOf(`[[downstreams]]`, `limit = 1`), "2:3", "no name", ""},
		{"outage", seedOf(`[[downstreams]]`, `name = "s"`, `down = [{ after = "2m", until = "1m" }]`), "4:25", "end before it begins", "2m"},
		{"two actors of different kinds", seedOf(queues+`[[workers]]`, `queue = "q"`, `name = "x"`, `[[downstreams]]`, `name = "x"`), "10:1", "two actors", ""},
		{"from without a source", seedOf(queues+`[[messages]]`, `queue = "q"`, `message = { body = "{{from a b}}" }`), "8:3", "no message to take", ""},
		{"live before dead", seedOf(`[[queues]]`, `name = "q"`, `redrive = { to = "d", max = 1 }`, `[[queues]]`, `name = "d"`,
			`[[messages]]`, `queue = "q"`, `message = { body = "x" }`, `ago = "2m"`,
			`[[messages]]`, `queue = "q"`, `message = { body = "y" }`, `dead = true`, `ago = "1m"`), "10:1", "younger than its dead letters", "1m"},

		{"producer without a pace", seedOf(queues+`[[producers]]`, `queue = "q"`, `template = "t"`), "8:3", "how often", "rate"},
		{"rate", seedOf(queues+`[[producers]]`, `queue = "q"`, `template = "t"`, `rate = 1001`), "11:1", "1001", "1000"},
		{"rate that is no number", seedOf(queues+`[[producers]]`, `queue = "q"`, `template = "t"`, `rate = nan`), "11:1", "NaN", ""},
		{"jitter", seedOf(queues+`[[producers]]`, `queue = "q"`, `template = "t"`, `rate = 1`, `jitter = 1.5`), "12:1", "1.5", "0 to 1"},
		{"batch", seedOf(queues+`[[producers]]`, `queue = "q"`, `template = "t"`, `rate = 1`, `batch = 11`), "12:1", "11", "1 to 10"},
		{"weights", seedOf(queues+`[[producers]]`, `queue = "q"`, `rate = 1`, `templates = { t = 0 }`), "11:15", "weight 0", "above 0"},
		{"burst", seedOf(queues+`[[producers]]`, `queue = "q"`, `template = "t"`, `rate = 0`, `burst = { every = "1m", rate = 5 }`), "12:1", "incomplete", "for ="},
		{"burst longer than its period", seedOf(queues+`[[producers]]`, `queue = "q"`, `template = "t"`, `rate = 0`, `burst = { every = "1m", for = "2m", rate = 5 }`), "12:25", "for", "1m"},
		{"two actors of one name", seedOf(queues+`[[producers]]`, `queue = "q"`, `template = "t"`, `rate = 1`, `[[producers]]`, `queue = "q"`, `template = "t"`, `rate = 1`), "12:3", "two actors", "its own"},

		{"worker on no queue", seedOf(queues+`[[workers]]`, `queue = "nope"`), "9:1", `"nope" is not declared`, "q, f.fifo"},
		{"worker wait", seedOf(queues+`[[workers]]`, `queue = "q"`, `wait = "21s"`), "10:1", "wait", "20s"},
		{"worker in no time", seedOf(queues+`[[workers]]`, `queue = "q"`, `takes = "0s"`), "10:1", "takes", "1ms"},
		{"worker visibility", seedOf(queues+`[[workers]]`, `queue = "q"`, `visibility = "13h"`), "10:1", "13h", "12h"},
		{"way to fail", seedOf(queues+`[[workers]]`, `queue = "q"`, `[[workers.fail]]`, `how = "explode"`), "11:1", "explode", "give-back, leave, crash"},
		{"fault of the second worker", seedOf(queues+`[[workers]]`, `queue = "q"`, `[[workers.fail]]`, `chance = 1`, `[[workers]]`, `name = "w2"`, `queue = "q"`,
			`[[workers.fail]]`, `chance = 1`, `[[workers.fail]]`, `how = "explode"`), "18:1", "explode", ""},
		{"value of no attribute", seedOf(queues+`[[workers]]`, `queue = "q"`, `[[workers.fail]]`, `value = "x"`), "11:1", "which attribute", ""},
		{"chance", seedOf(queues+`[[workers]]`, `queue = "q"`, `[[workers.fail]]`, `chance = 2`), "11:1", "2", "0 to 1"},
		{"forward without a group", seedOf(queues+`[[workers]]`, `queue = "q"`, `[[workers.forward]]`, `to = "f.fifo"`, `template = "t"`), "12:1", "needs a group", ""},
		{"forwards in a circle", seedOf(queues+`[[queues]]`, `name = "p"`, `[[workers]]`, `queue = "q"`, `forward = [{ to = "p", template = "t" }]`,
			`[[workers]]`, `queue = "p"`, `forward = [{ to = "q", template = "t" }]`), "15:14", "q → p → q", "lead away"},

		{"near match of a queue", seedOf(queues+`[[workers]]`, `queue = "f.fif"`), "9:1", `"f.fif" is not declared`, "did you mean f.fifo?"},
		{"near match of a field", seedOf(`[templates.t]`, `body = "{{uud}}"`), "3:9", `no field "uud"`, "did you mean uuid?"},

		{"fault without a kind", seedOf(`[[faults]]`, `count = 1`), "2:3", "kind of the fault is missing", "throttle"},
		{"kind of fault", seedOf(`[[faults]]`, `kind = "throtle"`), "3:1", `no kind of fault "throtle"`, "did you mean throttle?"},
		{"fault of no queue", seedOf(queues+`[[faults]]`, `kind = "throttle"`, `queue = "nope"`), "10:1", `"nope" is not declared`, "q"},
		{"fault of no action", seedOf(`[[faults]]`, `kind = "throttle"`, `action = "SendMesage"`), "4:1", `cannot happen in "SendMesage"`, "did you mean SendMessage"},
		{"fault of another action", seedOf(`[[faults]]`, `kind = "shortBatch"`, `action = "SendMessage"`), "4:1", "cannot happen in", "one of ReceiveMessage"},
		{"fault's status", seedOf(`[[faults]]`, `kind = "serverError"`, `status = 404`), "4:1", "404", "500 to 599"},
		{"status of no server error", seedOf(`[[faults]]`, `kind = "throttle"`, `status = 503`), "4:1", "has no status", "serverError"},
		{"latency of nothing", seedOf(`[[faults]]`, `kind = "latency"`), "2:3", "needs a duration", `duration = "2s"`},
		{"latency too long", seedOf(`[[faults]]`, `kind = "latency"`, `duration = "2h"`), "4:1", "2h", "1h"},
		{"duration of a throttle", seedOf(`[[faults]]`, `kind = "throttle"`, `duration = "2s"`), "4:1", "has no duration", "latency"},
		{"fault's probability", seedOf(`[[faults]]`, `kind = "throttle"`, `probability = 1.5`), "4:1", "1.5", "0 to 1"},
		{"fault that never happens", seedOf(`[[faults]]`, `kind = "throttle"`, `probability = 0`), "4:1", "never happens", "above 0"},
		{"fault's count", seedOf(`[[faults]]`, `kind = "throttle"`, `count = 0`), "4:1", "cannot be 0", "1 to"},
		{"fault that ends too early", seedOf(`[[faults]]`, `kind = "throttle"`, `after = "1m"`, `until = "1m"`), "5:1", "before it begins", "later than 1m"},
		{"two faults of one id", seedOf(`[[faults]]`, `kind = "throttle"`, `id = "x"`, `[[faults]]`, `kind = "throttle"`, `id = "x"`), "7:1", `the id "x"`, "its own"},
		{"id of a fault without one", seedOf(`[[faults]]`, `kind = "throttle"`, `id = "scenario-2"`, `[[faults]]`, `kind = "throttle"`), "5:3", `the id "scenario-2"`, "its own"},

		{"caller without a key", seedOf(`[[callers]]`, `user = "a"`), "2:3", "cannot be an access key", "letters"},
		{"access key", seedOf(`[[callers]]`, `access_key = "a/b"`, `user = "a"`), "3:1", `"a/b"`, "letters"},
		{"caller who is nobody", seedOf(`[[callers]]`, `access_key = "K"`), "2:3", "say who", "root = true"},
		{"caller who is two", seedOf(`[[callers]]`, `access_key = "K"`, `user = "a"`, `role = "b"`), "2:3", "say who the caller is, one way", ""},
		{"two callers of one key", seedOf(`[[callers]]`, `access_key = "K"`, `user = "a"`, `[[callers]]`, `access_key = "K"`, `user = "b"`), "6:1", "two callers", "its own"},
		{"caller's account", seedOf(`[[callers]]`, `access_key = "K"`, `account = "1234"`, `user = "a"`), "4:1", "no account", "twelve digits"},
		{"user", seedOf(`[[callers]]`, `access_key = "K"`, `user = "a b"`), "4:1", `"a b"`, "name of a user"},
		{"user with a path that ends", seedOf(`[[callers]]`, `access_key = "K"`, `user = "a/"`), "4:1", `"a/"`, "name of a user"},
		{"role with a path", seedOf(`[[callers]]`, `access_key = "K"`, `role = "a/b"`), "4:1", `"a/b"`, "without its path"},
		{"session", seedOf(`[[callers]]`, `access_key = "K"`, `role = "a"`, `session = "a/b"`), "5:1", `"a/b"`, "2 to 64"},
		{"session of a user", seedOf(`[[callers]]`, `access_key = "K"`, `user = "a"`, `session = "ab"`), "5:1", "only a role", "a role too"},
		{"service", seedOf(`[[callers]]`, `access_key = "K"`, `service = "sns"`), "4:1", "no AWS service", "sns.amazonaws.com"},
		{"service in an account", seedOf(`[[callers]]`, `access_key = "K"`, `account = "111122223333"`, `service = "sns.amazonaws.com"`), "4:1", "no account", ""},
		{"id of a caller", seedOf(`[[callers]]`, `access_key = "K"`, `user = "a"`, `id = "A:B"`), "5:1", `"A:B"`, "AIDA"},
		{"condition key", seedOf(`[[callers]]`, `access_key = "K"`, `user = "a"`, `context = { SourceIp = ["10.0.0.1"] }`), "5:13", "no condition key", "aws:SourceVpce"},
		{"condition value", seedOf(`[[callers]]`, `access_key = "K"`, `user = "a"`, `context = { "aws:SourceIp" = "10.0.0.1" }`), "5:13", "cannot be a text", "an array"},
		{"policy that is no JSON", seedOf(`[[callers]]`, `access_key = "K"`, `user = "a"`, `policies = [`, `'{}',`, `]`), "6:1", "policy 1 is wrong", ""},
		{"policy with a principal", seedOf(`[[callers]]`, `access_key = "K"`, `user = "a"`,
			`policies = ['{"Statement":{"Sid":"s1","Effect":"Allow","Principal":"*","Action":"sqs:*","Resource":"*"}}']`), "5:13", "statement 1 (s1)", ""},
		{"policies beside full access", seedOf(`[[callers]]`, `access_key = "K"`, `user = "a"`, `full_access = true`, `policies = ['{}']`), "6:1", "full access needs no", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := Parse("seed.toml", []byte(tt.file))
			var e *backend.Error
			if !errors.As(err, &e) {
				t.Fatalf("got %v, want a *backend.Error", err)
			}
			if e.Kind != backend.KindInvalid {
				t.Errorf("kind %v, want invalid", e.Kind)
			}
			if want := "seed.toml:" + tt.at; e.Subject != want {
				t.Errorf("at %s, want %s: %v", e.Subject, want, e)
			}
			if !strings.Contains(e.Message, tt.says) {
				t.Errorf("says %q, want %q in it", e.Message, tt.says)
			}
			if !strings.Contains(e.Next, tt.next) {
				t.Errorf("expected is %q, want %q in it", e.Next, tt.next)
			}
		})
	}
}

// doubling are fragments of which each uses the next one twice.
func doubling(n int) []string {
	lines := []string{"[fragments]"}
	for i := range n {
		lines = append(lines, fmt.Sprintf(`f%d = "{{use f%d}}{{use f%d}}"`, i, i+1, i+1))
	}
	return append(lines, fmt.Sprintf(`f%d = ""`, n))
}

func queuesWith(line string) string {
	return seedOf(`[[queues]]`, `name = "q"`, line, `[[queues]]`, `name = "f.fifo"`)
}

func TestNamesAreThoseThatLoad(t *testing.T) {
	if len(Names()) < 2 {
		t.Fatalf("only %v", Names())
	}
	for _, name := range Names() {
		s, err := Load(name)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if s.Name != name || s.Title == "" || s.Description == "" {
			t.Errorf("%s has name %q, title %q, description %q", name, s.Name, s.Title, s.Description)
		}
	}
	if _, err := Load(Default); err != nil {
		t.Errorf("default: %v", err)
	}
}

func TestLoadAnUnknownNameListsTheNames(t *testing.T) {
	_, err := Load("shopp")
	if backend.KindOf(err) != backend.KindNotFound || !strings.Contains(err.Error(), "take one of bank, ") || !strings.Contains(err.Error(), "did you mean shop?") {
		t.Errorf("got %v", err)
	}
}

func TestLoadReadsFiles(t *testing.T) {
	dir := t.TempDir()
	good := filepath.Join(dir, "mine.toml")
	if err := os.WriteFile(good, []byte(seedOf(`[[queues]]`, `name = "q"`)), 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := Load(good)
	if err != nil || s.Name != good || len(s.Queues()) != 1 {
		t.Fatalf("got %+v, %v", s, err)
	}
	for name, kind := range map[string]backend.Kind{
		filepath.Join(dir, "other.toml"): backend.KindNotFound,
		"nowhere.toml":                   backend.KindNotFound,
		dir + "/":                        backend.KindInternal,
	} {
		if _, err := Load(name); backend.KindOf(err) != kind || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: got %v, want %v", name, err, kind)
		}
	}
}

// However wrong a file is, the answer is a scenario or an error that says where.
func FuzzParse(f *testing.F) {
	for _, name := range Names() {
		data, err := seeds.ReadFile("seeds/" + name + ".toml")
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Add([]byte(seedOf(`[fragments]`, `a = "{{repeat 9999 9999 b}}"`, `b = "{{repeat 9999 9999 c}}"`, `c = ""`,
		`[[queues]]`, `name = "q"`, `[[messages]]`, `queue = "q"`, `message = { body = "x{{use a}}" }`)))
	f.Add([]byte(seedOf(`[[queues]]`, `name = "q.fifo"`, `attributes = { FifoQueue = true, ContentBasedDeduplication = true }`,
		`[[producers]]`, `queue = "q.fifo"`, `template = "t"`, `rate = 0`, `burst = { every = "1m", for = "1s", rate = 3 }`,
		`[templates."a.b"]`, `body = "{{from a.b c}}{{now -5m}}{{hex 3}}"`, `[templates.t]`, `body = "{{uuid}}"`, `group = "g"`)))
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) > 64<<10 {
			t.Skip()
		}
		s, err := Parse("fuzz.toml", data)
		if err == nil {
			s.History()
			return
		}
		e := backend.AsError(err)
		if e.Kind != backend.KindInvalid || !strings.HasPrefix(e.Subject, "fuzz.toml:") || e.Message == "" {
			t.Errorf("error without a place: %#v", e)
		}
	})
}
