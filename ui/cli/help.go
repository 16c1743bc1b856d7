package cli

import (
	"embed"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"

	"github.com/alecthomas/kong"

	"sqscope/backend/find"
	"sqscope/ui/text"
)

// topics are the texts of help, one file each; the first line is the title.
//
//go:embed help
var topics embed.FS

// man is the topic that is the manual page.
const man = "man"

// helpCmd explains.
type helpCmd struct {
	Topic []string `arg:"" optional:"" help:"A topic, or a command with its words." complete:"topic"`
	Man   bool     `help:"Print the manual page, for man."`
}

func topicNames() []string {
	files, err := topics.ReadDir("help")
	if err != nil {
		panic(err) // they are in the program
	}
	names := make([]string, len(files))
	for i, f := range files {
		names[i] = strings.TrimSuffix(f.Name(), ".md")
	}
	return names
}

func topic(name string) (string, bool) {
	b, err := topics.ReadFile(path.Join("help", name+".md"))
	if err != nil {
		return "", false
	}
	s := string(b)
	if name == "filters" {
		s = strings.Replace(s, "FORMS\n", forms(), 1)
	}
	return s, true
}

// meaningWidth is how long a line is that explains a form, in cells: with the form
// it fits on eighty.
const meaningWidth = 52

// forms is the language of filters, from the room that reads it.
func forms() string {
	var b strings.Builder
	for _, f := range find.Help() {
		form := f.Form
		for _, line := range text.Clean(f.Meaning).Wrap(meaningWidth) {
			fmt.Fprintf(&b, "    %-22s %s\n", form, line)
			form = ""
		}
	}
	return b.String() + "\n"
}

func title(s string) string {
	first, _, _ := strings.Cut(s, "\n")
	return strings.TrimPrefix(first, "# ")
}

// Run prints a topic, the help of a command, or what topics there are.
func (c *helpCmd) Run(r *runner) error {
	name := strings.Join(c.Topic, " ")
	if s, ok := topic(name); ok && !c.Man {
		_, err := io.WriteString(r.Stdout, s)
		return err
	}
	switch {
	case c.Man, name == man:
		return manual(r.Stdout, r.app)
	case name == "":
		return overview(r.Stdout)
	case command(r.app, c.Topic):
		return c.ofCommand(r)
	}
	if n, rest := deepest(r.app.Node, c.Topic); n != r.app.Node {
		if len(n.Children) == 0 {
			return Usagef("%s has no parts: sqscope help %s explains it", n.Path(), n.Path())
		}
		return Usagef("there is no command %s %s%s", n.Path(), rest, among(rest, commandNames(n)))
	}
	known := slices.Compact(slices.Sorted(slices.Values(append(append(topicNames(), man), commandNames(r.app.Node)...))))
	return Usagef("there is no help for %q%s", name, among(name, known))
}

func overview(w io.Writer) error {
	var b strings.Builder
	b.WriteString("sqscope --help lists the commands, sqscope help COMMAND explains one. Topics:\n\n")
	for _, n := range topicNames() {
		s, _ := topic(n)
		fmt.Fprintf(&b, "  sqscope help %-10s %s\n", n, title(s))
	}
	fmt.Fprintf(&b, "  sqscope help %-10s %s\n", man, "This program's manual page, for man")
	_, err := io.WriteString(w, b.String())
	return err
}

// ofCommand prints the help of a command, as --help does.
func (c *helpCmd) ofCommand(r *runner) error {
	parser, err := newParser(&Line{}, r.Program, func(int) {})
	if err != nil {
		return err
	}
	// --help prints and ends; that the line lacks arguments is no matter.
	_, _ = parser.Parse(append(c.Topic, "--help"))
	return nil
}

// command tells whether the words are a command.
func command(app *kong.Application, words []string) bool {
	_, rest := deepest(app.Node, words)
	return rest == ""
}

// deepest is the command that words begin with, and the first word that is not part
// of one.
func deepest(n *kong.Node, words []string) (_ *kong.Node, rest string) {
	for _, w := range words {
		at := slices.IndexFunc(n.Children, func(c *kong.Node) bool { return c.Name == w && !c.Hidden })
		if at < 0 {
			return n, w
		}
		n = n.Children[at]
	}
	return n, ""
}

func commandNames(of *kong.Node) (names []string) {
	for _, n := range of.Children {
		if !n.Hidden {
			names = append(names, n.Name)
		}
	}
	return names
}

func topicCandidates(app *kong.Application) (all []candidate) {
	for _, n := range topicNames() {
		s, _ := topic(n)
		all = append(all, candidate{n, title(s)})
	}
	all = append(all, candidate{man, "the manual page"})
	for _, n := range app.Children {
		if !n.Hidden {
			all = append(all, candidate{n.Name, n.Help})
		}
	}
	return all
}
