package scenario

import "testing"

// busy is a scenario in which all that an actor can be at is to be found, and
// much of it at the same times.
const busy = `format = 1
warmup = "30s"
[counters]
n = 1
[templates.t]
let = { id = "{{uuid}}" }
body = '{"n":{{seq n}},"id":"{{id}}","kind":"{{pick kind}}"}'
attributes = { kind = "{{pick kind}}", bytes = { type = "Binary", hex = "00ff" } }
[templates.f]
body = '{"from":{{from n 0}},"x":{{int 1 9}}}'
group = "{{pick kind}}"
dedup = "{{uuid}}"
[lists]
kind = { fine = 6, slow = 1, poison = 2, crash = 1 }
[[queues]]
name = "a"
attributes = { VisibilityTimeout = "20s" }
redrive = { to = "dead", max = 2 }
[[queues]]
name = "dead"
[[queues]]
name = "b.fifo"
attributes = { VisibilityTimeout = "10s" }
[[messages]]
queue = "a"
template = "t"
count = 20
ago = "1m"
[[producers]]
queue = "a"
template = "t"
every = "1s"
jitter = 0
batch = 3
[[producers]]
name = "bursts"
queue = "a"
template = "t"
rate = 0
burst = { every = "1m", for = "10s", rate = 5, after = "7s" }
[[workers]]
queue = "a"
count = 3
batch = 2
takes = "1s"
spread = 0
  [[workers.fail]]
  body = "poison"
  after = "5s"
  [[workers.fail]]
  attribute = "kind"
  value = "crash"
  how = "crash"
  after = "40s"
  [[workers.fail]]
  attribute = "kind"
  value = "slow"
  how = "leave"
  takes = "25s"
  [[workers.forward]]
  to = "b.fifo"
  template = "f"
  chance = 0.7
[[workers]]
name = "second"
queue = "a"
takes = "400ms"
[[workers]]
queue = "b.fifo"
count = 2
batch = 5
wait = "0s"
every = "1s"
takes = "300ms"
  [[workers.fail]]
  chance = 0.2
  how = "leave"
[[workers]]
queue = "dead"
takes = "10ms"
[[faults]]
kind = "throttle"
queue = "a"
probability = 0.05
[[faults]]
kind = "duplicateDelivery"
queue = "a"
probability = 0.1
[[faults]]
kind = "partialBatchFailure"
count = 40
after = "5m"
until = "2h"
[[faults]]
kind = "shortBatch"
probability = 0.5
`

func parseBusy(t testing.TB) *Scenario {
	t.Helper()
	s, err := Parse("busy.toml", []byte(busy))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// busyStage is a stage on which it plays.
func busyStage(t *testing.T) (*stage, *Run) {
	t.Helper()
	s := parseBusy(t)
	g := newStage(t, s)
	return g, g.start(s, 2)
}
