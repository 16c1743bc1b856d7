package themes

// Backgrounds are few and quiet: a terminal's own background shows through
// everywhere but on the bars, the cursor's row, marks, matches and dialogs.

var dark24 = palette{
	Text: "#d6dae2", Dim: "#8b95a7", Faint: "#4a5364", Strong: "bold #eef1f6", Title: "bold #f4d58d", Header: "#9aa6ba",
	Accent: "bold #7cc4ff", Key: "bold #7cc4ff", Good: "#8fd18b", Warn: "#f0b866", Bad: "bold #ff7f7f", DLQ: "#ff9d76",
	Fifo: "#c7a6ff", Number: "#e6eaf2", Spark: "#6fb7c9", JSONKey: "#7cc4ff", JSONString: "#b5d99c", JSONNumber: "#f0b866",
	JSONWord: "#c7a6ff", Foreign: "bold #ff7f7f", LevelView: "bold #8fd18b", LevelPeek: "bold #f0b866", LevelChange: "bold #ff7f7f",
	Selected: "on #2b3a52", Marked: "on #3d3550", Bar: "on #1d2430", Match: "on #6b5518", Dialog: "on #202836", Field: "on #232d3d",
}

var light24 = palette{
	Text: "#24292f", Dim: "#5d6673", Faint: "#b4bcc8", Strong: "bold #0d1117", Title: "bold #7a4b00", Header: "#57606a",
	Accent: "bold #0757ad", Key: "bold #0757ad", Good: "#1a6f2e", Warn: "#8a5300", Bad: "bold #b3141d", DLQ: "#a63c00",
	Fifo: "#6a34b8", Number: "#11161d", Spark: "#13697c", JSONKey: "#0757ad", JSONString: "#1c6630", JSONNumber: "#8a5300",
	JSONWord: "#6a34b8", Foreign: "bold #b3141d", LevelView: "bold #1a6f2e", LevelPeek: "bold #8a5300", LevelChange: "bold #b3141d",
	Selected: "on #cfe3fb", Marked: "on #e6dcf7", Bar: "on #e9edf2", Match: "on #ffe48a", Dialog: "on #f3f5f8", Field: "on #e3e8ee",
}

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
