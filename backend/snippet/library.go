package snippet

import (
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"
	"unicode"

	"sqscope/backend"
)

// golang is a whole program, so that it can be run as it is, and as gofmt has it (of
// bodies up to a million bytes: gofmt takes no longer line for one).
func (w where) golang(in backend.SendMessageInput) string {
	types := ""
	if len(in.MessageAttributes)+len(in.MessageSystemAttributes) > 0 {
		types = "\n\t\"github.com/aws/aws-sdk-go-v2/service/sqs/types\""
	}
	var options, imports, client string
	if w.region != "" {
		options += ", config.WithRegion(" + strconv.Quote(w.region) + ")"
	}
	if w.Profile != "" {
		options += ", config.WithSharedConfigProfile(" + strconv.Quote(w.Profile) + ")"
	}
	if w.open {
		imports = "\n\t\"github.com/aws/aws-sdk-go-v2/credentials\""
		options += `, config.WithCredentialsProvider(credentials.NewStaticCredentialsProvider("test", "test", ""))`
	}
	if w.endpoint != "" {
		client = ", func(o *sqs.Options) { o.BaseEndpoint = aws.String(" + strconv.Quote(w.endpoint) + ") }"
	}
	var b strings.Builder
	fmt.Fprintf(&b, `package main

import (
	"context"
	"fmt"
	"log"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"%s
	"github.com/aws/aws-sdk-go-v2/service/sqs"%s
)

func main() {
	ctx := context.Background()
	cfg, err := config.LoadDefaultConfig(ctx%s)
	if err != nil {
		log.Fatal(err)
	}
	out, err := sqs.NewFromConfig(cfg%s).SendMessage(ctx, &sqs.SendMessageInput{
`, imports, types, options, client)
	goFields(&b, fieldsOf(in))
	b.WriteString("\t})\n\tif err != nil {\n\t\tlog.Fatal(err)\n\t}\n\tfmt.Println(aws.ToString(out.MessageId))\n}\n")
	return b.String()
}

// goFields writes the fields of the request. Values of one line that follow
// one another stand below each other.
func goFields(b *strings.Builder, fields []field) {
	for i, f := range fields {
		switch v := f.value.(type) {
		case string:
			fmt.Fprintf(b, "\t\t%-*s aws.String(%s),\n", nameCells(fields, i), f.name+":", strconv.Quote(v))
		case int:
			fmt.Fprintf(b, "\t\t%-*s %d,\n", nameCells(fields, i), f.name+":", v)
		case []field:
			element := "types.MessageAttributeValue"
			if f.name == "MessageSystemAttributes" {
				element = "types.MessageSystemAttributeValue"
			}
			fmt.Fprintf(b, "\t\t%s: map[string]%s{\n", f.name, element)
			for _, a := range v {
				fmt.Fprintf(b, "\t\t\t%s: {\n", strconv.Quote(a.name))
				goValue(b, a.value.([]field))
				b.WriteString("\t\t\t},\n")
			}
			b.WriteString("\t\t},\n")
		}
	}
}

func goValue(b *strings.Builder, fields []field) {
	for i, f := range fields {
		fmt.Fprintf(b, "\t\t\t\t%-*s ", nameCells(fields, i), f.name+":")
		if data, binary := f.value.([]byte); binary {
			fmt.Fprintf(b, "[]byte(%s),\n", strconv.Quote(string(data)))
		} else {
			fmt.Fprintf(b, "aws.String(%s),\n", strconv.Quote(f.value.(string)))
		}
	}
}

// nameCells is how wide the names are, with their colons, of a field and those
// around it that have one line each.
func nameCells(fields []field, at int) (cells int) {
	line := func(f field) bool { _, several := f.value.([]field); return !several }
	from, to := at, at
	for from > 0 && line(fields[from-1]) {
		from--
	}
	for to < len(fields) && line(fields[to]) {
		to++
	}
	for _, f := range fields[from:to] {
		cells = max(cells, len(f.name)+len(":"))
	}
	return cells
}

