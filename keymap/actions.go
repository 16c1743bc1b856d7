package keymap

// Everywhere is the scope of actions that work on every screen.
const Everywhere = "everywhere"

// The actions. Their keys mean the same thing on every screen where they work.
const (
	Quit      ID = "everywhere.quit"
	ForceQuit ID = "everywhere.forceQuit"
	Back      ID = "everywhere.back"
	Help      ID = "everywhere.help"
	Palette   ID = "everywhere.palette"
	Filter    ID = "everywhere.filter"
	Refresh   ID = "everywhere.refresh"
	Contexts  ID = "everywhere.contexts"
	Lab       ID = "everywhere.lab"
	Activity  ID = "everywhere.activity"
	Access    ID = "everywhere.access"
	Clock     ID = "everywhere.clock"
	Zone      ID = "everywhere.zone"
	Copy      ID = "everywhere.copy"
	Details   ID = "everywhere.details"
	Suspend   ID = "everywhere.suspend"
	Up        ID = "everywhere.up"
	Down      ID = "everywhere.down"
	PageUp    ID = "everywhere.pageUp"
	PageDown  ID = "everywhere.pageDown"
	Top       ID = "everywhere.top"
	Bottom    ID = "everywhere.bottom"

	QueuesOpen        ID = "queues.open"
	QueuesSend        ID = "queues.send"
	QueuesDeadLetters ID = "queues.deadLetters"
	QueuesAttributes  ID = "queues.attributes"
	QueuesSort        ID = "queues.sort"
	QueuesReverse     ID = "queues.reverse"
	QueuesTree        ID = "queues.tree"
	QueuesColumns     ID = "queues.columns"
	QueuesViews       ID = "queues.views"
	QueuesSaveView    ID = "queues.saveView"
	QueuesPin         ID = "queues.pin"
	QueuesTrouble     ID = "queues.trouble"
	QueuesGo          ID = "queues.go"
	QueuesCreate      ID = "queues.create"
	QueuesDoctor      ID = "queues.doctor"
	QueuesMetrics     ID = "queues.metrics"
	QueuesImport      ID = "queues.import"

	QueuesScene ID = "queues.scene"

	LabOpen  ID = "lab.open"
	LabWhole ID = "lab.whole"

	LessonDo      ID = "lesson.do"
	LessonPane    ID = "lesson.pane"
	LessonReceive ID = "lesson.receive"
	LessonAgain   ID = "lesson.receiveAgain"
	LessonDelete  ID = "lesson.delete"
	LessonSend    ID = "lesson.send"
	LessonHold    ID = "lesson.hold"
	LessonTime    ID = "lesson.time"
	LessonStep    ID = "lesson.step"
	LessonNext    ID = "lesson.next"
	LessonFaster  ID = "lesson.faster"
	LessonSlower  ID = "lesson.slower"
	LessonAnew    ID = "lesson.anew"
	LessonProgram ID = "lesson.program"
	LessonScene   ID = "lesson.scene"
	LessonLessons ID = "lesson.lessons"

	SceneKnobs    ID = "scene.knobs"
	SceneFollow   ID = "scene.follow"
	SceneStep     ID = "scene.step"
	SceneNext     ID = "scene.next"
	SceneFaster   ID = "scene.faster"
	SceneSlower   ID = "scene.slower"
	SceneRewind   ID = "scene.rewind"
	SceneMark     ID = "scene.mark"
	SceneSave     ID = "scene.save"
	SceneFaults   ID = "scene.faults"
	SceneMessages ID = "scene.messages"
	SceneSend     ID = "scene.send"
	SceneWhole    ID = "scene.whole"
	SceneLeft     ID = "scene.left"
	SceneRight    ID = "scene.right"

	AttributesEdit     ID = "attributes.edit"
	AttributesAdd      ID = "attributes.add"
	AttributesRemove   ID = "attributes.remove"
	AttributesNext     ID = "attributes.next"
	AttributesPrev     ID = "attributes.previous"
	AttributesMessages ID = "attributes.messages"
	AttributesSend     ID = "attributes.send"
	AttributesDLQ      ID = "attributes.deadLetters"
	AttributesUndo     ID = "attributes.undo"
	AttributesCopy     ID = "attributes.copy"
	AttributesPurge    ID = "attributes.purge"
	AttributesDelete   ID = "attributes.delete"
	AttributesSettings ID = "attributes.settings"
	AttributesPolicy   ID = "attributes.policy"
	AttributesWiring   ID = "attributes.wiring"
	AttributesDoctor   ID = "attributes.doctor"
	AttributesTags     ID = "attributes.tags"

	EditorSave  ID = "editor.save"
	EditorClose ID = "editor.close"

	CreateSend   ID = "create.create"
	CreateNext   ID = "create.next"
	CreatePrev   ID = "create.previous"
	CreateChoose ID = "create.choose"
	CreateClose  ID = "create.close"

	ImportsFile   ID = "imports.file"
	ImportsSend   ID = "imports.send"
	ImportsStop   ID = "imports.stop"
	ImportsAgain  ID = "imports.again"
	ImportsRate   ID = "imports.rate"
	ImportsWrong  ID = "imports.wrong"
	ImportsDedup  ID = "imports.dedup"
	ImportsResume ID = "imports.resume"
	ImportsLeft   ID = "imports.left"
	ImportsGroup  ID = "imports.group"
	ImportsWhole  ID = "imports.whole"

	FilesTake     ID = "files.take"
	FilesComplete ID = "files.complete"
	FilesClose    ID = "files.close"

	MessagesOpen    ID = "messages.open"
	MessagesLook    ID = "messages.look"
	MessagesRelease ID = "messages.release"
	MessagesMark    ID = "messages.mark"
	MessagesMarkAll ID = "messages.markAll"
	MessagesDelete  ID = "messages.delete"
	MessagesSend    ID = "messages.send"
	MessagesPane    ID = "messages.pane"
	MessagesDLQ     ID = "messages.deadLetters"
	MessagesHold    ID = "messages.hold"
	MessagesCopyAs  ID = "messages.copyAs"
	MessagesExport  ID = "messages.export"
	MessagesImport  ID = "messages.import"
	MessagesEditor  ID = "messages.editor"
	MessagesPager   ID = "messages.pager"
	MessagesCopyID  ID = "messages.copyId"
	MessagesNext    ID = "messages.next"
	MessagesPrev    ID = "messages.previous"
	MessagesAgain   ID = "messages.again"

	MessagesLookMore ID = "messages.lookMore"
	MessagesLookFor  ID = "messages.lookFor"
	MessagesColumns  ID = "messages.columns"
	MessagesSort     ID = "messages.sort"
	MessagesReverse  ID = "messages.reverse"
	MessagesRange    ID = "messages.markRange"
	MessagesInvert   ID = "messages.invert"
	MessagesMatches  ID = "messages.matches"
	MessagesGroups   ID = "messages.groups"

	ReaderFold    ID = "reader.fold"
	ReaderUnfold  ID = "reader.unfold"
	ReaderFoldAll ID = "reader.foldAll"
	ReaderDeeper  ID = "reader.deeper"
	ReaderOpenAll ID = "reader.openAll"
	ReaderOuter   ID = "reader.outer"
	ReaderInner   ID = "reader.inner"
	ReaderRaw     ID = "reader.raw"
	ReaderBytes   ID = "reader.bytes"
	ReaderHead    ID = "reader.head"
	ReaderNext    ID = "reader.next"
	ReaderPrev    ID = "reader.previous"
	ReaderPath    ID = "reader.path"
	ReaderReveal  ID = "reader.reveal"
	ReaderCompare ID = "reader.compare"

	CompareNext  ID = "compare.next"
	ComparePrev  ID = "compare.previous"
	CompareWhole ID = "compare.whole"
	ComparePaths ID = "compare.paths"

	DeadLettersOpen    ID = "deadLetters.open"
	DeadLettersRedrive ID = "deadLetters.redrive"
	DeadLettersSource  ID = "deadLetters.source"

	DeadLettersLook     ID = "deadLetters.look"
	DeadLettersLookMore ID = "deadLetters.lookMore"
	DeadLettersMark     ID = "deadLetters.mark"
	DeadLettersPane     ID = "deadLetters.pane"
	DeadLettersKeep     ID = "deadLetters.keep"
	DeadLettersDelete   ID = "deadLetters.delete"
	DeadLettersExport   ID = "deadLetters.export"
	DeadLettersTicket   ID = "deadLetters.ticket"
	DeadLettersLabel    ID = "deadLetters.label"
	DeadLettersSplit    ID = "deadLetters.split"
	DeadLettersMerge    ID = "deadLetters.merge"
	DeadLettersUndo     ID = "deadLetters.undo"
	DeadLettersRules    ID = "deadLetters.rules"
	DeadLettersMarker   ID = "deadLetters.marker"
	DeadLettersAll      ID = "deadLetters.all"
	QueuesHarm          ID = "queues.harm"

	DeadLettersTasks ID = "deadLetters.tasks"
	MessagesRedrive  ID = "messages.redrive"
	QueuesTasks      ID = "queues.tasks"

	RedriveChange   ID = "redrive.change"
	RedriveStart    ID = "redrive.start"
	RedriveTry      ID = "redrive.dryRun"
	RedrivePane     ID = "redrive.pane"
	RedriveTasks    ID = "redrive.tasks"
	RedrivingCancel ID = "redriving.cancel"
	RedrivingTasks  ID = "redriving.tasks"
	RedrivenResults ID = "redriven.results"
	RedrivenAgain   ID = "redriven.failedAgain"
	RedrivenReport  ID = "redriven.report"
	RedrivenNew     ID = "redriven.new"
	RedrivenTasks   ID = "redriven.tasks"

	TasksOpen    ID = "tasks.open"
	TasksStart   ID = "tasks.start"
	TasksCancel  ID = "tasks.cancel"
	TasksFinish  ID = "tasks.finish"
	TasksRedrive ID = "tasks.redrive"
	TasksDrain   ID = "tasks.drain"
	TasksRestore ID = "tasks.restore"

	FilterKeep  ID = "filter.keep"
	FilterClear ID = "filter.clear"

	ContextsConnect ID = "contexts.connect"
	ContextsRenew   ID = "contexts.renew"
	ContextsWhole   ID = "contexts.whole"

	ActivityPane  ID = "activity.pane"
	ActivityWhole ID = "activity.whole"

	DoctorOpen  ID = "doctor.open"
	DoctorGroup ID = "doctor.group"
	DoctorWhole ID = "doctor.whole"

	ComposeSend  ID = "compose.send"
	ComposeNext  ID = "compose.next"
	ComposePrev  ID = "compose.previous"
	ComposeAgain ID = "compose.again"
	ComposeClose ID = "compose.close"

	ComposeFormat    ID = "compose.format"
	ComposeEdit      ID = "compose.edit"
	ComposeUndo      ID = "compose.undo"
	ComposeChoose    ID = "compose.choose"
	ComposeRemove    ID = "compose.remove"
	ComposeTemplates ID = "compose.templates"
	ComposeHistory   ID = "compose.history"
	ComposeMany      ID = "compose.many"

	ManySend    ID = "many.send"
	ManyNext    ID = "many.next"
	ManyPrev    ID = "many.previous"
	ManyOther   ID = "many.other"
	ManyClose   ID = "many.close"
	SendingStop ID = "sending.stop"
	SendingGo   ID = "sending.goOn"
	SendingTry  ID = "sending.tryAgain"
	SendingKeep ID = "sending.keep"
	SendingEdit ID = "sending.edit"
)

