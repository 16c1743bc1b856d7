package cli

import (
	"bytes"
	"strings"
	"testing"
)

// Whoever mistypes is told what is wrong, and what would be right.
func TestAWrongWordIsSaidWithTheNearestRightOne(t *testing.T) {
	t.Setenv("SQSCOPE_CONFIG", t.TempDir()+"/none.toml")
	for _, c := range []struct {
		line []string
		says string
	}{
		// Commands and topics.
		{[]string{"lss"}, "there is no command lss; did you mean ls?"},
		{[]string{"config", "pth"}, "there is no command config pth; it must be one of path, check, example; did you mean path?"},
		{[]string{"frobnicate"}, "there is no command frobnicate; it must be one of screen, lab, "},
		{[]string{""}, `there is no command ""; it must be one of screen, lab, `},
		{[]string{"config"}, "one of path, check, example is missing"},
		{[]string{"help", "pek"}, `there is no help for "pek"; did you mean peek?`},
		{[]string{"help", "config", "chekc"}, "there is no command config chekc; it must be one of path, check, example; did you mean check?"},
		{[]string{"help", "ls", "x"}, "ls has no parts: sqscope help ls explains it"},
		{[]string{"completion", "zhs"}, `SHELL is "zhs" and must be one of bash, zsh, fish, powershell; did you mean zsh?`},
		{[]string{"completion"}, "SHELL is missing"},

		// Arguments: too few, too many, empty.
		{[]string{"move", "a"}, "TO is missing"},
		{[]string{"move", "a", "b", "c"}, "c is one argument too many: sqscope move takes FROM TO"},
		{[]string{"ls", "a-dlq", "b-dlq"}, "b-dlq is one argument too many: sqscope ls takes [PATTERN]; a shell leaves a pattern alone that stands in quotes"},
		{[]string{"version", "now"}, "now is one argument too many: sqscope version takes no arguments"},
		{[]string{"ls", "[a"}, `PATTERN: "[a" is no pattern: a [ without its ] stands in it`},
		{[]string{"export", "q", ""}, "FILE is empty: name a file, or leave it out"},
		{[]string{"import", "q", ""}, "FILE is empty"},
		{[]string{"attrs", "q", "visibility=5"}, `there is no attribute "visibility" that can be set; did you mean VisibilityTimeout?`},
		{[]string{"attrs", "q", "VisibilityTimeot"}, `there is no attribute "VisibilityTimeot"; did you mean VisibilityTimeout?`},
		{[]string{"attrs", "q", "VisibilityTimeout", "DelaySeconds=5"}, "VisibilityTimeout has no value: name attributes to see them"},
		{[]string{"create", "q", "VisibilityTimeout"}, `"VisibilityTimeout" must be NAME=VALUE, as VisibilityTimeout=5m`},
		{[]string{"attrs", "q", "VisibilityTimeout=-5"}, `VisibilityTimeout is "-5" and must be 0 s to 12 h`},
		{[]string{"attrs", "q", "Policy=@none.json"}, `Policy: the file "none.json" cannot be read: no such file or directory`},
		{[]string{"attrs", "q", "SqsManagedSseEnabled=yes"}, `SqsManagedSseEnabled is "yes" and must be one of true, false`},
		{[]string{"create", "q.fifo", "DeduplicationScope=messagegroups"}, `must be one of messageGroup, queue; did you mean messageGroup?`},

		// Flags.
		{[]string{"ls", "--jsn"}, "there is no flag --jsn; did you mean --json?"},
		{[]string{"peek", "q", "-x"}, "there is no flag -x\n"},
		{[]string{"peek", "q", "-n"}, "-n needs a value: N"},
		{[]string{"peek", "q", "-n", "ten"}, `-n is "ten" and must be a whole number`},
		{[]string{"peek", "q", "-n=5"}, `-n is "=5"; did you mean -n 5?`},
		{[]string{"peek", "q", "-n", "-5"}, "-n is -5 and must not be negative"},
		{[]string{"peek", "q", "-n0"}, "-n is 0 and must be 1 or more"},
		{[]string{"watch", "--n=-5"}, "-n is -5 and must be 0 or more"},
		{[]string{"watch", "--for", "-1s"}, "--for is -1s and must not be negative"},
		{[]string{"watch", "--for", "1x"}, `--for: "1x" is no length of time: write 90s, 5m or 1h30m`},
		{[]string{"send", "q", "x", "--group", "-5"}, "--group needs a value, and -5 is a flag; where it is meant as the value, write --group=-5"},
		{[]string{"serve", "--seed", "-1"}, "--seed is -1 and must not be negative"},
		{[]string{"ls", "--region", "--json"}, "--region needs a value, and --json is a flag; where it is meant as the value, write --region=--json"},
		{[]string{"peek", "q", "--reveal=maybe"}, `--reveal is "maybe" and must be true or false; alone it is true`},
		{[]string{"doctor", "--least", "lose"}, `--least is "lose" and must be one of informs, style, costs, blocks, exposes, loses; did you mean loses?`},
		{[]string{"export", "q", "x", "--format", "jsonl2"}, `--format is "jsonl2" and must be one of jsonl, csv, files; did you mean jsonl?`},
		{[]string{"export", "q", "--format", "files"}, "--format files needs the name of a folder"},
		{[]string{"peek", "q", "--where", ".a |"}, "--where: .a |: it ends too soon"},
		{[]string{"peek", "q", "--where", ""}, "--where: missing query"},
		{[]string{"tail", "q", "--for", "12h"}, "--for is 12h 00m and must be 11 h or less"},
		{[]string{"create", "q", "--tag", "team"}, `--tag is "team" and must be KEY=VALUE`},
		{[]string{"create", "q", "--tag", "a=1", "--tag", "a=2"}, "--tag a is given twice"},
		{[]string{"create", "q", "--max-receive-count", "3"}, "--max-receive-count goes with --dlq"},
		{[]string{"create", "q", "--dlq", "d", "--max-receive-count", "0"}, "--max-receive-count is 0 and must be 1 to 1000"},
		{[]string{"create", "q", "--dlq", "d", "--max-receive-count", "x"}, `--max-receive-count is "x" and must be a whole number`},
		{[]string{"import", "q", "f", "--rate", "nan"}, "--rate is NaN and must be 0 or more messages a second"},
		{[]string{"import", "q", "--continue"}, "--continue needs a file"},
		{[]string{"move", "a", "b", "--rate", "+inf"}, "--rate is +Inf and must be 0 or more messages a second"},
		{[]string{"move", "a", "b", "--most", "0"}, "--most is 0 and must be 1 or more"},
		{[]string{"redrive", "d", "--native", "--rate", "1.5"}, "--rate is 1.5 and must be a whole number with --native, 1 to 500"},
		{[]string{"redrive", "d", "--native", "--most", "5"}, "--native moves all messages as they are"},
		{[]string{"redrive", "d", "--no-proof", "--prove", "5m"}, "--prove says how long to watch at the end, and --no-proof not to"},
		{[]string{"redrive", "d", "--tolerate", "11"}, "--tolerate is 11, and --canary moves only 10 first: it must be 10 or less"},
		{[]string{"redrive", "d", "--canary=-1"}, "--canary is -1 and must be 0 or more"},
		{[]string{"redrive", "d", "--dedup", "kep"}, `--dedup is "kep" and must be one of new, keep, content; did you mean keep?`},

		// What a variable that is not set leaves.
		{[]string{"ls", "--context", ""}, "--context is empty: it needs a value, NAME, or is left out"},
		{[]string{"ls", "--context", "shop", "--config="}, "--config is empty: it needs a value, FILE, or is left out"},
		{[]string{"ls", "--region", "eu-west-1", "--region", ""}, "--region is empty: it needs a value, REGION, or is left out"},

		// Places.
		{[]string{"ls", "--access", "pek", "--context", "shop"}, `--access is "pek" and must be one of view, peek, change; did you mean peek?`},
		{[]string{"ls", "--region", "eu"}, `--region is "eu" and must be the name of a region, as eu-west-1`},
		{[]string{"ls", "--endpoint-url", "127.0.0.1:9324"}, `--endpoint-url is "127.0.0.1:9324" and must be a whole address; did you mean http://127.0.0.1:9324?`},
		{[]string{"ls", "--endpoint-url", "ftp://x"}, "must begin with http:// or https://"},
		{[]string{"ls", "--context", "shop", "--config", "none.toml"}, "--config: there is no file none.toml"},
		{[]string{"ls", "--context", "shop", "--region", "eu-west-1"}, "--context names a context whole"},
		{[]string{"ls", "--scenario", "a", "--restore", "b"}, "--scenario and --restore cannot both be what is in the engine"},
		{[]string{"ls", "--scenario", "a", "--admin-token-file", "t"}, "--admin-token-file goes with --endpoint-url"},
		{[]string{"keys", "--config", "none.toml"}, "none.toml: there is no such configuration"},
	} {
		var out, said bytes.Buffer
		if code := Run(c.line, nowhere(&out, &said)); code != ExitUsage || !strings.HasPrefix(said.String(), "sqscope: ") || !strings.Contains(said.String(), c.says) {
			t.Errorf("%q ends with %d and says %s", c.line, code, &said)
		}
		if out.Len() > 0 {
			t.Errorf("%q prints %s", c.line, &out)
		}
	}
}
