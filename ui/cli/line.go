package cli

import (
	"cmp"
	"fmt"
	"os"
	"path"
	"strings"
	"time"

	"sqscope/backend/config"
	"sqscope/backend/decode/query"
	"sqscope/ui/format"
)

// Line is the whole command line: every command with its flags and arguments. The
// help, the completions and the man page are made of it.
type Line struct {
	Screen ScreenCmd `cmd:"" default:"withargs" help:"The screen, on the embedded engine unless a context is named."`
	Lab    labCmd    `cmd:"" help:"Lessons with an SQS to try things on: the list on the screen, or one of them."`
	Serve  ServeCmd  `cmd:"" help:"The embedded engine alone, for other programs."`

	Ls     lsCmd     `cmd:"" help:"Queues and depths." group:"Look"`
	Watch  watchCmd  `cmd:"" help:"Depths as they change, one line each." group:"Look"`
	Doctor doctorCmd `cmd:"" help:"What is wrong with queues, the worst first." group:"Look"`
	Peek   peekCmd   `cmd:"" help:"Messages of a queue, which are given back." group:"Look"`
	Tail   tailCmd   `cmd:"" help:"Messages of a queue as they come." group:"Look"`
	Export exportCmd `cmd:"" help:"Messages of a queue to a file." group:"Look"`
	Attrs  attrsCmd  `cmd:"" help:"The attributes of a queue, and new values for them." group:"Look"`

	Send    sendCmd    `cmd:"" help:"Send a message." group:"Change"`
	Import  importCmd  `cmd:"" help:"Send the messages of a file." group:"Change"`
	Redrive redriveCmd `cmd:"" help:"Bring dead letters back, a few first, and tell what became of them." group:"Change"`
	Report  reportCmd  `cmd:"" help:"The report of the last redrive, as Markdown." group:"Look"`
	Move    moveCmd    `cmd:"" help:"Move messages from a queue to another without losing any." group:"Change"`
	Resume  resumeCmd  `cmd:"" help:"Finish moves that were interrupted." group:"Change"`
	Create  createCmd  `cmd:"" help:"Make a queue." group:"Change"`
	Purge   purgeCmd   `cmd:"" help:"Delete all messages of a queue." group:"Change"`
	Delete  deleteCmd  `cmd:"" help:"Delete a queue with all that is in it." group:"Change"`

	Scenarios scenariosCmd `cmd:"" help:"The scenarios of the embedded engine." group:"About sqscope"`
	Keys      keysCmd      `cmd:"" help:"Every action and its keys, your own ones included." group:"About sqscope"`
	Themes    themesCmd    `cmd:"" help:"The themes, your own ones included." group:"About sqscope"`
	Config    configCmd    `cmd:"" help:"The configuration file." group:"About sqscope"`
	Help      helpCmd      `cmd:"" help:"Explain a topic or a command." group:"About sqscope"`
	Complete  completeCmd  `cmd:"" name:"completion" help:"Completion of this command line for a shell." group:"About sqscope"`
	Version   versionCmd   `cmd:"" help:"The version of sqscope." group:"About sqscope"`

	Candidates candidatesCmd `cmd:"" name:"__complete" hidden:"" help:"What may stand at the end of a command line."`

	LineCandidates  lineCandidatesCmd  `cmd:"" name:"__complete_line" hidden:"" help:"The same of a line that is not taken apart."`
	WordsCandidates wordsCandidatesCmd `cmd:"" name:"__complete_words" hidden:"" help:"The same of words that are lines of standard input."`
}

const description = `A terminal console for Amazon SQS with an SQS inside it.

  sqscope                          the screen, on the embedded engine
  sqscope --listen 127.0.0.1:9324  the same, served to other programs too
  sqscope --profile NAME           the screen on AWS; or --region REGION
  sqscope --endpoint-url URL       the screen on a compatible endpoint
  sqscope serve                    the engine alone
  sqscope ls --context NAME        a command; it needs the place said

"sqscope screen --help" lists the flags of the screen; the word screen may be left out. "sqscope help" lists topics to read on.

Exit codes: 0 done, 1 failed or partly failed, 2 wrong usage, 3 nothing matched, 4 credentials, 5 denied, 130 interrupted.`

// ScreenCmd shows the screen.
type ScreenCmd struct {
	Target
	Listen string `help:"Serve the embedded engine to other programs, as 127.0.0.1:9324." placeholder:"ADDR"`
	Queue  string `help:"Open at this queue." placeholder:"NAME|URL|ARN" complete:"queue"`
	Theme  string `help:"Colours, by a theme's name; without it the terminal is asked." placeholder:"NAME" complete:"theme"`
	Size   string `help:"Print one frame of that size, as 120x32, instead of taking the terminal." placeholder:"WxH"`
	Config string `help:"Another configuration file." placeholder:"FILE" complete:"file"`
	Log    string `help:"Write what is asked of SQS to this file." placeholder:"FILE" complete:"file"`

	Lab    bool   `kong:"-"` // begin with the lab: the list of lessons or one of them
	Lesson string `kong:"-"` // a number, a name or a file; "": the list
}

// Run shows it.
func (c *ScreenCmd) Run(r *runner) error { return r.screen(*c) }

