// Package awsline says a request to SQS as the command of the AWS CLI that makes
// the same request: a line to read, to copy into a ticket and to run.
//
// Promise: a POSIX shell takes a [Line] apart into exactly [Args], whatever bytes
// are in it, and the CLI makes of them exactly the request that was given. The
// line is for version 2 of the CLI; where version 1 would make another request of
// it (binary values, addresses of the web in a parameter), the line is written so
// that version 1 makes the same request too, or refuses it.
//
// The package has no state. Secrets are not in a request to SQS, bodies are: who
// keeps lines decides what of a body may be in them.
package awsline

import (
	"slices"
	"strconv"
	"strings"

	"sqscope/backend"
)

// unserved is the endpoint in lines for an embedded engine that is not served:
// the one it is served at by default. A line without one would be sent to AWS.
const unserved = "http://localhost:9324"

// Endpoint is the address that requests to a place go to, where that is not AWS's
// own: then it is "".
func Endpoint(p backend.Place) string {
	switch {
	case !p.Embedded:
		return p.Endpoint
	case p.Listen != "":
		return p.Listen
	}
	return unserved
}

// JSON is one of the 23 inputs of [backend.SQS] as SQS's JSON protocol has it in
// the body of the request, in one line (docs/SQS.md 11). Other inputs are an error
// of [backend.KindInternal].
func JSON(in any) (string, error) {
	action, params := paramsOf(in)
	if action == "" {
		return "", noInput(in)
	}
	return encode(params.object()), nil
}

func noInput(in any) error {
	return backend.Errorf(backend.KindInternal, "%T is no input of SQS", in)
}

// Line is the command for one of the 23 inputs of [backend.SQS], as one line for
// a POSIX shell. An input that is none of them is an error of
// [backend.KindInternal].
func Line(p backend.Place, in any) (string, error) {
	args, err := Args(p, in)
	if err != nil {
		return "", err
	}
	return Quote(args), nil
}

// Args are the words of the command, the first of which is aws.
func Args(p backend.Place, in any) ([]string, error) {
	action, params := paramsOf(in)
	if action == "" {
		return nil, noInput(in)
	}
	args := append([]string{"aws", "sqs", kebab(action)}, where(p)...)
	if slices.ContainsFunc(params, param.binary) {
		// The default may have been configured away, and version 1, which would
		// send the base64 text itself, refuses the option.
		args = append(args, "--cli-binary-format", "base64")
	}
	if slices.ContainsFunc(params, param.misread) {
		return append(args, "--cli-input-json", encode(params.object())), nil
	}
	for _, p := range params {
		args = append(args, p.words()...)
	}
	return args, nil
}

// where are the options that say which place is meant.
func where(p backend.Place) []string {
	var args []string
	if p.Embedded {
		// The engine takes requests from anybody; without this the CLI would
		// look for credentials and refuse to run where there are none.
		args = append(args, "--no-sign-request")
	}
	for _, o := range []struct{ name, value string }{
		{"--profile", p.Profile}, {"--region", p.Region}, {"--endpoint-url", Endpoint(p)},
	} {
		if o.value != "" {
			args = append(args, option(o.name, o.value)...)
		}
	}
	return args
}

// option is an option with its value. One that begins with a dash would be taken
// for another option and is joined to its name.
func option(name, value string) []string {
	if strings.HasPrefix(value, "-") {
		return []string{name + "=" + value}
	}
	return []string{name, value}
}

// words are the parameter as words of the command line.
func (p param) words() []string {
	name := "--" + kebab(p.name)
	switch v := p.value.(type) {
	case string:
		return option(name, v)
	case int:
		return option(name, strconv.Itoa(v))
	case []string:
		if len(v) > 0 && !slices.ContainsFunc(v, ambiguous) {
			return append([]string{name}, v...)
		}
	}
	return []string{name, encode(p.value)}
}

// ambiguous tells whether a word of a list could be taken for something else: an
// option, JSON or the name of a file.
func ambiguous(word string) bool {
	return word == "" || strings.ContainsAny(word, "\x00:") || strings.ContainsAny(word[:1], "-[ \t\r\n\v\f")
}

// misread tells whether the CLI would not take the parameter as it stands: it
// opens what begins as the name of a file, version 1 also fetches what begins as
// an address of the web, and no word has a NUL. Queue URLs are exempt.
func (p param) misread() bool {
	v, ok := p.value.(string)
	if !ok {
		return false
	}
	if strings.Contains(v, "\x00") {
		return true
	}
	for _, prefix := range []string{"file://", "fileb://", "http://", "https://"} {
		if strings.HasPrefix(v, prefix) {
			return p.name != "QueueUrl" || strings.HasPrefix(prefix, "file")
		}
	}
	return false
}

// kebab is a name of SQS as the CLI has it: QueueUrl is queue-url, AWSAccountIds
// aws-account-ids.
func kebab(name string) string {
	upper := func(i int) bool { return i < len(name) && name[i] >= 'A' && name[i] <= 'Z' }
	var b strings.Builder
	for i := range len(name) {
		if i > 0 && upper(i) && (!upper(i-1) || i+1 < len(name) && !upper(i+1)) {
			b.WriteByte('-')
		}
		b.WriteByte(name[i])
	}
	return strings.ToLower(b.String())
}
