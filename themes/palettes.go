package themes

// Backgrounds are few and quiet: a terminal's own background shows through
// everywhere but on the bars, the cursor's row, marks, matches and dialogs. Every
// role is legible on every background of its theme, and on the usual ones of
// terminals; a test measures it. The palettes are never changed.

var dark24 = palette{
	Text: "#d6dae2", Dim: "#9fa9b9", Faint: "#80899a", Strong: "bold #eef1f6", Title: "bold #f4d58d", Header: "#a3aec2",
	Accent: "bold #7cc4ff", Key: "bold #7cc4ff", Good: "#8fd18b", Warn: "#f0b866", Bad: "bold #ff8585", DLQ: "#ff9d76",
	Fifo: "#c7a6ff", Number: "#e6eaf2", Spark: "#6fb7c9", JSONKey: "#7cc4ff", JSONString: "#b5d99c", JSONNumber: "#f0b866",
	JSONWord: "#c7a6ff", Foreign: "bold #ff8585", LevelView: "bold #8fd18b", LevelPeek: "bold #f0b866", LevelChange: "bold #ff8585",
	Selected: "on #26344b", Marked: "on #362f4a", Bar: "on #1c1c1c", Match: "on #4a3c0e", Dialog: "on #262626", Field: "on #303030",
}

var light24 = palette{
	Text: "#24292f", Dim: "#5b6471", Faint: "#758090", Strong: "bold #0d1117", Title: "bold #7a4b00", Header: "#57606a",
	Accent: "bold #0757ad", Key: "bold #0757ad", Good: "#1a6f2e", Warn: "#8a5300", Bad: "bold #b3141d", DLQ: "#a63c00",
	Fifo: "#6a34b8", Number: "#11161d", Spark: "#13697c", JSONKey: "#0757ad", JSONString: "#1c6630", JSONNumber: "#8a5300",
	JSONWord: "#6a34b8", Foreign: "bold #b3141d", LevelView: "bold #1a6f2e", LevelPeek: "bold #8a5300", LevelChange: "bold #b3141d",
	Selected: "on #d3e6fb", Marked: "on #e6dcf7", Bar: "on #eeeeee", Match: "on #ffe48a", Dialog: "on #f3f5f8", Field: "on #e4e4e4",
}

// The high contrast themes reach 7:1 for everything that is to be read.

var contrastDark = palette{
	Text: "#ffffff", Dim: "#c9cfd9", Faint: "#9ea7b5", Strong: "bold #ffffff", Title: "bold #ffe08a", Header: "#d0d8e4",
	Accent: "bold #9ad5ff", Key: "bold #9ad5ff", Good: "#8cf08c", Warn: "#ffd24d", Bad: "bold #ffbfbf", DLQ: "#ffc1a0",
	Fifo: "#dcc4ff", Number: "#ffffff", Spark: "#8fdcec", JSONKey: "#9ad5ff", JSONString: "#c4f0a8", JSONNumber: "#ffd24d",
	JSONWord: "#dcc4ff", Foreign: "bold #ffbfbf", LevelView: "bold #8cf08c", LevelPeek: "bold #ffd24d", LevelChange: "bold #ffbfbf",
	Selected: "on #00306e", Marked: "on #3c1d66", Bar: "on #101418", Match: "on #4a3a00", Dialog: "on #0c1016", Field: "on #181e28",
}

var contrastLight = palette{
	Text: "#000000", Dim: "#3a424d", Faint: "#5a6370", Strong: "bold #000000", Title: "bold #5c3600", Header: "#353d47",
	Accent: "bold #003f8a", Key: "bold #003f8a", Good: "#0a4f1b", Warn: "#633a00", Bad: "bold #8c0009", DLQ: "#7a2a00",
	Fifo: "#4d1a96", Number: "#000000", Spark: "#064b5a", JSONKey: "#003f8a", JSONString: "#0d4a1e", JSONNumber: "#633a00",
	JSONWord: "#4d1a96", Foreign: "bold #8c0009", LevelView: "bold #0a4f1b", LevelPeek: "bold #633a00", LevelChange: "bold #8c0009",
	Selected: "on #d9eaff", Marked: "on #ece3fb", Bar: "on #eef1f5", Match: "on #ffec9e", Dialog: "on #f7f8fa", Field: "on #e9edf2",
}

// The colour-blind themes tell good from bad by blue against orange or wine red,
// which look different to people who cannot tell red from green.

