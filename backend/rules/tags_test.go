package rules

import (
	"fmt"
	"strings"
	"testing"
)

func TestTags(t *testing.T) {
	fifty := map[string]string{}
	for i := range 50 {
		fifty[fmt.Sprintf("k%d", i)] = "v"
	}
	for what, c := range map[string]struct {
		have, add map[string]string
		want      string
	}{
		"empty value":      {nil, attrs{"team": ""}, ""},
		"signs and spaces": {nil, attrs{"a b_.:/=+-@": "Größe 語 ٣ é"}, ""},
		"50 at once":       {nil, fifty, ""},
		"overwrites one":   {fifty, attrs{"k0": "w"}, ""},
		"one too many":     {fifty, attrs{"new": "v"}, "Too many tags added for queue orders."},
		"none":             {nil, attrs{}, "The request must contain the parameter Tags."},
		"no key":           {nil, attrs{"": "v"}, "Tag keys must be between 1 and 128 characters in length."},
		"128 characters":   {nil, attrs{strings.Repeat("é", 128): strings.Repeat("é", 256)}, ""},
		"129 characters":   {nil, attrs{strings.Repeat("é", 129): "v"}, "Tag keys must be between 1 and 128 characters in length."},
		"long value":       {nil, attrs{"k": strings.Repeat("é", 257)}, longTagValue},
		"reserved":         {nil, attrs{"AWS:k": "v"}, reservedTagKey},
		"not reserved":     {nil, attrs{"awsome": "aws:v"}, ""},
		"odd key":          {nil, attrs{"k*": "v"}, badTagCharacter},
		"escape in value":  {nil, attrs{"k": "\x1b[31m"}, badTagCharacter},
		"not UTF-8":        {nil, attrs{"k": "\xff"}, badTagCharacter},
	} {
		if got := textOf(Tags("orders", c.have, c.add)); got != c.want {
			t.Errorf("%s: %q, want %q", what, got, c.want)
		}
	}
}
