package cli

import (
	"strings"

	"github.com/alecthomas/kong"
)

// examples are lines of commands as they are typed, by the command's words. They
// stand in its help and on the manual page.
func examples() map[string][]string {
	return map[string][]string{
		"screen": {
			"sqscope --scenario night --seed 1",
			"sqscope --profile shop-prod --region eu-west-1 --access view",
			"sqscope screen --scenario shop --size 120x32 > frame.txt",
		},
		"serve": {
			"sqscope serve --empty --no-cooldown",
			"sqscope serve --scenario ./fixtures.toml --seed 1 --listen 127.0.0.1:0",
		},
		"ls": {
			"sqscope ls --scenario shop",
			"sqscope ls '*-dlq' --context prod --json | jq -r .name",
		},
		"watch":  {"sqscope watch 'orders*' --context prod --for 10m"},
		"doctor": {"sqscope doctor --context prod --least blocks --check"},
		"peek": {
			"sqscope peek orders-dlq --context prod -n 3",
			"sqscope peek orders-dlq --context prod --where '.json.total > 100' --json",
		},
		"tail": {
			"sqscope tail orders --scenario shop",
			"sqscope tail orders --context prod --receive --most 50 --for 5m",
		},
		"export": {
			"sqscope export orders-dlq dead.jsonl --context prod",
			"sqscope export orders-dlq --context prod | jq -r .messageId",
		},
		"attrs": {
			"sqscope attrs orders --context prod",
			"sqscope attrs orders VisibilityTimeout RedrivePolicy --context prod --json",
			"sqscope attrs orders VisibilityTimeout=5m --context prod --access change",
		},
		"send": {
			`sqscope send orders '{"order": 1}' --attr team=checkout --scenario shop`,
			"sqscope send pay.fifo - --group customer-42 --context stage",
		},
		"import": {
			"sqscope import orders dead.jsonl --context stage --dry-run",
			"sqscope import orders dead.jsonl --context stage --rate 10 --left rest.jsonl",
		},
		"redrive": {
			"sqscope redrive orders-dlq --context prod --dry-run",
			"sqscope redrive orders-dlq --context prod --access change --canary 5",
			"sqscope redrive orders-dlq --context prod --where '.json.retry' --to retries",
		},
		"report": {"sqscope report > redrive.md"},
		"move": {
			"sqscope move orders-dlq parked --context prod --most 10 --dry-run",
			"sqscope move orders-dlq orders --context prod --map '.json.version = 2'",
		},
		"resume": {
			"sqscope resume --context prod --dry-run",
			"sqscope resume --context prod --access change",
		},
		"create": {
			"sqscope create orders-dlq MessageRetentionPeriod=14d --context stage",
			"sqscope create orders VisibilityTimeout=1m --dlq orders-dlq --context stage",
		},
		"purge":        {"sqscope purge orders --context stage --dry-run"},
		"delete":       {"sqscope delete old-orders --context stage --access change"},
		"lab":          {"sqscope lab 1"},
		"config check": {"sqscope config check --config ./sqscope.toml"},
		"help":         {"sqscope help jq", "sqscope help config check", "sqscope help man > sqscope.1"},
		"completion":   {"sqscope completion bash > ~/.sqscope-completion"},
	}
}

// exemplify puts the examples into the help of the commands.
func exemplify(app *kong.Application) {
	all := examples()
	for _, n := range app.Leaves(true) {
		if lines := all[n.Path()]; len(lines) > 0 {
			n.Detail = "Examples:\n\n    " + strings.Join(lines, "\n    ")
		}
	}
}