var colorblindDark = palette{
	Text: "#d9dce3", Dim: "#a3aab9", Faint: "#818a9a", Strong: "bold #f0f2f6", Title: "bold #f0e6b0", Header: "#a6afc0",
	Accent: "bold #9fd0ff", Key: "bold #9fd0ff", Good: "#5ab4f0", Warn: "#ffe62e", Bad: "bold #ff9066", DLQ: "#e9a2cf",
	Fifo: "#c2b2ff", Number: "#e8ebf1", Spark: "#7fc9c4", JSONKey: "#9fd0ff", JSONString: "#a8d4f5", JSONNumber: "#ffe62e",
	JSONWord: "#c2b2ff", Foreign: "bold #ff9066", LevelView: "bold #5ab4f0", LevelPeek: "bold #ffe62e", LevelChange: "bold #ff9066",
	Selected: "on #26344b", Marked: "on #362f4a", Bar: "on #1d2430", Match: "on #463f1c", Dialog: "on #202836", Field: "on #232d3d",
}

var colorblindLight = palette{
	Text: "#24292f", Dim: "#5b6471", Faint: "#758090", Strong: "bold #0d1117", Title: "bold #5f5200", Header: "#57606a",
	Accent: "bold #12376e", Key: "bold #12376e", Good: "#0059b3", Warn: "#6b5a00", Bad: "bold #a8004f", DLQ: "#8a4a00",
	Fifo: "#5b3fc4", Number: "#11161d", Spark: "#0f6a68", JSONKey: "#12376e", JSONString: "#175a86", JSONNumber: "#6b5a00",
	JSONWord: "#5b3fc4", Foreign: "bold #a8004f", LevelView: "bold #0059b3", LevelPeek: "bold #6b5a00", LevelChange: "bold #a8004f",
	Selected: "on #d3e6fb", Marked: "on #e6dcf7", Bar: "on #e9edf2", Match: "on #ffe9a0", Dialog: "on #f3f5f8", Field: "on #e3e8ee",
}

var warm = palette{
	Text: "#e6d7be", Dim: "#beaf98", Faint: "#9d8e77", Strong: "bold #f5e9d2", Title: "bold #f0b878", Header: "#bfaf95",
	Accent: "bold #f2c078", Key: "bold #f2c078", Good: "#b3c27a", Warn: "#ecc063", Bad: "bold #f29a84", DLQ: "#e9a16e",
	Fifo: "#d6a6b8", Number: "#efe2cb", Spark: "#8fbaa6", JSONKey: "#f2c078", JSONString: "#c6cf92", JSONNumber: "#ecc063",
	JSONWord: "#d6a6b8", Foreign: "bold #f29a84", LevelView: "bold #b3c27a", LevelPeek: "bold #ecc063", LevelChange: "bold #f29a84",
	Selected: "on #43372b", Marked: "on #45303a", Bar: "on #2a231d", Match: "on #54411a", Dialog: "on #2d2620", Field: "on #352c24",
}

// The themes of sixteen colours leave the shades to the terminal.

var dark16 = palette{
	Text: "", Dim: "white", Faint: "grey", Strong: "bold", Title: "bold brightyellow", Header: "cyan",
	Accent: "bold brightcyan", Key: "bold brightcyan", Good: "brightgreen", Warn: "brightyellow", Bad: "bold brightred", DLQ: "brightyellow",
	Fifo: "brightmagenta", Number: "", Spark: "cyan", JSONKey: "brightcyan", JSONString: "brightgreen", JSONNumber: "brightyellow",
	JSONWord: "brightmagenta", Foreign: "bold brightred", LevelView: "bold brightgreen", LevelPeek: "bold brightyellow", LevelChange: "bold brightred",
	Selected: "reverse", Marked: "underline", Match: "reverse", Field: "underline",
}

var light16 = palette{
	Text: "", Dim: "grey", Faint: "grey", Strong: "bold", Title: "bold magenta", Header: "blue",
	Accent: "bold blue", Key: "bold blue", Good: "green", Warn: "magenta", Bad: "bold red", DLQ: "red",
	Fifo: "magenta", Number: "", Spark: "cyan", JSONKey: "blue", JSONString: "green", JSONNumber: "magenta",
	JSONWord: "red", Foreign: "bold red", LevelView: "bold green", LevelPeek: "bold magenta", LevelChange: "bold red",
	Selected: "reverse", Marked: "underline", Match: "reverse", Field: "underline",
}

// mono says everything by weight, lines and reverse.
var mono = palette{
	Strong: "bold", Title: "bold", Header: "underline", Accent: "bold", Key: "bold", Warn: "bold", Bad: "bold underline",
	DLQ: "italic", Foreign: "bold underline", LevelView: "bold", LevelPeek: "bold underline", LevelChange: "bold reverse",
	Selected: "reverse", Marked: "underline", Match: "reverse", Field: "underline",
}
