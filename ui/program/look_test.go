package program

import (
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sqscope/backend/config"
	"sqscope/backend/outbox"
)

// A template of the configuration can have all that a message can.
func TestATemplateOfTheConfigurationIsAWholeDraft(t *testing.T) {
	cfg, problems := config.Parse(filepath.Join(t.TempDir(), "config.toml"), []byte(`
[[templates]]
name = "an order"
queues = "orders*"
body = "{}"
attributes = { team = "checkout", "raw:Binary" = "AP8=" }
group = "g"
trace_header = "Root=1-5759e988-bd862e3fe1be46a994272793"
delay = 5
`))
	look, wrong := LookOf(cfg)
	if len(problems)+len(wrong) > 0 {
		t.Fatal(problems, wrong)
	}
	want := []outbox.Template{{Name: "an order", Queues: "orders*", Draft: outbox.Draft{
		Body: "{}", Group: "g", Delay: "5", Trace: "Root=1-5759e988-bd862e3fe1be46a994272793",
		Attributes: []outbox.Attribute{{Name: "raw", Type: "Binary", Value: "base64:AP8="}, {Name: "team", Value: "checkout"}},
	}}}
	if diff := cmp.Diff(want, look.Options(cfg).Templates); diff != "" {
		t.Error(diff)
	}
}