// ServeCmd serves the embedded engine.
type ServeCmd struct {
	Listen     string   `help:"Where to listen: host and port, 127.0.0.1:9324 unless said." default:"127.0.0.1:9324" placeholder:"ADDR"`
	Scenario   string   `help:"What is in the engine: a scenario's name, or a TOML file." placeholder:"NAME|FILE" xor:"content" complete:"scenario"`
	Empty      bool     `help:"Nothing is in the engine." xor:"content"`
	Restore    string   `help:"What is in the engine: a snapshot." placeholder:"FILE" xor:"content" complete:"file"`
	Seed       uint64   `help:"Fixed randomness."`
	Account    string   `help:"The engine's account." default:"000000000000"`
	Region     string   `help:"The engine's region." default:"us-east-1"`
	Enforce    bool     `help:"Check queue policies, for the callers of the scenario by their access keys."`
	NoCooldown bool     `help:"No 60 s waits after DeleteQueue and PurgeQueue."`
	Public     bool     `help:"Allow an address beyond this machine."`
	AllowHost  []string `help:"Accept this Host header too." placeholder:"NAME"`
	AdminToken string   `name:"admin-token-file" help:"Write the admin API's token to this file and not to standard error." placeholder:"FILE" complete:"file"`
}

// Validate refuses what cannot be meant.
func (c *ServeCmd) Validate() error {
	if c.Restore != "" && c.Seed != 0 {
		return seeded
	}
	return nil
}

// Run serves it.
func (c *ServeCmd) Run(r *runner) error {
	r.started()
	return r.Serve(r.ctx, *c)
}

// versionCmd says what this is.
type versionCmd struct{}

func (versionCmd) Run(r *runner) error {
	_, err := fmt.Fprintln(r.Stdout, "sqscope", r.Version)
	return err
}

// listCmd lists what there is.
type listCmd struct {
	JSON   bool   `name:"json" help:"One JSON object a line; see sqscope help json."`
	Config string `help:"Another configuration file." placeholder:"FILE" complete:"file"`
}

type (
	scenariosCmd struct{ listCmd }
	keysCmd      struct{ listCmd }
	themesCmd    struct{ listCmd }
	pathCmd      struct{ listCmd }
	checkCmd     struct{ listCmd }
	exampleCmd   struct{}
)

func (c scenariosCmd) Run(r *runner) error { return Scenarios(r.print(c.JSON), r.Program.Scenarios()) }

func (c keysCmd) Run(r *runner) error {
	return OpenError(Keys(r.print(c.JSON), r.Stderr, c.Config))
}

func (c themesCmd) Run(r *runner) error {
	return OpenError(Themes(r.print(c.JSON), r.Stderr, c.Config))
}

type configCmd struct {
	Path    pathCmd    `cmd:"" help:"Where the configuration file is looked for."`
	Check   checkCmd   `cmd:"" help:"What is wrong with it: exit 1 if anything is."`
	Example exampleCmd `cmd:"" help:"A whole file with every key."`
}

func (c pathCmd) Run(r *runner) error {
	path := cmp.Or(c.Config, config.Path())
	if c.JSON {
		_, err := os.Stat(path)
		return list(r.print(true), nil, []pathObject{{path, err == nil}}, nil)
	}
	_, err := fmt.Fprintln(r.Stdout, path)
	return err
}

// pathObject is where the configuration is, as programs see it.
type pathObject struct {
	Path  string `json:"path"`
	Found bool   `json:"found"`
}

func (c checkCmd) Run(r *runner) error { return OpenError(CheckConfig(r.print(c.JSON), c.Config)) }

func (exampleCmd) Run(r *runner) error {
	_, err := fmt.Fprint(r.Stdout, config.Example())
	return err
}

// place is where a command works, and how it prints.
type place struct {
	Target
	JSON   bool   `name:"json" help:"One JSON object a line; see sqscope help json."`
	Config string `help:"Another configuration file." placeholder:"FILE" complete:"file"`
	Log    string `help:"Write what is asked of SQS to this file." placeholder:"FILE" complete:"file"`
}

// change is a command that changes something.
type change struct {
	place
	Yes    bool `help:"Do it without asking; needed where no terminal is."`
	DryRun bool `help:"Say what would be done, and do nothing."`
}

// glob is a pattern of queue names; "" is every queue.
type glob string

// UnmarshalText refuses what is no pattern.
func (g *glob) UnmarshalText(b []byte) error {
	if _, err := path.Match(string(b), ""); err != nil {
		return fmt.Errorf("%q is no pattern: a [ without its ] stands in it; * is any letters, ? is one, [a-c] one of some", b)
	}
	*g = glob(b)
	return nil
}

func (g glob) match(queue string) bool { return g == "" || config.Match(string(g), queue) }

// expr is a jq expression over the message object; its zero value is none.
type expr struct{ *query.Query }

// UnmarshalText compiles it.
func (e *expr) UnmarshalText(b []byte) (err error) {
	e.Query, err = query.Compile(string(b))
	return err
}

// span is a length of time in whole seconds.
type span time.Duration

// UnmarshalText reads 90, 90s, 5m or 1h30m.
func (s *span) UnmarshalText(b []byte) error {
	d, err := time.ParseDuration(string(b))
	if err != nil {
		d, err = time.ParseDuration(format.WholeSeconds(string(b)) + "s")
	}
	if err != nil || d <= 0 {
		return fmt.Errorf("%q is no length of time: write 90s, 5m or 1h30m", b)
	}
	*s = span(d)
	return nil
}

// stdin is the name of a file that is standard input or output.
const stdin = "-"

// words puts the parts of a sentence together that there are.
func words(parts ...string) string {
	var there []string
	for _, p := range parts {
		if p != "" {
			there = append(there, p)
		}
	}
	return strings.Join(there, "; ")
}
