package config

// Settings are the keys of the file. Each field's tags say its name there, what
// it must be (see check.go), what it does, and for the example what somebody
// might write. The reference and the example are made of them.
type Settings struct {
	Format  int      `toml:"format" doc:"The version of this file's form."`
	Include []string `toml:"include" is:"text" eg:"[\"keys.toml\", \"themes.toml\"]" doc:"Further files, beside this one, with keys and themes only. An action or a theme stands in one file."`

	Theme      string `toml:"theme" is:"text" doc:"The theme; auto takes dark_theme or light_theme by the terminal's background, and in a terminal of sixteen colours dark16 or light16. sqscope themes lists them."`
	DarkTheme  string `toml:"dark_theme" is:"text" doc:"The theme for a dark background."`
	LightTheme string `toml:"light_theme" is:"text" doc:"The theme for a light background."`
	LowMotion  bool   `toml:"low_motion" doc:"Nothing moves by itself: no spinners, no clock that ticks; what changes is shown every five seconds at most, and the terminal's own cursor stands on the focused item."`
	Mouse      bool   `toml:"mouse" doc:"Clicks and the wheel work in sqscope. Most terminals select text with Shift held then."`
	Clipboard  string `toml:"clipboard" is:"clipboard" doc:"How things are copied: native is this machine's clipboard, osc52 the terminal's, also over SSH; auto tries native, then osc52; off copies nothing."`

	Columns []string `toml:"columns" is:"column" eg:"[\"name\", \"type\", \"visible\", \"oldest\", \"trend\"]" doc:"The columns of the queue list, left to right; else the usual ones. The name is always there. Those without room are left out."`
	Pins    []string `toml:"pins" is:"glob" eg:"[\"orders\", \"payments*\"]" doc:"Queues that stay on top and are read first: names, patterns, or ARNs."`

	Messages Messages `toml:"messages" doc:"The list of a queue's messages."`
	History  bool     `toml:"history" doc:"What is sent from the composer is remembered for the next runs: the last 20 messages of each queue, with their bodies, in sqscope's state folder, readable by you alone. Bodies can be secrets; else they are remembered until sqscope ends."`

	Budget    Budget     `toml:"budget" doc:"How many requests sqscope may make by itself, for each account and region. What you ask for yourself is never refused for it."`
	Evidence  Evidence   `toml:"evidence" doc:"What is written to a file before messages are destroyed: before a purge, deleting a queue, or deleting many messages. What is more than this is said in the dialog."`
	Prices    Prices     `toml:"prices" doc:"What requests cost, for the sums in the activity screen. The defaults are list prices of us-east-1 without the free tier."`
	Contexts  []Context  `toml:"contexts" doc:"Places to connect to, by name: c lists them, and so does --context NAME. One is an AWS profile, an endpoint, or an embedded engine with a scenario."`
	Views     []View     `toml:"views" doc:"Ways to look at the queue list, by name."`
	Masks     []Mask     `toml:"masks" doc:"What of bodies is not shown, found, copied or exported. All masks that match a queue hold. A mask that is wrong hides more, never less."`
	Groupings []Grouping `toml:"grouping" doc:"How dead letters are grouped by what they died of, where sqscope does not find it by itself. The first that matches a queue holds; what was arranged on the screen comes before it."`
	Templates []Template `toml:"templates" doc:"Messages to begin from in the composer."`

	RawKeys map[string]any               `toml:"keys" doc:"The keys of actions: each action gets exactly those of its list, an empty one takes its keys away. KEYS.md has the actions and the names of keys."`
	Themes  map[string]map[string]string `toml:"themes" doc:"Your own themes, by name: base is the theme that it changes, and each role that it changes is a style. THEMES.md has the roles and how a style is written."`
}

// Messages says how messages are listed and looked at.
type Messages struct {
	Columns []string `toml:"columns" is:"message column" eg:"or [\"age\", \"receives\", \"attribute:source\", \".json.order.total\", \"body\"]" doc:"The columns of the message list, left to right; else the usual ones. attribute:NAME is a message attribute or one of SQS's own, and what begins with a dot is a jq path into the message. Those chosen on the screen for a queue come before these."`
	Look    int      `toml:"look" is:"1..10000" doc:"How many messages a look takes unless another number is given. Beyond the embedded engine each of them is received once more by it."`
}

