package lab

// The tables of a lesson file as they are written, see docs/LAB.md.

type fileTable struct {
	ID       string         `toml:"id"`
	Title    string         `toml:"title"`
	Concept  string         `toml:"concept"`
	Story    string         `toml:"story"`
	Aws      string         `toml:"aws"`
	Scenario string         `toml:"scenario"`
	Start    string         `toml:"start"`
	Seed     int            `toml:"seed"`
	Running  bool           `toml:"running"`
	Speed    float64        `toml:"speed"`
	Looks    string         `toml:"looks"`
	Names    string         `toml:"names"`
	Before   []beforeTable  `toml:"before"`
	Words    string         `toml:"definitions"`
	Steps    []stepTable    `toml:"steps"`
	Closing  *questionTable `toml:"closing"`
	Claims   []claimTable   `toml:"claims"`
	Knobs    []knobTable    `toml:"knobs"`
	Program  *programTable  `toml:"program"`
	Counters []counterTable `toml:"counters"`
	Traps    []trapTable    `toml:"traps"`
	Hints    []string       `toml:"hints"`
}

type beforeTable struct {
	Queue      string `toml:"queue"`
	Most       int    `toml:"most"`
	Visibility string `toml:"visibility"`
}

type stepTable struct {
	Text      string          `toml:"text"`
	Questions []questionTable `toml:"questions"`
	Goals     []goalTable     `toml:"goals"`
}

type questionTable struct {
	ID        string   `toml:"id"`
	Ask       string   `toml:"ask"`
	Kind      string   `toml:"kind"`
	Fields    []string `toml:"fields"`
	Choices   []string `toml:"choices"`
	Answer    any      `toml:"answer"`
	Truth     string   `toml:"truth"`
	Locks     string   `toml:"locks"`
	Tolerance any      `toml:"tolerance"`
	Queue     string   `toml:"queue"`
	Why       string   `toml:"why"`
	Miss      string   `toml:"miss"`
}

type goalTable struct {
	ID   string `toml:"id"`
	Text string `toml:"text"`
	When string `toml:"when"`
}

type claimTable struct {
	ID    string `toml:"id"`
	Text  string `toml:"text"`
	When  string `toml:"when"`
	Wrong string `toml:"wrong"`
}

type knobTable struct {
	Subject string `toml:"subject"`
	Name    string `toml:"name"`
	Text    string `toml:"text"`
}

type programTable struct {
	Role  string `toml:"role"`
	Queue string `toml:"queue"`
	Text  string `toml:"text"`
}

type counterTable struct {
	Text  string `toml:"text"`
	Value string `toml:"value"`
	Bad   bool   `toml:"bad"`
}

type trapTable struct {
	Text   string `toml:"text"`
	When   string `toml:"when"`
	Spoils bool   `toml:"spoils"`
}
