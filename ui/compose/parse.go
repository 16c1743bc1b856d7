package compose

import (
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"

	"sqscope/backend"
)

// parseAttributes reads message attributes as people write them, one a line:
// name=value, name:Number=1, name:Number.int=1, name:Binary=BASE64. Blank lines
// do not count. The error names the line.
func parseAttributes(lines string) (map[string]backend.MessageAttribute, error) {
	attrs := map[string]backend.MessageAttribute{}
	for i, line := range strings.Split(lines, "\n") {
		if strings.TrimSpace(line) == "" {
			continue
		}
		head, value, found := strings.Cut(line, "=")
		if !found {
			return nil, fmt.Errorf("line %d: write name=value or name:Number=1", i+1)
		}
		name, dataType, typed := strings.Cut(strings.TrimSpace(head), ":")
		if !typed {
			dataType = "String"
		}
		if _, twice := attrs[name]; twice {
			return nil, fmt.Errorf("line %d: %s is there twice", i+1, name)
		}
		a := backend.MessageAttribute{DataType: dataType}
		if base, _, _ := strings.Cut(dataType, "."); base == "Binary" {
			b, err := base64.StdEncoding.DecodeString(strings.TrimSpace(value))
			if err != nil {
				return nil, fmt.Errorf("line %d: a Binary value is written in base64", i+1)
			}
			a.BinaryValue = b
		} else {
			a.StringValue = backend.Some(value)
		}
		attrs[name] = a
	}
	if len(attrs) == 0 {
		return nil, nil
	}
	return attrs, nil
}

// parseDelay reads a delay in seconds; empty is "left out".
func parseDelay(s string) (backend.Opt[int], error) {
	s = strings.TrimSpace(s)
	if s == "" {
		return backend.Opt[int]{}, nil
	}
	n, err := strconv.Atoi(s)
	if err != nil {
		return backend.Opt[int]{}, fmt.Errorf("the delay is a number of seconds, 0 to 900")
	}
	return backend.Some(n), nil
}