// Budget bounds the requests that nobody asked for (DESIGN.md 5).
type Budget struct {
	PerSecond float64 `toml:"per_second" is:"0.1..1000" doc:"Requests a second in the long run."`
	Idle      float64 `toml:"idle" is:"0.1..1000" doc:"The same when no key was pressed for ten minutes, or the terminal is not in front."`
	Burst     int     `toml:"burst" is:"1..10000" doc:"Requests at once, for rows that come on screen."`
	Parallel  int     `toml:"parallel" is:"1..1000" doc:"Requests under way at the same time."`
}

// Evidence limits what is kept of messages before they are destroyed (DESIGN.md 4.5).
type Evidence struct {
	Messages int `toml:"messages" is:"0..1000000" doc:"The most messages."`
	Bytes    int `toml:"bytes" is:"0..1099511627776" doc:"The most bytes."`
}

// Prices are in US dollars (docs/SQS.md has what SQS bills as a request).
type Prices struct {
	Standard float64 `toml:"standard" is:"0..1000" doc:"A million requests to standard queues, in US dollars."`
	FIFO     float64 `toml:"fifo" is:"0..1000" doc:"A million requests to FIFO queues, in US dollars."`
	Metrics  float64 `toml:"metrics" is:"0..1000" doc:"A thousand metrics read from CloudWatch, in US dollars."`
}

// Context is a place to connect to.
type Context struct {
	Name           string   `toml:"name" is:"text" eg:"\"prod\"" doc:"Its name, which no other context has."`
	Profile        string   `toml:"profile" is:"text" eg:"\"shop-prod\"" doc:"The profile of the AWS config files. Without one the SDK's default chain finds credentials."`
	Region         string   `toml:"region" is:"region" eg:"\"eu-west-1\"" doc:"The region; else the profile's."`
	Regions        []string `toml:"regions" is:"region" eg:"or [\"eu-west-1\", \"us-east-1\"]" doc:"Several regions in one list, instead of region."`
	Members        []string `toml:"members" is:"text" eg:"or [\"prod-eu\", \"prod-us\"]" doc:"Names of other contexts, whose queues are shown in one list. Everything but the name and colour is theirs."`
	EndpointURL    string   `toml:"endpoint_url" is:"url" eg:"or \"http://127.0.0.1:9324\"" doc:"The address of an SQS-compatible endpoint instead of AWS's own."`
	AdminTokenFile string   `toml:"admin_token_file" is:"text" eg:"or \"/run/user/1000/sqscope-token\"" doc:"A file with the admin token of the sqscope that serves the endpoint on this machine (sqscope serve --admin-token-file). Its messages are then browsed, which is free, instead of received."`
	Scenario       string   `toml:"scenario" is:"text" eg:"or \"shop\"" doc:"The scenario, by name or file, of an embedded engine. It needs no profile, region or endpoint."`
	Account        string   `toml:"account" is:"account" eg:"\"123456789012\"" doc:"The account that this is meant to be, twelve digits. sqscope says so if it turns out to be another."`
	Color          string   `toml:"color" is:"color" eg:"\"red\"" doc:"The colour of its name in the top line, so that production looks like it."`
	Access         string   `toml:"access" is:"level" eg:"\"peek\"" doc:"The access level that it starts with: view, peek or change. Else change for embedded engines and loopback endpoints, and peek for all others."`
	Lower          []Lower  `toml:"lower" eg:"[{ queues = \"billing*\", access = \"view\" }]" doc:"Patterns of queue names that get at most a level, whatever the context's is."`
	CloudWatch     bool     `toml:"cloudwatch" doc:"Rates and ages from CloudWatch, which bills each metric that is read and is minutes behind."`
}

// Lower is a pattern of queue names and the most that may be done there.
type Lower struct {
	Queues string `toml:"queues" is:"glob" eg:"\"billing*\"" doc:"A pattern of queue names."`
	Access string `toml:"access" is:"level" eg:"\"view\"" doc:"The most that may be done there: view, peek or change."`
}

// View is a way to look at the queue list. It converts to a memo.View, the views
// that were saved on the screen.
type View struct {
	Name    string   `toml:"name" is:"text" eg:"\"trouble\"" doc:"Its name, which no other view has."`
	Filter  string   `toml:"filter" eg:"\"dlq >0\"" doc:"A filter, as typed after /."`
	Sort    string   `toml:"sort" is:"column" eg:"\"oldest\"" doc:"The column to sort by; else visible."`
	Reverse bool     `toml:"reverse" eg:"false" doc:"The order turned round: names begin with the last, and numbers with the lowest."`
	Flat    bool     `toml:"flat" eg:"true" doc:"All queues in one list, instead of dead-letter queues under their sources."`
	Columns []string `toml:"columns" is:"column" eg:"[\"name\", \"visible\", \"oldest\", \"lost\"]" doc:"Its columns; else those of the queue list."`
}

