package scenario

import (
	"slices"
	"strconv"
	"strings"

	"sqscope/backend"
	"sqscope/backend/tomlfile"
)

// fieldNames are the words that a field can begin with.
func fieldNames() []string {
	return []string{"uuid", "hex", "int", "dec", "now", "pick", "seq", "use", "repeat", "quote", "from", "token"}
}

const maxRepeat = 10_000

// field compiles what stands between {{ and }}.
func (sc *scope) field(path, inner string) (field, error) {
	words := strings.Fields(inner)
	part := "{{" + inner
	if len(words) == 0 {
		return nil, sc.doc.ErrorIn(path, part, "the name of a field", "a field is empty")
	}
	name, args := words[0], words[1:]
	usage := func(how string) error {
		return sc.doc.ErrorIn(path, part, "{{"+how+"}}", "the field {{%s}} is wrong", strings.TrimSpace(inner))
	}
	switch name {
	case "uuid":
		if len(args) != 0 {
			return nil, usage("uuid")
		}
		return uuidField{}, nil
	case "token":
		if len(args) != 0 {
			return nil, usage("token")
		}
		sc.tasked = true
		return tokenField{}, nil
	case "hex":
		n := integers(args)
		if len(n) != 1 || n[0] < 1 || n[0] > 1024 {
			return nil, usage("hex DIGITS}} with 1 to 1024 digits, such as {{hex 16")
		}
		return hexField(n[0]), nil
	case "int":
		n := integers(args)
		if len(n) != 2 || n[0] > n[1] || n[0] < -1<<53 || n[1] > 1<<53 {
			return nil, usage("int LOW HIGH}}, such as {{int 1 6")
		}
		return intField{n[0], n[1]}, nil
	case "dec":
		f, ok := decimals(args)
		if !ok {
			return nil, usage("dec LOW HIGH}} with up to 9 digits behind the point, such as {{dec 0.99 250.00")
		}
		return f, nil
	case "now":
		return sc.now(args, usage)
	case "pick":
		if len(args) != 1 {
			return nil, usage("pick LIST")
		}
		list, ok := sc.lists[args[0]]
		if !ok {
			return nil, sc.doc.ErrorIn(path, part, oneOf("a list", args[0], sortedKeys(sc.lists)), "there is no list %q", args[0])
		}
		return pickField{list}, nil
	case "seq":
		if len(args) != 1 {
			return nil, usage("seq COUNTER")
		}
		i, ok := sc.counters[args[0]]
		if !ok {
			return nil, sc.doc.ErrorIn(path, part, oneOf("a counter", args[0], sortedKeys(sc.counters)), "there is no counter %q", args[0])
		}
		return seqField(i), nil
	case "use", "quote", "repeat":
		return sc.fragmentField(path, part, name, args, usage)
	case "from":
		if len(args) != 2 || slices.Contains(strings.Split(args[0], "."), "") {
			return nil, usage("from PATH DEFAULT}}, such as {{from customer.id unknown")
		}
		sc.quotes = true
		return fromField{strings.Split(args[0], "."), args[1]}, nil
	}
	if len(args) > 0 {
		return nil, sc.unknown(path, part, name)
	}
	return sc.let(path, part, name)
}

func (sc *scope) now(args []string, usage func(string) error) (field, error) {
	const how = "now}}, or with an offset {{now 48h}} or {{now -5m"
	switch len(args) {
	case 0:
		return nowField(0), nil
	case 1:
		s, minus := strings.CutPrefix(args[0], "-")
		d, ok := backend.ParseSpan(s)
		if !ok {
			return nil, usage(how)
		}
		if minus {
			d = -d
		}
		return nowField(d), nil
	}
	return nil, usage(how)
}

func (sc *scope) fragmentField(path, part, name string, args []string, usage func(string) error) (field, error) {
	if name == "repeat" {
		var n []int64
		if len(args) == 3 {
			n = integers(args[:2])
		}
		if len(n) != 2 || n[0] < 0 || n[0] > n[1] || n[1] > maxRepeat {
			return nil, usage("repeat LOW HIGH FRAGMENT}} with at most 10000, such as {{repeat 1 4 item")
		}
		f, err := sc.fragment(path, part, args[2])
		return repeatField{n[0], n[1], f}, err
	}
	if len(args) != 1 {
		return nil, usage(name + " FRAGMENT")
	}
	f, err := sc.fragment(path, part, args[0])
	if name == "quote" {
		return quoteField{f}, err
	}
	return useField{f}, err
}

// let finds a value of the template. A fragment that is compiled for no
// template cannot know its values.
func (sc *scope) let(path, part, name string) (field, error) {
	switch i, ok := sc.lets[name]; {
	case ok && sc.inLet:
		return nil, sc.doc.ErrorIn(path, part, "fields only", "a value cannot use the value %q", name)
	case ok:
		return letField(i), nil
	case sc.lets == nil:
		return literal(""), nil
	}
	return nil, sc.unknown(path, part, name)
}

func (sc *scope) unknown(path, part, name string) error {
	return sc.doc.ErrorIn(path, part, tomlfile.OneOf(name, append(fieldNames(), sortedKeys(sc.lets)...)), "there is no field %q", name)
}

func integers(args []string) []int64 {
	var n []int64
	for _, a := range args {
		i, err := strconv.ParseInt(a, 10, 64)
		if err != nil {
			return nil
		}
		n = append(n, i)
	}
	return n
}

func decimals(args []string) (decField, bool) {
	if len(args) != 2 {
		return decField{}, false
	}
	lo, err1 := strconv.ParseFloat(args[0], 64)
	hi, err2 := strconv.ParseFloat(args[1], 64)
	if err1 != nil || err2 != nil || !finite(lo) || !finite(hi) || lo > hi || lo < -1e15 || hi > 1e15 {
		return decField{}, false
	}
	digits := 0
	for _, a := range args {
		if _, fraction, ok := strings.Cut(a, "."); ok {
			digits = max(digits, len(fraction))
		}
	}
	return decField{lo, hi, digits}, digits <= 9
}
