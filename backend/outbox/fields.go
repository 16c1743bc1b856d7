package outbox

import (
	"encoding/json"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"time"

	"sqscope/backend"
	"sqscope/backend/decode/document"
)

// Variables are the fields of a text that is filled in for each message, and what
// they become. Those of scenarios mean the same (docs/SCENARIOS.md).
func Variables() [][2]string {
	return [][2]string{
		{"{{seq}}", "1, 2, 3 …; {{seq 100}} begins at 100"},
		{"{{uuid}}", "a random UUID"},
		{"{{now}}", "the time; {{now -5m}} and {{now 2d}} before or after it"},
		{"{{int 1 6}}", "a whole number, both ends included"},
		{"{{dec 0.99 250.00}}", "a number with as many decimals"},
		{"{{hex 16}}", "random hex digits"},
		{"{{pick a,b,c}}", "one of these"},
		{"{{from order.id}}", "a value of the file's entry; a second word is taken where there is none"},
	}
}

// words are the names of fields.
func words() []string {
	return []string{"seq", "uuid", "now", "int", "dec", "hex", "pick", "from"}
}

// pen is what the fields of one message are written with.
type pen struct {
	rng    *rand.Rand
	number int // of the message, from 1
	now    time.Time
	row    map[string]any // the entry of a file; nil: there is none
	json   bool           // what is written is JSON: values go into its strings
}

// piece writes a part of a text.
type piece func(p *pen) (string, error)

// form is a text whose fields are known.
type form []piece

func (f form) write(p *pen) (string, error) {
	var b strings.Builder
	for _, part := range f {
		s, err := part(p)
		if err != nil {
			return "", err
		}
		b.WriteString(s)
	}
	return b.String(), nil
}

func plain(s string) piece { return func(*pen) (string, error) { return s, nil } }

// formOf finds the fields of a text, which stand between {{ and }}.
func formOf(part Part, row int, s string) (form, *Fault) {
	var f form
	at := 0
	for at < len(s) {
		before, rest, open := strings.Cut(s[at:], "{{")
		if before != "" {
			f = append(f, plain(before))
		}
		if !open {
			break
		}
		at += len(before)
		inner, _, closed := strings.Cut(rest, "}}")
		if !closed {
			return nil, misplaced(part, row, s, at, "a field is not closed", "write }} behind it")
		}
		p, next := fieldOf(inner)
		if next != "" {
			return nil, misplaced(part, row, s, at, "{{"+inner+"}} is no field", next)
		}
		f = append(f, p)
		at += len("{{") + len(inner) + len("}}")
	}
	return f, nil
}

// misplaced is a fault with its line and column in the text.
func misplaced(part Part, row int, s string, at int, what, next string) *Fault {
	line := strings.Count(s[:at], "\n") + 1
	column := len([]rune(s[strings.LastIndexByte(s[:at], '\n')+1:at])) + 1
	f := fault(part, row, "%d:%d: %s", line, column, what)
	f.Err.Next = next
	return f
}

// fieldOf is the field that stands between {{ and }}, or what to write instead. A
// colon may stand behind the name.
func fieldOf(inner string) (p piece, next string) {
	inner = strings.TrimSpace(inner)
	name, rest := inner, ""
	if i := strings.IndexAny(inner, " :\t"); i >= 0 {
		name, rest = inner[:i], strings.TrimSpace(inner[i+1:])
	}
	args := strings.Fields(rest)
	switch name {
	case "seq":
		return seqField(args)
	case "uuid":
		if len(args) == 0 {
			return uuid, ""
		}
		return nil, "write {{uuid}}"
	case "now":
		return nowField(args)
	case "int":
		return intField(args)
	case "dec":
		return decField(args)
	case "hex":
		return hexField(args)
	case "pick":
		return pickField(rest)
	case "from":
		return fromField(rest)
	}
	return nil, "the fields are " + strings.Join(words(), ", ") + "; or send the text as it stands"
}

func seqField(args []string) (piece, string) {
	first := 1
	if len(args) == 1 {
		n, err := strconv.Atoi(args[0])
		if err != nil {
			return nil, "write {{seq}}, or {{seq 100}} to begin at 100"
		}
		first = n
	} else if len(args) > 1 {
		return nil, "write {{seq}}, or {{seq 100}} to begin at 100"
	}
	return func(p *pen) (string, error) { return strconv.Itoa(first + p.number - 1), nil }, ""
}

func digits(p *pen, n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = "0123456789abcdef"[p.rng.IntN(16)]
	}
	return string(b)
}

func uuid(p *pen) (string, error) {
	d := []byte(digits(p, 32))
	d[12], d[16] = '4', "89ab"[p.rng.IntN(4)]
	return string(d[:8]) + "-" + string(d[8:12]) + "-" + string(d[12:16]) + "-" + string(d[16:20]) + "-" + string(d[20:]), nil
}