var actions = []Action{
	{ID: Up, Keys: []string{"up", "k"}, Word: "up", Help: "one line up"},
	{ID: Down, Keys: []string{"down", "j"}, Word: "down", Help: "one line down"},
	{ID: PageUp, Keys: []string{"pgup", "ctrl+b"}, Word: "page up", Help: "one page up"},
	{ID: PageDown, Keys: []string{"pgdown", "ctrl+f"}, Word: "page down", Help: "one page down"},
	{ID: Top, Keys: []string{"home", "g"}, Word: "top", Help: "to the first line"},
	{ID: Bottom, Keys: []string{"end", "G"}, Word: "end", Help: "to the last line"},
	{ID: Filter, Keys: []string{"/"}, Word: "filter", Help: "show only what contains these words"},
	{ID: Refresh, Keys: []string{"r", "f5"}, Word: "refresh", Help: "read again now; never receives a message"},
	{ID: Copy, Keys: []string{"y"}, Word: "copy", Help: "copy what is under the cursor"},
	{ID: Details, Keys: []string{"E"}, Word: "error", Help: "the last error in full"},
	{ID: Zone, Keys: []string{"Z"}, Word: "utc", Help: "times in UTC or local"},
	{ID: Contexts, Keys: []string{"c"}, Word: "contexts", Help: "where to connect: profiles, endpoints, the embedded engine"},
	{ID: Lab, Keys: []string{"f2"}, Word: "lab", Help: "to the lesson that you are at, and back from it; elsewhere to the list of lessons; also while typing"},
	{ID: Activity, Keys: []string{"L"}, Word: "activity", Help: "what was changed, and every request with what it cost"},
	{ID: Access, Keys: []string{"!"}, Word: "access", Help: "raise or lower what sqscope may do here: view, peek, change"},
	{ID: Clock, Keys: []string{"p"}, Word: "pause", Help: "pause the embedded engine's clock, or let it run"},
	{ID: Palette, Keys: []string{":"}, Word: "command", Help: "everything by name: actions, screens, contexts, themes"},
	{ID: Help, Keys: []string{"?", "f1"}, Word: "keys", Help: "the keys of this screen, why one is off, and the language of its filter; f1 also while typing"},
	{ID: Back, Keys: []string{"esc"}, Word: "back", Help: "close, cancel, or go back"},
	{ID: Quit, Keys: []string{"q"}, Word: "quit", Help: "go back; on the first screen, quit"},
	{ID: Suspend, Keys: []string{"ctrl+z"}, Word: "suspend", Help: "give messages back and return to the shell; fg resumes"},
	{ID: ForceQuit, Keys: []string{"ctrl+c"}, Word: "quit", Help: "give messages back and quit, always"},

	{ID: QueuesOpen, Keys: []string{"enter"}, Word: "messages", Help: "the messages of this queue"},
	{ID: QueuesSend, Keys: []string{"s"}, Word: "send", Help: "send a message to this queue"},
	{ID: QueuesDeadLetters, Keys: []string{"d"}, Word: "dead letters", Help: "the dead-letter queue of this queue, its sources and redrives"},
	{ID: QueuesHarm, Keys: []string{"H"}, Word: "all DLQs", Help: "all dead-letter queues, the most harmful first, and why"},
	{ID: QueuesAttributes, Keys: []string{"a"}, Word: "attributes", Help: "settings, policy, wiring, health and tags of this queue, to see and to change"},
	{ID: QueuesCreate, Keys: []string{"n"}, Word: "new", Help: "create a queue: standard or FIFO, with a dead-letter queue if wanted"},
	{ID: QueuesTrouble, Keys: []string{"T"}, Word: "trouble", Help: "only queues in trouble: dead letters, errors, settings that lose messages; that one has no dead-letter queue is left to the doctor"},
	{ID: QueuesDoctor, Keys: []string{"D"}, Word: "doctor", Help: "what is misconfigured in all queues, the most harmful first"},
	{ID: QueuesPin, Keys: []string{"*"}, Word: "pin", Help: "pin this queue to the top, also for the next runs, or unpin it"},
	{ID: QueuesGo, Keys: []string{"u"}, Word: "open", Help: "open a queue by name, URL or ARN, also of another account"},
	{ID: QueuesViews, Keys: []string{"w"}, Word: "views", Help: "take a saved view: filter, order and columns"},
	{ID: QueuesSaveView, Keys: []string{"W"}, Word: "save view", Help: "save filter, order and columns under a name"},
	{ID: QueuesColumns, Keys: []string{"C"}, Word: "columns", Help: "which columns are shown, and in which order"},
	{ID: QueuesSort, Keys: []string{"o"}, Word: "sort", Help: "sort by the next column"},
	{ID: QueuesReverse, Keys: []string{"O"}, Word: "reverse", Help: "turn the order round"},
	{ID: QueuesTree, Keys: []string{"v"}, Word: "tree", Help: "dead-letter queues under their sources, or all in one list"},
	{ID: QueuesMetrics, Keys: []string{"M"}, Word: "metrics", Help: "read rates and ages from CloudWatch, which costs money, or stop reading them"},
	{ID: QueuesImport, Keys: []string{"i"}, Word: "import", Help: "send the messages of a file to this queue"},

	{ID: QueuesScene, Keys: []string{"S"}, Word: "scene", Help: "watch the embedded engine at work: who sends, what lies where, who holds what"},

	{ID: LabOpen, Keys: []string{"enter"}, Word: "begin", Help: "begin the lesson under the cursor, or go on with it: it has an engine of its own"},
	{ID: LabWhole, Keys: []string{"space"}, Word: "details", Help: "what the lesson under the cursor is about on the whole screen, or the list again"},

	{ID: LessonDo, Keys: []string{"enter"}, Word: "answer", Help: "answer the question under the cursor, say what it claims, turn its knob, or go on from the story to the task"},
	{ID: LessonPane, Keys: []string{"tab"}, Word: "story/task", Help: "between the story, the task and your own consumer"},
	{ID: LessonTime, Keys: []string{"t"}, Word: "let time pass", Help: "move the clock by as much as you say, such as 10s, 5m or 4d"},
	{ID: LessonReceive, Keys: []string{"l"}, Word: "receive", Help: "receive messages as a consumer of your own, which keeps every receipt handle"},
	{ID: LessonAgain, Keys: []string{"a"}, Word: "receive again", Help: "receive once more as the last time, without asking"},
	{ID: LessonSend, Keys: []string{"s"}, Word: "send", Help: "send as a program does: one message or a batch, and nothing is checked before SQS does"},
	{ID: LessonDelete, Keys: []string{"x", "delete"}, Word: "delete", Help: "delete with the receipt handle under the cursor, old or new"},
	{ID: LessonHold, Keys: []string{"H"}, Word: "hide", Help: "change the visibility timeout with the receipt handle under the cursor; 0 gives the message back"},
	{ID: LessonAnew, Keys: []string{"b"}, Word: "begin anew", Help: "the lesson from its beginning, the same as before; hints and misses stay"},
	{ID: LessonStep, Keys: []string{"."}, Word: "step", Help: "stop the clock and go on by one second"},
	{ID: LessonNext, Keys: []string{"n"}, Word: "next event", Help: "stop the clock and go to the next thing that happens by itself"},
	{ID: LessonFaster, Keys: []string{"+"}, Word: "faster", Help: "let the clock run faster"},
	{ID: LessonSlower, Keys: []string{"-"}, Word: "slower", Help: "let the clock run slower"},
	{ID: LessonProgram, Keys: []string{"e"}, Word: "own program", Help: "serve the lesson's engine on this machine, and show a program to begin with"},
	{ID: LessonScene, Keys: []string{"S"}, Word: "scene", Help: "watch the lesson's engine at work"},
	{ID: LessonLessons, Keys: []string{"v"}, Word: "lessons", Help: "the list of all lessons; this one stays as it is"},

	{ID: SceneKnobs, Keys: []string{"enter"}, Word: "knobs", Help: "turn a knob of what is under the cursor: rates, failures, visibility timeout, maxReceiveCount"},
	{ID: SceneNext, Keys: []string{"n"}, Word: "next event", Help: "stop the clock and go to the next thing that happens by itself"},
	{ID: SceneStep, Keys: []string{"."}, Word: "step", Help: "stop the clock and go on by one second"},
	{ID: SceneRewind, Keys: []string{"b"}, Word: "rewind", Help: "go back to a snapshot of this run; the present is kept as another one"},
	{ID: SceneFollow, Keys: []string{"f"}, Word: "follow", Help: "follow one message through its life, or follow none any more"},
	{ID: SceneFaults, Keys: []string{"F"}, Word: "faults", Help: "switch troubles on and off: of the queue under the cursor, else of all queues"},
	{ID: SceneFaster, Keys: []string{"+"}, Word: "faster", Help: "let the clock run faster"},
	{ID: SceneSlower, Keys: []string{"-"}, Word: "slower", Help: "let the clock run slower"},
	{ID: SceneWhole, Keys: []string{"space"}, Word: "details", Help: "what is under the cursor on the whole screen, or the scene again"},
	{ID: SceneMessages, Keys: []string{"o"}, Word: "messages", Help: "the messages of the queue under the cursor, on the ordinary screen"},
	{ID: SceneSend, Keys: []string{"s"}, Word: "send", Help: "send a message to the queue under the cursor"},
	{ID: SceneMark, Keys: []string{"m"}, Word: "keep moment", Help: "keep a snapshot of this moment to rewind to"},
	{ID: SceneSave, Keys: []string{"w"}, Word: "save world", Help: "save everything in a file, clock and actors included; sqscope --restore opens it"},
	{ID: SceneLeft, Keys: []string{"left", "h"}, Word: "left", Help: "to what stands left of it: queues, then those who send"},
	{ID: SceneRight, Keys: []string{"right", "l"}, Word: "right", Help: "to what stands right of it: queues, then those who receive"},

	{ID: AttributesEdit, Keys: []string{"enter", "e"}, Word: "change", Help: "change what is under the cursor, mend it, or open the queue it names; the difference is shown first"},
	{ID: AttributesAdd, Keys: []string{"a"}, Word: "add", Help: "add a tag, or a permission from a template"},
	{ID: AttributesRemove, Keys: []string{"x", "delete"}, Word: "remove", Help: "take away the tag, statement or setting under the cursor; asks first"},
	{ID: AttributesNext, Keys: []string{"tab"}, Word: "next part", Help: "to the next part: settings, policy, wiring, doctor, tags"},
	{ID: AttributesPrev, Keys: []string{"shift+tab"}, Word: "part before", Help: "to the part before"},
	{ID: AttributesMessages, Keys: []string{"m"}, Word: "messages", Help: "the messages of this queue"},
	{ID: AttributesCopy, Keys: []string{"Y"}, Word: "copy as", Help: "copy the URL, the ARN, the aws command, or the address in AWS's console"},
	{ID: AttributesUndo, Keys: []string{"U"}, Word: "undo", Help: "put back what was last changed here"},
	{ID: AttributesPurge, Keys: []string{"P"}, Word: "purge", Help: "delete all messages of this queue; evidence first, asks for its name", Danger: true},
	{ID: AttributesDelete, Keys: []string{"X"}, Word: "delete queue", Help: "delete this queue with all that is in it; evidence first, asks for its name", Danger: true},
	{ID: AttributesSend, Keys: []string{"s"}, Word: "send", Help: "send a message to this queue"},
	{ID: AttributesDLQ, Keys: []string{"d"}, Word: "dead letters", Help: "its dead-letter queue, the sources and redrives"},
	{ID: AttributesSettings, Keys: []string{"1"}, Word: "settings", Help: "what is set, what it means, and where it differs from the default"},
	{ID: AttributesPolicy, Keys: []string{"2"}, Word: "policy", Help: "who may do what with this queue, in words and as JSON"},
	{ID: AttributesWiring, Keys: []string{"3"}, Word: "wiring", Help: "who sends to this queue and who receives from it, as a map"},
	{ID: AttributesDoctor, Keys: []string{"4"}, Word: "doctor", Help: "what is wrong with this queue, and what would mend it"},
	{ID: AttributesTags, Keys: []string{"5"}, Word: "tags", Help: "the tags of this queue"},

	{ID: EditorSave, Keys: []string{"ctrl+s"}, Word: "save", Help: "check the text and show what it would change"},
	{ID: EditorClose, Keys: []string{"esc"}, Word: "close", Help: "leave the editor; what was typed is dropped"},

	{ID: CreateSend, Keys: []string{"ctrl+s"}, Word: "create", Help: "check and create the queue"},
	{ID: CreateNext, Keys: []string{"tab"}, Word: "next field", Help: "to the next field"},
	{ID: CreatePrev, Keys: []string{"shift+tab"}, Word: "previous field", Help: "to the previous field"},
	{ID: CreateChoose, Keys: []string{"ctrl+o"}, Word: "choose", Help: "choose from a list what belongs in this field"},
	{ID: CreateClose, Keys: []string{"esc"}, Word: "close", Help: "leave without creating anything"},

	{ID: ImportsSend, Keys: []string{"enter"}, Word: "send", Help: "send the messages of the file to the queue; asks first"},
	{ID: ImportsStop, Keys: []string{"X"}, Word: "stop", Help: "stop sending; what was sent stays sent, and it can be taken up again"},
	{ID: ImportsAgain, Keys: []string{"a"}, Word: "failed again", Help: "send just those once more that were not sent"},
	{ID: ImportsWhole, Keys: []string{"space"}, Word: "details", Help: "all that is known of the entry under the cursor"},
	{ID: ImportsFile, Keys: []string{"f"}, Word: "file", Help: "take another file"},
	{ID: ImportsRate, Keys: []string{"R"}, Word: "rate", Help: "how many messages to send in a second"},
	{ID: ImportsWrong, Keys: []string{"w"}, Word: "wrong lines", Help: "leave lines out that are no messages, or stop at the first"},
	{ID: ImportsDedup, Keys: []string{"n"}, Word: "new ids", Help: "give messages to a FIFO queue new deduplication ids, or keep those that they had"},
	{ID: ImportsResume, Keys: []string{"t"}, Word: "take up", Help: "go on where the last import of this file ended, or begin at its start"},
	{ID: ImportsLeft, Keys: []string{"tab"}, Word: "all or left", Help: "show what is not known to be in the queue, or every entry"},

	{ID: ImportsGroup, Keys: []string{"b"}, Word: "group", Help: "the group of messages that have none, for a FIFO queue"},

	{ID: FilesTake, Keys: []string{"enter"}, Word: "take", Help: "take this file, or open this folder"},
	{ID: FilesComplete, Keys: []string{"tab"}, Word: "complete", Help: "complete the path as far as it is the same for all that fit"},
	{ID: FilesClose, Keys: []string{"esc"}, Word: "close", Help: "leave the field; without a file there is nothing to import"},

	{ID: MessagesOpen, Keys: []string{"enter"}, Word: "read", Help: "read the message under the cursor"},
	{ID: MessagesLook, Keys: []string{"l"}, Word: "look", Help: "look at messages: free on the embedded engine, a lease on AWS, which costs a receive"},
	{ID: MessagesRelease, Keys: []string{"R"}, Word: "give back", Help: "give back all leased messages now"},
	{ID: MessagesMark, Keys: []string{"space"}, Word: "mark", Help: "mark or unmark this message"},
	{ID: MessagesMarkAll, Keys: []string{"A"}, Word: "mark all", Help: "mark every message in the list, or none"},
	{ID: MessagesDelete, Keys: []string{"x", "delete"}, Word: "delete", Help: "delete this message, or the marked ones; asks first", Danger: true},
	{ID: MessagesSend, Keys: []string{"s"}, Word: "send", Help: "send a message to this queue"},
	{ID: MessagesPane, Keys: []string{"tab"}, Word: "other side", Help: "between the list and the reader"},
	{ID: MessagesDLQ, Keys: []string{"d"}, Word: "dead letters", Help: "its dead-letter queue, the sources and redrives"},
	{ID: MessagesExport, Keys: []string{"w"}, Word: "export", Help: "write the marked messages, those that are shown or all that were read to a file: JSONL, CSV, or one file each"},
	{ID: MessagesCopyAs, Keys: []string{"Y"}, Word: "copy as", Help: "copy the id, the attributes, the message as JSON, or what sends it: aws, curl, Go, Python, JavaScript"},
	{ID: MessagesCopyID, Keys: []string{"U"}, Word: "copy id", Help: "copy the id of this message, or those of the marked ones"},
	{ID: MessagesHold, Keys: []string{"H"}, Word: "hold", Help: "give this message or the marked ones back, or keep them longer"},
	{ID: MessagesEditor, Keys: []string{"e"}, Word: "editor", Help: "open the body in $VISUAL or $EDITOR, to be looked at"},
	{ID: MessagesPager, Keys: []string{"P"}, Word: "pager", Help: "open the body in $PAGER"},
	{ID: MessagesImport, Keys: []string{"i"}, Word: "import", Help: "send the messages of a file to this queue"},
	{ID: MessagesNext, Keys: []string{"n"}, Word: "next", Help: "the next message that was found"},
	{ID: MessagesPrev, Keys: []string{"N"}, Word: "previous", Help: "the message before that was found"},

	{ID: MessagesLookMore, Keys: []string{"M"}, Word: "look at …", Help: "look at as many messages as you say"},
	{ID: MessagesLookFor, Keys: []string{"f"}, Word: "read until", Help: "read on until so many messages match what is looked for; those that do not are given back at once"},
	{ID: MessagesColumns, Keys: []string{"C"}, Word: "columns", Help: "which columns are shown, and in which order: also any attribute and any jq path"},
	{ID: MessagesSort, Keys: []string{"o"}, Word: "sort", Help: "sort by the next column"},
	{ID: MessagesReverse, Keys: []string{"O"}, Word: "reverse", Help: "turn the order round"},
	{ID: MessagesRange, Keys: []string{"V"}, Word: "mark to here", Help: "mark from the message that was marked last to this one"},
	{ID: MessagesInvert, Keys: []string{"I"}, Word: "invert", Help: "mark what is not marked in the list, and unmark what is"},
	{ID: MessagesMatches, Keys: []string{"F"}, Word: "all or found", Help: "show only what was found, or all with a sign at what was found; n and N go from one to the next"},
	{ID: MessagesGroups, Keys: []string{"b"}, Word: "groups", Help: "the message groups of a FIFO queue: head, in flight, blocked since when; and back to the messages"},

	{ID: MessagesAgain, Keys: []string{"S"}, Word: "send again", Help: "write a new message that begins as this one, and see what differs before it is sent"},

	{ID: ReaderRaw, Keys: []string{"v"}, Word: "raw", Help: "the body as it came, or made readable"},
	{ID: ReaderFold, Keys: []string{"left"}, Word: "fold", Help: "fold what begins here, or what this stands in"},
	{ID: ReaderUnfold, Keys: []string{"right"}, Word: "unfold", Help: "unfold what is folded here"},
	{ID: ReaderFoldAll, Keys: []string{"-"}, Word: "fold all", Help: "fold everything but the first level"},
	{ID: ReaderDeeper, Keys: []string{"+"}, Word: "deeper", Help: "after fold all: unfold one level more"},
	{ID: ReaderOpenAll, Keys: []string{"="}, Word: "unfold all", Help: "unfold everything"},
	{ID: ReaderOuter, Keys: []string{"["}, Word: "outer", Help: "the layer that this one was wrapped in: the envelope, the base64"},
	{ID: ReaderInner, Keys: []string{"]"}, Word: "inner", Help: "the layer that is wrapped in this one"},
	{ID: ReaderBytes, Keys: []string{"B"}, Word: "bytes", Help: "this layer byte by byte, in hex, or made readable"},
	{ID: ReaderHead, Keys: []string{"h"}, Word: "head", Help: "all facts and attributes of the message on the whole pane, or the body again"},
	{ID: ReaderNext, Keys: []string{"n"}, Word: "next", Help: "the next match in the body"},
	{ID: ReaderPrev, Keys: []string{"N"}, Word: "previous", Help: "the match before in the body"},
	{ID: ReaderPath, Keys: []string{"."}, Word: "copy path", Help: "copy the jq path of the line under the cursor"},
	{ID: ReaderReveal, Keys: []string{"u"}, Word: "unmask", Help: "show what the masks hide of this message, or hide it again; asks first, and the journal keeps it"},
	{ID: ReaderCompare, Keys: []string{"|"}, Word: "compare", Help: "the two marked messages beside each other, or this one and the next"},

	{ID: CompareNext, Keys: []string{"n", "]"}, Word: "next", Help: "to the next difference"},
	{ID: ComparePrev, Keys: []string{"N", "["}, Word: "previous", Help: "to the difference before"},
	{ID: ComparePaths, Keys: []string{"tab"}, Word: "paths", Help: "what differs by its path, or line by line"},
	{ID: CompareWhole, Keys: []string{"space"}, Word: "all lines", Help: "all lines, or those around what differs"},

	{ID: DeadLettersOpen, Keys: []string{"enter"}, Word: "open", Help: "the queue, the group of failures, or the message under the cursor"},
	{ID: DeadLettersLook, Keys: []string{"l"}, Word: "look", Help: "look at messages and group them by what they died of: free on the embedded engine, a lease on AWS, which costs a receive"},
	{ID: DeadLettersRedrive, Keys: []string{"m"}, Word: "redrive", Help: "move this group, or what is marked, back to their sources, on to any queue or into quarantine, changed or not: checked before, in small steps, watched, with a report"},
	{ID: DeadLettersPane, Keys: []string{"tab"}, Word: "other side", Help: "between the groups, what is known of one, and its smallest message"},
	{ID: DeadLettersMark, Keys: []string{"space"}, Word: "mark", Help: "mark or unmark this group, or this message"},
	{ID: DeadLettersExport, Keys: []string{"w"}, Word: "export", Help: "write this group, what is marked or all that were read to a file"},
	{ID: DeadLettersDelete, Keys: []string{"x", "delete"}, Word: "delete", Help: "drain this group, or what is marked, into an evidence file and delete it; asks for the queue's name", Danger: true},
	{ID: DeadLettersKeep, Keys: []string{"K"}, Word: "keep", Help: "what keeps messages from being lost: a longer retention, a queue that keeps them, a file"},
	{ID: DeadLettersTicket, Keys: []string{"Y"}, Word: "ticket", Help: "copy what is known of this group, the marked ones or all as Markdown"},
	{ID: DeadLettersMarker, Keys: []string{"i"}, Word: "marker", Help: "say what happened when, as a deploy: it stands in the histograms; or take that back"},
	{ID: DeadLettersLabel, Keys: []string{"b"}, Word: "label", Help: "give this group a name of your own, also for the next runs"},
	{ID: DeadLettersSplit, Keys: []string{"S"}, Word: "split", Help: "take this group apart: by a field, by a time, or into the marked messages and the others"},
	{ID: DeadLettersMerge, Keys: []string{"J"}, Word: "merge", Help: "make one group of the marked ones"},
	{ID: DeadLettersUndo, Keys: []string{"U"}, Word: "undo", Help: "take back the merge or the split that made this group"},
	{ID: DeadLettersRules, Keys: []string{"o"}, Word: "group by", Help: "which fields make the groups, which tell nothing, and which make the titles; for this queue, also for the next runs"},
	{ID: DeadLettersLookMore, Keys: []string{"M"}, Word: "look at …", Help: "look at as many messages as you say"},
	{ID: DeadLettersAll, Keys: []string{"d"}, Word: "all", Help: "all dead-letter queues, the most harmful first"},
	{ID: DeadLettersSource, Keys: []string{"a"}, Word: "attributes", Help: "the settings of this queue, or of one that it serves"},

	{ID: DeadLettersTasks, Keys: []string{"t"}, Word: "tasks", Help: "move tasks of SQS, redrives, and moves that are not finished"},
	{ID: MessagesRedrive, Keys: []string{"m"}, Word: "redrive", Help: "move the marked messages, those that are found or all: back to their sources or to any queue, changed or not"},
	{ID: QueuesTasks, Keys: []string{"t"}, Word: "tasks", Help: "move tasks of SQS, redrives, and moves that are not finished"},

	{ID: RedriveChange, Keys: []string{"enter"}, Word: "change", Help: "change what is under the cursor: which messages, where to, what is changed in them, how fast, and what stops it"},
	{ID: RedriveStart, Keys: []string{"m"}, Word: "redrive", Help: "redrive as it stands here; asks for the queue's name", Danger: true},
	{ID: RedriveTry, Keys: []string{"v"}, Word: "dry run", Help: "what would become of each message that was read; nothing is done"},
	{ID: RedrivePane, Keys: []string{"tab"}, Word: "other pane", Help: "between the preflight, the changes and the dry run"},
	{ID: RedriveTasks, Keys: []string{"t"}, Word: "tasks", Help: "move tasks of SQS, and earlier redrives with their reports"},
	{ID: RedrivingCancel, Keys: []string{"X"}, Word: "cancel", Help: "stop the redrive: what is under way is finished, what was moved stays moved", Danger: true},
	{ID: RedrivingTasks, Keys: []string{"t"}, Word: "tasks", Help: "move tasks of SQS, and earlier redrives; this one goes on"},
	{ID: RedrivenResults, Keys: []string{"enter"}, Word: "results", Help: "what became of each message"},
	{ID: RedrivenAgain, Keys: []string{"a"}, Word: "failed again", Help: "plan another redrive of just those that were not moved"},
	{ID: RedrivenReport, Keys: []string{"space"}, Word: "report", Help: "the report of this redrive, for the ticket"},
	{ID: RedrivenNew, Keys: []string{"n"}, Word: "new", Help: "plan another redrive"},
	{ID: RedrivenTasks, Keys: []string{"t"}, Word: "tasks", Help: "move tasks of SQS, and earlier redrives with their reports"},

	{ID: TasksOpen, Keys: []string{"enter"}, Word: "details", Help: "the report of the redrive, the move or the task under the cursor"},
	{ID: TasksFinish, Keys: []string{"F"}, Word: "finish", Help: "finish the move under the cursor that an earlier run left open; nothing is lost, and possible duplicates are named", Danger: true},
	{ID: TasksRedrive, Keys: []string{"m"}, Word: "redrive", Help: "move messages out of this queue: checked before, in small steps, watched, with a report"},
	{ID: TasksStart, Keys: []string{"n"}, Word: "new task", Help: "have SQS move all messages by a task of its own: back to their sources or on to one queue", Danger: true},
	{ID: TasksCancel, Keys: []string{"X"}, Word: "cancel", Help: "cancel what runs under the cursor; what was moved stays moved", Danger: true},
	{ID: TasksDrain, Keys: []string{"w"}, Word: "drain", Help: "empty this queue into a file, and delete what is in the file; asks for its name", Danger: true},
	{ID: TasksRestore, Keys: []string{"i"}, Word: "restore", Help: "send the messages of an evidence file to this queue again; asks for its name", Danger: true},

	{ID: FilterKeep, Keys: []string{"enter"}, Word: "keep", Help: "leave the field and keep what it shows"},
	{ID: FilterClear, Keys: []string{"esc"}, Word: "clear", Help: "empty the field and show all again"},

	{ID: ContextsConnect, Keys: []string{"enter"}, Word: "connect", Help: "leave this context for the one under the cursor"},

	{ID: ContextsRenew, Keys: []string{"R"}, Word: "renew", Help: "get new credentials for the context under the cursor, as after logging in again"},
	{ID: ContextsWhole, Keys: []string{"space"}, Word: "details", Help: "the details on the whole screen, or the list again"},

	{ID: ActivityPane, Keys: []string{"tab"}, Word: "other list", Help: "between the journal of changes and the log of requests"},
	{ID: ActivityWhole, Keys: []string{"enter", "space"}, Word: "details", Help: "the entry on the whole screen, or the list again"},

	{ID: DoctorOpen, Keys: []string{"enter"}, Word: "queue", Help: "the settings of this queue, where it is mended; of a group: fold it or unfold it"},
	{ID: DoctorGroup, Keys: []string{"v"}, Word: "group", Help: "group what was found by rule, by queue, or not"},
	{ID: DoctorWhole, Keys: []string{"space"}, Word: "details", Help: "the details on the whole screen, or the list again"},

	{ID: ComposeSend, Keys: []string{"ctrl+s"}, Word: "send", Help: "check and send the message"},
	{ID: ComposeNext, Keys: []string{"tab"}, Word: "next field", Help: "to the next field"},
	{ID: ComposePrev, Keys: []string{"shift+tab"}, Word: "previous field", Help: "to the previous field"},
	{ID: ComposeAgain, Keys: []string{"ctrl+r"}, Word: "stay", Help: "stay here after sending, to send more"},
	{ID: ComposeMany, Keys: []string{"ctrl+n"}, Word: "many", Help: "send many: copies with variables, or a message for each entry of a file"},
	{ID: ComposeTemplates, Keys: []string{"ctrl+t"}, Word: "templates", Help: "begin from a template, or keep this message as one"},
	{ID: ComposeHistory, Keys: []string{"ctrl+p"}, Word: "sent", Help: "begin from a message that was sent to this queue before"},
	{ID: ComposeFormat, Keys: []string{"ctrl+g"}, Word: "reformat", Help: "lay JSON out on lines of its own, or put it on one line"},
	{ID: ComposeEdit, Keys: []string{"alt+e", "f4"}, Word: "editor", Help: "write the body in $EDITOR"},
	{ID: ComposeUndo, Keys: []string{"alt+z", "ctrl+_"}, Word: "undo", Help: "take back what was last changed in the body"},
	{ID: ComposeChoose, Keys: []string{"ctrl+o"}, Word: "choose", Help: "choose the type of an attribute, or how a binary value is written"},
	{ID: ComposeRemove, Keys: []string{"alt+x"}, Word: "remove", Help: "take the attribute under the cursor away"},
	{ID: ComposeClose, Keys: []string{"esc"}, Word: "close", Help: "close; the text is kept for the next time"},

	{ID: ManySend, Keys: []string{"ctrl+s"}, Word: "send", Help: "check all, and send them after a question"},
	{ID: ManyNext, Keys: []string{"tab"}, Word: "next field", Help: "to the next field"},
	{ID: ManyPrev, Keys: []string{"shift+tab"}, Word: "previous field", Help: "to the previous field"},
	{ID: ManyOther, Keys: []string{"ctrl+r"}, Word: "another seed", Help: "other random values"},
	{ID: ManyClose, Keys: []string{"esc"}, Word: "close", Help: "back to the message"},

	{ID: SendingStop, Keys: []string{"x"}, Word: "stop", Help: "send no more; what is on its way is waited for"},
	{ID: SendingTry, Keys: []string{"t"}, Word: "try failed", Help: "send once more just those that failed"},
	{ID: SendingGo, Keys: []string{"o"}, Word: "go on", Help: "send the rest, from where it was stopped"},
	{ID: SendingKeep, Keys: []string{"w"}, Word: "write file", Help: "keep those that were not sent in a file, which can be imported"},
	{ID: SendingEdit, Keys: []string{"e"}, Word: "edit", Help: "change what is sent, and send anew"},
}
