package scenario

// The tables of a seed file as they are written. Durations are texts with a
// unit and are read in the checks, where an error knows its line. Every field
// has a tag, which is also how tomlfile knows what may stand where.

type fileTable struct {
	Title       string                   `toml:"title"`
	Description string                   `toml:"description"`
	Warmup      string                   `toml:"warmup"`
	Hours       []float64                `toml:"hours"` // of producers and state machines that have none
	Counters    map[string]int64         `toml:"counters"`
	Lists       map[string]any           `toml:"lists"` // array of texts, or text = weight
	Fragments   map[string]string        `toml:"fragments"`
	Templates   map[string]templateTable `toml:"templates"`
	Queues      []queueTable             `toml:"queues"`
	Messages    []messagesTable          `toml:"messages"`
	Producers   []producerTable          `toml:"producers"`
	Workers     []workerTable            `toml:"workers"`
	Lambdas     []lambdaTable            `toml:"lambdas"`
	Topics      []topicTable             `toml:"topics"`
	Downstreams []downstreamTable        `toml:"downstreams"`
	Scalers     []scalerTable            `toml:"scalers"`

	StateMachines []machineTable `toml:"state_machines"`

	Faults  []faultTable  `toml:"faults"`
	Callers []callerTable `toml:"callers"`
}

type templateTable struct {
	Let         map[string]string `toml:"let"`
	Body        string            `toml:"body"`
	Group       *string           `toml:"group"`
	Dedup       *string           `toml:"dedup"`
	Delay       string            `toml:"delay"`
	TraceHeader *string           `toml:"trace_header"`
	Attributes  map[string]any    `toml:"attributes"` // text, number, or attributeTable
}

// attributeTable is the long form of a message attribute: an inline table with
// a type and either a value or, for Binary, the value's bytes in hex.
type attributeTable struct{ dataType, value, hex string }

type queueTable struct {
	Name       string            `toml:"name"`
	Attributes map[string]any    `toml:"attributes"`
	Tags       map[string]string `toml:"tags"`
	Redrive    *redriveTable     `toml:"redrive"`
}

type redriveTable struct {
	To  string `toml:"to"`
	Max int    `toml:"max"`
}

type messagesTable struct {
	Queue    string         `toml:"queue"`
	Template string         `toml:"template"`
	Inline   *templateTable `toml:"message"`
	Count    *int           `toml:"count"`
	Ago      string         `toml:"ago"`
	Until    string         `toml:"until"`
	Dead     bool           `toml:"dead"`
}

type producerTable struct {
	Name      string             `toml:"name"`
	Queue     string             `toml:"queue"`
	Topic     string             `toml:"topic"`
	Template  string             `toml:"template"`
	Templates map[string]float64 `toml:"templates"`
	Rate      *float64           `toml:"rate"`
	Every     string             `toml:"every"`
	Jitter    *float64           `toml:"jitter"`
	Batch     *int               `toml:"batch"`
	Burst     *burstTable        `toml:"burst"`
	Hours     []float64          `toml:"hours"`
}

type burstTable struct {
	Every string  `toml:"every"`
	For   string  `toml:"for"`
	After string  `toml:"after"`
	Rate  float64 `toml:"rate"`
}

type workerTable struct {
	Name       string          `toml:"name"`
	Queue      string          `toml:"queue"`
	Count      *int            `toml:"count"`
	Batch      *int            `toml:"batch"`
	Wait       string          `toml:"wait"`
	Every      string          `toml:"every"`
	Visibility string          `toml:"visibility"`
	Heartbeat  *heartbeatTable `toml:"heartbeat"`
	Deletes    string          `toml:"deletes"`
	Partial    bool            `toml:"partial"`

	handlingTable
}

type lambdaTable struct {
	Name        string `toml:"name"`
	Queue       string `toml:"queue"`
	Batch       *int   `toml:"batch"`
	Window      string `toml:"window"`
	Pollers     *int   `toml:"pollers"`
	Maximum     *int   `toml:"maximum"`
	Concurrency *int   `toml:"concurrency"`
	Timeout     string `toml:"timeout"`
	Report      bool   `toml:"report"`

	handlingTable
}

// handlingTable is what the two have in common.
type handlingTable struct {
	Takes        string         `toml:"takes"`
	Spread       *float64       `toml:"spread"`
	Distribution string         `toml:"distribution"`
	Calls        string         `toml:"calls"`
	Refused      *refusedTable  `toml:"refused"`
	Effect       string         `toml:"effect"`
	Idempotency  string         `toml:"idempotency"`
	Order        *orderTable    `toml:"order"`
	Answers      string         `toml:"answers"`
	Fail         []failTable    `toml:"fail"`
	Forward      []forwardTable `toml:"forward"`
}

type heartbeatTable struct {
	Every string `toml:"every"`
	For   string `toml:"for"`
}

type refusedTable struct {
	How   string `toml:"how"`
	After string `toml:"after"`
	Takes string `toml:"takes"`
}

type orderTable struct {
	By     string `toml:"by"`
	Number string `toml:"number"`
}

type failTable struct {
	Body      string   `toml:"body"`
	Attribute string   `toml:"attribute"`
	Value     *string  `toml:"value"`
	Chance    *float64 `toml:"chance"`
	How       string   `toml:"how"`
	After     string   `toml:"after"`
	Takes     string   `toml:"takes"`
}

type forwardTable struct {
	To       string   `toml:"to"`
	Topic    string   `toml:"topic"`
	Template string   `toml:"template"`
	Chance   *float64 `toml:"chance"`
}

type faultTable struct {
	ID          string   `toml:"id"`
	Kind        string   `toml:"kind"`
	Queue       string   `toml:"queue"`
	Action      string   `toml:"action"`
	Status      *int     `toml:"status"`
	Duration    string   `toml:"duration"`
	Probability *float64 `toml:"probability"`
	Count       *int     `toml:"count"`
	After       string   `toml:"after"`
	Until       string   `toml:"until"`
}

type callerTable struct {
	AccessKey  string              `toml:"access_key"`
	Account    string              `toml:"account"`
	User       string              `toml:"user"`
	Role       string              `toml:"role"`
	Session    string              `toml:"session"`
	Service    string              `toml:"service"`
	Root       bool                `toml:"root"`
	ID         string              `toml:"id"`
	Context    map[string][]string `toml:"context"`
	Policies   []string            `toml:"policies"`
	FullAccess bool                `toml:"full_access"`
}
