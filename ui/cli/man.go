package cli

import (
	"fmt"
	"io"
	"strings"

	"github.com/alecthomas/kong"
)

// manual writes the manual page, for roff: every command with its arguments and
// flags, from the same tree that the command line is read by.
func manual(w io.Writer, app *kong.Application) error {
	var b strings.Builder
	b.WriteString(".TH SQSCOPE 1\n.SH NAME\nsqscope \\- a terminal console for Amazon SQS with an SQS inside it\n")
	b.WriteString(".SH SYNOPSIS\n.B sqscope\n[\\fICOMMAND\\fR] [\\fIFLAGS\\fR]\n.SH DESCRIPTION\n")
	manDescription(&b)
	b.WriteString(".SH COMMANDS\n")
	for _, n := range app.Leaves(true) {
		manCommand(&b, n)
	}
	b.WriteString(".SH FLAGS THAT SAY WHERE\nThe screen and most commands take these.\n")
	manFlags(&b, app.Leaves(true)[0], saysWhere)
	b.WriteString(".SH EXIT STATUS\n")
	for _, e := range [][2]string{
		{"0", "done"}, {"1", "failed, or partly failed"}, {"2", "wrong usage"}, {"3", "nothing matched"}, {"4", "credentials"}, {"5", "denied"}, {"130", "interrupted"},
	} {
		fmt.Fprintf(&b, ".TP\n.B %s\n%s\n", e[0], roff(e[1]))
	}
	b.WriteString(".SH ENVIRONMENT\n")
	for _, e := range [][2]string{
		{"SQSCOPE_CONFIG", "The configuration file, instead of sqscope/config.toml in the XDG config folder."},
		{"AWS_PROFILE, AWS_REGION, AWS_ACCESS_KEY_ID …", "Those of the AWS SDK, with its files."},
		{"AWS_ENDPOINT_URL_SQS, AWS_ENDPOINT_URL", "An SQS-compatible endpoint."},
		{"NO_COLOR", "Anything: no colours."},
		{"EDITOR, VISUAL, PAGER", "What texts are edited and read with."},
		{"XDG_CONFIG_HOME, XDG_STATE_HOME …", "Where files are."},
	} {
		fmt.Fprintf(&b, ".TP\n.B %s\n%s\n", roff(e[0]), roff(e[1]))
	}
	b.WriteString(".SH FILES\n")
	for _, f := range [][2]string{
		{"$XDG_CONFIG_HOME/sqscope/config.toml", "The configuration; sqscope config example prints one with every key."},
		{"$XDG_STATE_HOME/sqscope/journal", "What was changed, with ids and digests and without bodies."},
		{"$XDG_STATE_HOME/sqscope/evidence", "Messages that were written down before they were deleted."},
		{"$XDG_STATE_HOME/sqscope/moves", "The journals of moves, by which sqscope resume finishes them."},
		{"$XDG_STATE_HOME/sqscope/redrives", "The reports of redrives."},
		{"$XDG_STATE_HOME/sqscope/imports", "Where imports ended, for sqscope import --continue."},
		{"$XDG_DATA_HOME/sqscope/exports", "Messages that were exported from the screen."},
	} {
		fmt.Fprintf(&b, ".TP\n.I %s\n%s\n", roff(f[0]), roff(f[1]))
	}
	for _, name := range topicNames() {
		s, _ := topic(name)
		_, rest, _ := strings.Cut(s, "\n")
		fmt.Fprintf(&b, ".SH %s\n.in 0\n.nf\n%s\n.fi\n.in\n", strings.ToUpper(roff(title(s))), roff(strings.Trim(rest, "\n")))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func manCommand(b *strings.Builder, n *kong.Node) {
	fmt.Fprintf(b, ".SS %s\n%s\n", roff(capitals(n.Summary())), roff(n.Help))
	for _, p := range n.Positional {
		fmt.Fprintf(b, ".TP\n.I %s\n%s\n", roff(capitals(p.Summary())), roff(p.Help))
	}
	manFlags(b, n, func(f *kong.Flag) bool { return !saysWhere(f) })
	if lines := examples()[n.Path()]; len(lines) > 0 {
		fmt.Fprintf(b, ".PP\nExamples:\n.PP\n.nf\n%s\n.fi\n", roff(strings.Join(lines, "\n")))
	}
}

// saysWhere tells whether a flag says where a command works, as many commands let
// one.
func saysWhere(f *kong.Flag) bool { return f.Group != nil && f.Group.Key == "Where" }

func manFlags(b *strings.Builder, n *kong.Node, those func(*kong.Flag) bool) {
	for _, group := range n.AllFlags(true) {
		for _, f := range group {
			if f.Name != "help" && those(f) {
				fmt.Fprintf(b, ".TP\n.B %s\n%s\n", roff(f.String()), roff(explained(f.Value)))
			}
		}
	}
}

// manDescription writes the description, whose examples keep their lines.
func manDescription(b *strings.Builder) {
	for part := range strings.SplitSeq(description, "\n\n") {
		if strings.HasPrefix(part, " ") {
			fmt.Fprintf(b, ".PP\n.nf\n%s\n.fi\n", roff(part))
		} else {
			fmt.Fprintf(b, ".PP\n%s\n", roff(part))
		}
	}
}

// roff makes text stand for itself: a backslash, a hyphen, and a line that begins
// with what roff takes for a request.
func roff(s string) string {
	s = strings.NewReplacer(`\`, `\e`, `-`, `\-`, `…`, `...`, `→`, `\->`).Replace(s)
	lines := strings.Split(s, "\n")
	for i, l := range lines {
		if strings.HasPrefix(l, ".") || strings.HasPrefix(l, "'") {
			lines[i] = `\&` + l
		}
	}
	return strings.Join(lines, "\n")
}