func nowField(args []string) (piece, string) {
	var offset time.Duration
	switch {
	case len(args) > 1:
		return nil, "write {{now}}, {{now -5m}} or {{now 2d}}"
	case len(args) == 1:
		s, minus := strings.CutPrefix(args[0], "-")
		d, ok := backend.ParseSpan(s)
		if !ok {
			return nil, "write {{now}}, {{now -5m}} or {{now 2d}}"
		}
		if offset = d; minus {
			offset = -d
		}
	}
	return func(p *pen) (string, error) {
		return p.now.Add(offset).UTC().Format("2006-01-02T15:04:05.000Z"), nil
	}, ""
}

func intField(args []string) (piece, string) {
	const how = "write {{int LOW HIGH}}, such as {{int 1 6}}"
	if len(args) == 1 { // 1-6
		low, high, ok := strings.Cut(args[0], "-")
		if !ok || low == "" {
			return nil, how
		}
		args = []string{low, high}
	}
	if len(args) != 2 {
		return nil, how
	}
	low, err1 := strconv.ParseInt(args[0], 10, 64)
	high, err2 := strconv.ParseInt(args[1], 10, 64)
	if err1 != nil || err2 != nil || low > high || low < -1<<53 || high > 1<<53 {
		return nil, how
	}
	return func(p *pen) (string, error) { return strconv.FormatInt(low+p.rng.Int64N(high-low+1), 10), nil }, ""
}

func decField(args []string) (piece, string) {
	const how = "write {{dec LOW HIGH}} with up to 9 decimals, such as {{dec 0.99 250.00}}"
	if len(args) != 2 {
		return nil, how
	}
	low, err1 := strconv.ParseFloat(args[0], 64)
	high, err2 := strconv.ParseFloat(args[1], 64)
	decimals := 0
	for _, a := range args {
		if _, fraction, ok := strings.Cut(a, "."); ok {
			decimals = max(decimals, len(fraction))
		}
	}
	// Written so that NaN, which compares with nothing, is refused.
	if err1 != nil || err2 != nil || decimals > 9 || !(low >= -1e15 && low <= high && high <= 1e15) {
		return nil, how
	}
	return func(p *pen) (string, error) {
		u := p.rng.Float64() // squared: low values are more frequent, as prices are
		return strconv.FormatFloat(low+(high-low)*u*u, 'f', decimals, 64), nil
	}, ""
}

func hexField(args []string) (piece, string) {
	if len(args) == 1 {
		if n, err := strconv.Atoi(args[0]); err == nil && n >= 1 && n <= 1024 {
			return func(p *pen) (string, error) { return digits(p, n), nil }, ""
		}
	}
	return nil, "write {{hex DIGITS}} with 1 to 1024 digits, such as {{hex 16}}"
}

func pickField(rest string) (piece, string) {
	list := strings.Split(rest, ",")
	for i := range list {
		list[i] = strings.TrimSpace(list[i])
	}
	if rest == "" {
		return nil, "write {{pick a,b,c}}"
	}
	return func(p *pen) (string, error) { return list[p.rng.IntN(len(list))], nil }, ""
}

// fromField is a value of the file's entry: a column, or a path of names with dots
// between, which may stand in quotes.
func fromField(rest string) (piece, string) {
	path, or := rest, ""
	has := false
	if quoted, after, ok := strings.Cut(strings.TrimPrefix(rest, `"`), `"`); ok && strings.HasPrefix(rest, `"`) {
		path, or = quoted, strings.TrimSpace(after)
		has = or != ""
	} else if p, after, ok := strings.Cut(rest, " "); ok {
		path, or, has = p, strings.TrimSpace(after), true
	}
	if path == "" || slices.Contains(strings.Split(path, "."), "") {
		return nil, "write {{from COLUMN}}, {{from order.id}} or, with what to take where there is none, {{from order.id unknown}}"
	}
	return func(p *pen) (string, error) {
		v, ok := lookup(p.row, path)
		switch {
		case !ok && has:
			return or, nil
		case !ok && p.row == nil:
			return "", backend.Errorf(backend.KindInvalid, "{{from %s}} takes a value of a file's entry, and there is no file", path)
		case !ok:
			return "", backend.Errorf(backend.KindInvalid, "the entry has no %s", path)
		}
		return p.value(v), nil
	}, ""
}

// lookup finds a column, or what a path leads to.
func lookup(row map[string]any, path string) (any, bool) {
	if v, ok := row[path]; ok {
		return v, true
	}
	var v any = row
	for name := range strings.SplitSeq(path, ".") {
		object, ok := v.(map[string]any)
		if !ok {
			return nil, false
		}
		if v, ok = object[name]; !ok {
			return nil, false
		}
	}
	return v, true
}

// value is a value as it is written: in JSON, a text is what stands between quotes.
func (p *pen) value(v any) string {
	s, isText := v.(string)
	switch {
	case isText && p.json:
		quoted := document.Quote(s)
		return quoted[1 : len(quoted)-1]
	case isText:
		return s
	}
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		panic("outbox: what was read as JSON cannot be written: " + err.Error())
	}
	return strings.TrimSuffix(b.String(), "\n")
}