// Mask hides parts of bodies. Its zero Mode is deny.
type Mask struct {
	Queues string   `toml:"queues" is:"glob" eg:"\"orders*\"" doc:"A pattern of queue names; else all queues."`
	Mode   string   `toml:"mode" is:"mode" eg:"\"deny\"" doc:"deny hides the paths, allow hides all but the paths; else deny."`
	Paths  []string `toml:"paths" is:"path" eg:"[\".customer.email\", \".items[].card\"]" doc:"Paths in the body, as jq writes them: names after dots, [] for each element of an array."`
}

// Grouping says how the dead letters of a queue are grouped. Its places are those
// of an arrange.Rules.
type Grouping struct {
	Queues string   `toml:"queues" is:"glob" eg:"\"orders*\"" doc:"A pattern of queue names; else all queues."`
	By     []string `toml:"by" is:"place" eg:"[\".error.code\", \"attribute:tenant\"]" doc:"Places whose values make the groups; else the groups are found. A place is a path in the body behind its wrappings, or attribute:NAME."`
	Ignore []string `toml:"ignore" is:"place" eg:"[\".debug\"]" doc:"Places that tell nothing, with all that is in them."`
	Titles []string `toml:"titles" is:"place" eg:"[\".order.type\"]" doc:"Places whose values are the title of a group, where all of it have the same."`
}

// Template is a message to begin from.
type Template struct {
	Name       string            `toml:"name" is:"text" eg:"\"an order\"" doc:"Its name, which no other template has."`
	Queues     string            `toml:"queues" is:"glob" eg:"\"orders*\"" doc:"A pattern of the queues that it is offered for; else all."`
	Body       string            `toml:"body" eg:"'{\"order\": 1}'" doc:"The body."`
	Attributes map[string]string `toml:"attributes" is:"attribute" eg:"{ team = \"checkout\", \"attempt:Number\" = \"1\" }" doc:"Message attributes, by name or by name:Type, where the type is String, Number or Binary (in base64), with a custom label or without; else String."`
	Group      string            `toml:"group" eg:"\"customer-1\"" doc:"The message group id."`
	Dedup      string            `toml:"dedup" eg:"\"order-1\"" doc:"The deduplication id, for FIFO queues."`
	Delay      int               `toml:"delay" is:"0..900" eg:"or 5" doc:"The delay in seconds, for standard queues."`
	Trace      string            `toml:"trace_header" is:"text" eg:"\"Root=1-5759e988-bd862e3fe1be46a994272793\"" doc:"The AWSTraceHeader, SQS's own attribute for X-Ray: it travels beside the body and the attributes, and does not count against the size."`
}

// Default is what holds where the file says nothing.
func Default() Settings {
	return Settings{
		Format: Format,
		Theme:  "auto", DarkTheme: "dark", LightTheme: "light", Mouse: true, Clipboard: "auto",
		Messages: Messages{Look: 100},
		Budget:   Budget{PerSecond: 10, Idle: 1, Burst: 100, Parallel: 32},
		Evidence: Evidence{Messages: 10_000, Bytes: 256 << 20},
		Prices:   Prices{Standard: 0.40, FIFO: 0.50, Metrics: 0.01},
	}
}

// Columns are those that the queue list can have, by their names there.
func Columns() []string {
	return []string{
		"name", "mark", "place", "type", "visible", "inflight", "delayed", "stored", "oldest", "in", "out", "net", "drain",
		"trend", "lost", "dlq", "read", "account",
	}
}

// MessageColumns are those of the message list that every message has, by their
// names there.
func MessageColumns() []string {
	return []string{"age", "sent", "state", "lease", "receives", "redriven", "group", "dedup", "id", "source", "size", "lost", "body"}
}

// The beginnings of the names of columns that show an attribute, or what a jq
// path leads to.
const (
	ColumnAttribute = "attribute:"
	ColumnPath      = "."
)

// Colors are what a context's name can be. The theme makes them legible.
func Colors() []string { return []string{"red", "orange", "yellow", "green", "blue", "purple"} }