func (w where) python(in backend.SendMessageInput) string {
	session := "boto3"
	if w.Profile != "" {
		session = "boto3.Session(profile_name=" + pyString(w.Profile) + ")"
	}
	args := []string{`"sqs"`}
	if w.region != "" {
		args = append(args, "region_name="+pyString(w.region))
	}
	if w.endpoint != "" {
		args = append(args, "endpoint_url="+pyString(w.endpoint))
	}
	if w.open {
		args = append(args, `aws_access_key_id="test"`, `aws_secret_access_key="test"`)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "import boto3\n\nsqs = %s.client(%s)\nout = sqs.send_message(\n", session, strings.Join(args, ", "))
	for _, f := range fieldsOf(in) {
		fmt.Fprintf(&b, "    %s=%s,\n", f.name, python.value(f.value, "    "))
	}
	b.WriteString(")\nprint(out[\"MessageId\"])\n")
	return b.String()
}

func (w where) javascript(in backend.SendMessageInput) string {
	var options []string
	imports := ""
	if w.region != "" {
		options = append(options, "region: "+jsString(w.region))
	}
	if w.endpoint != "" {
		// Without the second the client would send to the host of the queue's URL.
		options = append(options, "endpoint: "+jsString(w.endpoint), "useQueueUrlAsEndpoint: false")
	}
	switch {
	case w.Profile != "":
		imports = "import { fromIni } from \"@aws-sdk/credential-providers\";\n"
		options = append(options, "credentials: fromIni({ profile: "+jsString(w.Profile)+" })")
	case w.open:
		options = append(options, `credentials: { accessKeyId: "test", secretAccessKey: "test" }`)
	}
	list := "{}"
	if len(options) > 0 {
		list = "{ " + strings.Join(options, ", ") + " }"
	}
	var b strings.Builder
	fmt.Fprintf(&b, "import { SQSClient, SendMessageCommand } from \"@aws-sdk/client-sqs\";\n%s\nconst sqs = new SQSClient(%s);\nconst out = await sqs.send(new SendMessageCommand({\n", imports, list)
	for _, f := range fieldsOf(in) {
		fmt.Fprintf(&b, "  %s: %s,\n", f.name, javascript.value(f.value, "  "))
	}
	b.WriteString("}));\nconsole.log(out.MessageId);\n")
	return b.String()
}

// literals write values as a language has them.
type literals struct {
	indent string
	text   func(string) string
	bytes  func([]byte) string
}

var (
	python     = literals{"    ", pyString, pyBytes}
	javascript = literals{"  ", jsString, jsBytes}
)

// value is a value; of nested fields the outer ones, which have the names of
// attributes, stand on lines of their own.
func (l literals) value(value any, at string) string {
	switch v := value.(type) {
	case string:
		return l.text(v)
	case int:
		return strconv.Itoa(v)
	case []byte:
		return l.bytes(v)
	case []field:
		var b strings.Builder
		b.WriteString("{\n")
		for _, f := range v {
			var parts []string
			for _, part := range f.value.([]field) {
				parts = append(parts, l.text(part.name)+": "+l.value(part.value, ""))
			}
			fmt.Fprintf(&b, "%s%s%s: {%s},\n", at, l.indent, l.text(f.name), strings.Join(parts, ", "))
		}
		return b.String() + at + "}"
	}
	return ""
}

func pyBytes(data []byte) string {
	var b strings.Builder
	b.WriteString(`b"`)
	for _, c := range data {
		switch {
		case c == '"' || c == '\\':
			b.WriteByte('\\')
			b.WriteByte(c)
		case c >= ' ' && c < 0x7f:
			b.WriteByte(c)
		default:
			fmt.Fprintf(&b, `\x%02x`, c)
		}
	}
	return b.String() + `"`
}

func jsBytes(data []byte) string {
	return `Buffer.from("` + base64.StdEncoding.EncodeToString(data) + `", "base64")`
}

func pyString(s string) string {
	return quoted(s, func(r rune) string {
		if r > 0xffff {
			return fmt.Sprintf(`\U%08x`, r)
		}
		return fmt.Sprintf(`\u%04x`, r)
	})
}

func jsString(s string) string {
	return quoted(s, func(r rune) string { return fmt.Sprintf(`\u{%x}`, r) })
}

// quoted is a text in double quotes, with what cannot be seen escaped.
func quoted(s string, escape func(rune) string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case unicode.IsPrint(r):
			b.WriteRune(r)
		default:
			b.WriteString(escape(r))
		}
	}
	return b.String() + `"`
}
