package cli

import (
	"bufio"
	"context"
	"embed"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/alecthomas/kong"

	"sqscope/backend"
	"sqscope/backend/config"
	"sqscope/backend/move"
	"sqscope/backend/tomlfile"
	"sqscope/ui/program"
	"sqscope/ui/text"
)

// shells has the scripts that have a shell ask "sqscope __complete".
//
//go:embed shells
var shells embed.FS

// completeCmd prints the script for a shell.
type completeCmd struct {
	Shell string `arg:"" help:"bash, zsh, fish or powershell." complete:"shell"`
}

func shellNames() []string { return []string{"bash", "zsh", "fish", "powershell"} }

// Run prints it.
func (c *completeCmd) Run(r *runner) error {
	if !slices.Contains(shellNames(), c.Shell) {
		return Usagef("SHELL is %q and must be %s", c.Shell, tomlfile.OneOf(c.Shell, shellNames()))
	}
	b, err := shells.ReadFile(path.Join("shells", c.Shell))
	if err != nil {
		return err
	}
	_, err = r.Stdout.Write(b)
	return err
}

// filesToo is the candidate that says that names of files may stand there.
const filesToo = ":files"

// completeLimit is how long a shell waits for queue names.
const completeLimit = 3 * time.Second

// candidatesCmd prints what the last word of a command line may become: a
// candidate, a tab and what it is, on each line.
type candidatesCmd struct {
	Words []string `arg:"" optional:"" passthrough:""`
}

// Run prints them. What fails, as a place that cannot be reached, has none.
func (c *candidatesCmd) Run(r *runner) error {
	words := c.Words
	if len(words) > 0 && words[0] == "--" {
		words = words[1:]
	}
	if len(words) == 0 {
		words = []string{""}
	}
	out := bufio.NewWriter(r.Stdout)
	for _, a := range completing(r, words).candidates() {
		fmt.Fprintf(out, "%s\t%s\n", text.Clean(a.word), text.Clean(a.what))
	}
	return out.Flush()
}

// wordsCandidatesCmd is candidatesCmd for a shell that does not hand every argument
// on as it is: each line of standard input is a word.
type wordsCandidatesCmd struct{}

// Run prints them.
func (wordsCandidatesCmd) Run(r *runner) error {
	b, err := io.ReadAll(r.Stdin)
	if err != nil {
		return err
	}
	lines := strings.TrimSuffix(strings.ReplaceAll(strings.TrimPrefix(string(b), "\ufeff"), "\r\n", "\n"), "\n")
	return (&candidatesCmd{Words: append([]string{"--"}, strings.Split(lines, "\n")...)}).Run(r)
}

// candidate is what a word may become.
type candidate struct{ word, what string }

// completion is a command line up to the word that is being typed.
type completion struct {
	r        *runner
	node     *kong.Node
	awaits   *kong.Flag // whose value the word is; nil: none
	position int        // of the word among the arguments
	last     string
	said     map[string][]string // values of flags before
}

// completing reads the words before the last one.
func completing(r *runner, words []string) *completion {
	c := &completion{r: r, node: r.app.Node, last: words[len(words)-1], said: map[string][]string{}}
	for _, w := range words[:len(words)-1] {
		switch {
		case c.awaits != nil:
			c.said[c.awaits.Name] = append(c.said[c.awaits.Name], w)
			c.awaits = nil
		case isFlag(w):
			c.flag(w)
		default:
			c.argument(w)
		}
	}
	return c
}

func (c *completion) flag(w string) {
	name, value, given := cutFlag(w)
	switch f := c.named(name); {
	case f == nil:
	case given:
		c.said[f.Name] = append(c.said[f.Name], value)
	case !f.IsBool():
		c.awaits = f
	}
}

// named is the flag of that name, long or short, or nil.
func (c *completion) named(name string) *kong.Flag {
	for _, f := range c.flags() {
		if f.Name == name || len(name) == 1 && f.Short == rune(name[0]) {
			return f
		}
	}
	return nil
}

func (c *completion) argument(w string) {
	for _, child := range c.node.Children {
		if child.Name == w {
			c.node = child
			return
		}
	}
	c.position++
}

// command is the command that the words are of: at the beginning the screen.
func (c *completion) command() *kong.Node {
	if c.node.DefaultCmd != nil {
		return c.node.DefaultCmd
	}
	return c.node
}

func (c *completion) flags() (all []*kong.Flag) {
	for _, group := range c.command().AllFlags(true) {
		all = append(all, group...)
	}
	return all
}

