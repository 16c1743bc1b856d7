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

	MessagesOpen    ID = "messages.open"
	MessagesLook    ID = "messages.look"
	MessagesRelease ID = "messages.release"
	MessagesMark    ID = "messages.mark"
	MessagesMarkAll ID = "messages.markAll"
	MessagesDelete  ID = "messages.delete"
	MessagesSend    ID = "messages.send"
	MessagesPane    ID = "messages.pane"
	MessagesRaw     ID = "messages.raw"
	MessagesDLQ     ID = "messages.deadLetters"
	MessagesCopyID  ID = "messages.copyId"
	MessagesNext    ID = "messages.next"
	MessagesPrev    ID = "messages.previous"

	DeadLettersOpen    ID = "deadLetters.open"
	DeadLettersRedrive ID = "deadLetters.redrive"
	DeadLettersCancel  ID = "deadLetters.cancel"
	DeadLettersSource  ID = "deadLetters.source"

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

	{ID: MessagesOpen, Keys: []string{"enter"}, Word: "read", Help: "read the message under the cursor"},
	{ID: MessagesLook, Keys: []string{"l"}, Word: "look", Help: "look at messages: free on the embedded engine, a lease on AWS, which costs a receive"},
	{ID: MessagesRelease, Keys: []string{"R"}, Word: "give back", Help: "give back all leased messages now"},
	{ID: MessagesMark, Keys: []string{"space"}, Word: "mark", Help: "mark or unmark this message"},
	{ID: MessagesMarkAll, Keys: []string{"A"}, Word: "mark all", Help: "mark every message in the list, or none"},
	{ID: MessagesDelete, Keys: []string{"x", "delete"}, Word: "delete", Help: "delete this message, or the marked ones; asks first", Danger: true},
	{ID: MessagesSend, Keys: []string{"s"}, Word: "send", Help: "send a message to this queue"},
	{ID: MessagesPane, Keys: []string{"tab"}, Word: "other side", Help: "between the list and the reader"},
	{ID: MessagesRaw, Keys: []string{"v"}, Word: "raw", Help: "the body as it came, or made readable"},
	{ID: MessagesDLQ, Keys: []string{"d"}, Word: "dead letters", Help: "its dead-letter queue, the sources and redrives"},
	{ID: MessagesCopyID, Keys: []string{"Y"}, Word: "copy id", Help: "copy the id of this message"},
	{ID: MessagesNext, Keys: []string{"n"}, Word: "next", Help: "the next match in the body"},
	{ID: MessagesPrev, Keys: []string{"N"}, Word: "previous", Help: "the previous match in the body"},

	{ID: DeadLettersOpen, Keys: []string{"enter"}, Word: "messages", Help: "the messages of this dead-letter queue"},
	{ID: DeadLettersRedrive, Keys: []string{"m"}, Word: "redrive", Help: "move the messages back to their sources or on to a queue, by SQS's own move task", Danger: true},
	{ID: DeadLettersCancel, Keys: []string{"X"}, Word: "cancel task", Help: "cancel the running move task; what was moved stays moved", Danger: true},
	{ID: DeadLettersSource, Keys: []string{"a"}, Word: "attributes", Help: "the settings of the source queue under the cursor"},

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
	{ID: ComposeClose, Keys: []string{"esc"}, Word: "close", Help: "close; the text is kept for the next time"},
}
