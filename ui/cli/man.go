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
	b.WriteString(".nf\n" + roff(description) + "\n.fi\n")
	b.WriteString(".SH COMMANDS\n")
	for _, n := range app.Leaves(true) {
		manCommand(&b, n)
	}
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
	for _, name := range topicNames() {
		s, _ := topic(name)
		_, rest, _ := strings.Cut(s, "\n")
		fmt.Fprintf(&b, ".SH %s\n.nf\n%s\n.fi\n", strings.ToUpper(roff(title(s))), roff(strings.Trim(rest, "\n")))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func manCommand(b *strings.Builder, n *kong.Node) {
	fmt.Fprintf(b, ".SS %s\n%s\n", roff(capitals(n.Summary())), roff(n.Help))
	for _, p := range n.Positional {
		fmt.Fprintf(b, ".TP\n.I %s\n%s\n", roff(capitals(p.Summary())), roff(p.Help))
	}
	for _, group := range n.AllFlags(true) {
		for _, f := range group {
			if f.Name != "help" {
				fmt.Fprintf(b, ".TP\n.B %s\n%s\n", roff(f.String()), roff(explained(f.Value)))
			}
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