// candidates are what the last word may become.
func (c *completion) candidates() []candidate {
	name, value, given := strings.Cut(c.last, "=")
	switch {
	case c.awaits != nil:
		return c.fitting(c.values(c.awaits.Value), "", c.last)
	case strings.HasPrefix(c.last, "--") && given:
		for _, f := range c.flags() {
			if "--"+f.Name == name {
				return c.fitting(c.values(f.Value), name+"=", value)
			}
		}
		return nil
	case isFlag(c.last):
		var all []candidate
		for _, f := range c.flags() {
			all = append(all, candidate{"--" + f.Name, f.Help})
		}
		return c.fitting(all, "", c.last)
	}
	var all []candidate
	for _, child := range c.node.Children {
		if !child.Hidden {
			all = append(all, candidate{child.Name, child.Help})
		}
	}
	if args := c.node.Positional; len(args) > 0 {
		at := min(c.position, len(args)-1)
		if at == c.position || args[at].IsSlice() {
			all = append(all, c.values(args[at])...)
		}
	}
	return c.fitting(all, "", c.last)
}

// fitting are those that begin as the word does.
func (c *completion) fitting(all []candidate, before, word string) (fit []candidate) {
	for _, a := range all {
		if a.word == filesToo || strings.HasPrefix(a.word, word) {
			if a.word != filesToo {
				a.word = before + a.word
			}
			fit = append(fit, a)
		}
	}
	return fit
}

// values are what a flag or an argument may be.
func (c *completion) values(v *kong.Value) []candidate {
	named := func(names []string) (all []candidate) {
		for _, n := range names {
			all = append(all, candidate{n, ""})
		}
		return all
	}
	if v.Enum != "" {
		return named(v.EnumSlice())
	}
	files := []candidate{{filesToo, ""}}
	switch v.Tag.Get("complete") {
	case "file":
		return files
	case "lesson":
		var all []candidate
		lessons, _ := c.r.Lessons() // what can be read is offered
		for _, l := range lessons {
			all = append(all, candidate{l.Name, l.Title})
		}
		return append(all, files...)
	case "scenario":
		var all []candidate
		for _, s := range c.r.Program.Scenarios() {
			all = append(all, candidate{s.Name, s.Title})
		}
		return append(all, files...)
	case "profile":
		return named(c.r.Profiles(c.r.ctx))
	case "context":
		return c.contexts()
	case "access":
		return named(levels())
	case "theme":
		_, look, _, err := program.Load("")
		if err != nil {
			return nil
		}
		return named(append([]string{program.Auto}, look.Names()...))
	case "harm":
		return named(harmNames())
	case "shell":
		return named(shellNames())
	case "topic":
		return topicCandidates(c.r.app)
	case "attribute":
		var all []string
		if name, _, begun := strings.Cut(c.last, "="); begun {
			for _, v := range choices()[name] {
				all = append(all, name+"="+v)
			}
			return named(all)
		}
		for _, name := range settable() {
			all = append(all, name+"=")
		}
		return named(all)
	case "queue":
		return named(c.queues())
	case "move":
		return c.moves()
	}
	return nil
}

// moves are those that are unfinished.
func (c *completion) moves() (all []candidate) {
	unfinished, _ := move.Unfinished(movesDir(c.r.State)) // what can be read is offered
	for _, m := range unfinished {
		all = append(all, candidate{m.ID, "from " + m.From.ARN.Name + " in " + m.From.Context})
	}
	return all
}

func (c *completion) contexts() []candidate {
	all := []candidate{{Demo, "the embedded engine"}}
	cfg, _ := config.Load(config.Path())
	for _, x := range cfg.Contexts {
		all = append(all, candidate{x.Name, "of the configuration"})
	}
	for _, p := range c.r.Profiles(c.r.ctx) {
		all = append(all, candidate{p, "AWS profile"})
	}
	return all
}

// queues are the names of queues in the place that the words before name. It is
// asked for them, which is a request; without a place there are none.
func (c *completion) queues() (names []string) {
	one := func(flag string) string {
		if all := c.said[flag]; len(all) > 0 {
			return all[len(all)-1]
		}
		return ""
	}
	p := place{Config: one("config"), Target: Target{
		Scenario: one("scenario"), Restore: one("restore"), Profile: one("profile"), Region: c.said["region"], EndpointURL: one("endpoint-url"), Context: one("context"),
	}}
	ctx, cancel := context.WithTimeout(c.r.ctx, completeLimit)
	defer cancel()
	quiet := *c.r
	quiet.ctx, quiet.Stderr = ctx, io.Discard
	// No error can be shown in the middle of a line that is being typed.
	_ = quiet.in(p, false, func(s *session) error {
		for _, conn := range s.conns {
			in := backend.ListQueuesInput{QueueNamePrefix: c.last, MaxResults: backend.Some(1000)}
			if c.awaits != nil || strings.ContainsAny(c.last, "*?[:/=") {
				in.QueueNamePrefix = ""
			}
			out, err := conn.Stack.SQS.ListQueues(s.ctx, in)
			if err != nil {
				return err
			}
			for _, u := range out.QueueUrls {
				_, name := backend.URLParts(u)
				names = append(names, name)
			}
		}
		return nil
	})
	return names
}
