package doctor

// What is looked for. The sections of docs/SQS.md are in the table.
const (
	NoDLQ              ID = "no-dlq"
	DLQMissing         ID = "dlq-missing"
	DLQElsewhere       ID = "dlq-elsewhere"
	DLQKind            ID = "dlq-kind"
	DLQDenies          ID = "dlq-denies"
	DLQLoop            ID = "dlq-loop"
	DLQRetention       ID = "dlq-retention"
	DLQOfDLQ           ID = "dlq-of-dlq"
	FewReceives        ID = "few-receives"
	OrphanDLQ          ID = "orphan-dlq"
	DeadLettersWaiting ID = "dead-letters"
	SmallerThanDLQ     ID = "smaller-than-dlq"

	LateDeadLetters    ID = "late-dead-letters"
	ExpiresInFlight    ID = "expires-in-flight"
	ExpiresDelayed     ID = "expires-delayed"
	Expiring           ID = "expiring"
	NoVisibility       ID = "no-visibility"
	LongVisibility     ID = "long-visibility"
	VisibilityLambda   ID = "visibility-lambda"
	InFlightCeiling    ID = "in-flight-ceiling"
	FIFOBacklog        ID = "fifo-backlog"
	ShortPolling       ID = "short-polling"
	HalfHighThroughput ID = "half-high-throughput"

	OpenPolicy     ID = "open-policy"
	AnyonesService ID = "anyones-service"
	LockedOut      ID = "locked-out"
	VoidStatement  ID = "void-statement"
	KeyOfAWS       ID = "key-of-aws"
	Unencrypted    ID = "unencrypted"
)

// rule looks for one thing. Its findings lack what the table knows.
type rule struct {
	id      ID
	section string
	look    func(*queue) []Finding
}

func table() []rule {
	return []rule{
		{DLQMissing, "6.3, 1.2", dlqMissing},
		{DLQElsewhere, "6.3", dlqElsewhere},
		{DLQKind, "6.3", dlqKind},
		{DLQLoop, "2.4", dlqLoop},
		{DLQRetention, "6.2", dlqRetention},
		{NoDLQ, "6.1, 5.9", noDLQ},
		{OrphanDLQ, "6.3, 5.9", orphanDLQ},
		{LateDeadLetters, "6.1, 5.9", lateDeadLetters},
		{ExpiresInFlight, "5.9", expiresInFlight},
		{ExpiresDelayed, "5.7, 5.9", expiresDelayed},
		{Expiring, "5.9, 12.3", expiring},
		{KeyOfAWS, "10.3", keyOfAWS},
		{OpenPolicy, "10.2, 10.3", openPolicy},
		{AnyonesService, "10.3", anyonesService},
		{LockedOut, "10.3", lockedOut},
		{VoidStatement, "10.1 to 10.3", voidStatement},
		{DLQDenies, "2.4, 2.5", dlqDenies},
		{FewReceives, "6.1, 10.7", fewReceives},
		{DLQOfDLQ, "6.1, 6.2", dlqOfDLQ},
		{VisibilityLambda, "10.7", visibilityLambda},
		{NoVisibility, "1.15, 5.3", noVisibility},
		{LongVisibility, "1.15, 5.3", longVisibility},
		{InFlightCeiling, "3.3, 8.5", inFlightCeiling},
		{FIFOBacklog, "3.3", fifoBacklog},
		{HalfHighThroughput, "2.6, 3.5", halfHighThroughput},
		{ShortPolling, "5.5, 12.1", shortPolling},
		{Unencrypted, "2.2, 10.5", unencrypted},
		{DeadLettersWaiting, "6.3", deadLettersWaiting},
		{SmallerThanDLQ, "1.11", smallerThanDLQ},
	}
}
