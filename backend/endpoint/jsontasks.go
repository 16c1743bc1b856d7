package endpoint

import "sqscope/backend"

// The decoders and encoders of the move task actions in AWS JSON 1.0
// (docs/SQS.md 7).

func readStartMoveTask(r *jsonReader) (in backend.StartMessageMoveTaskInput) {
	if r.object() {
		for r.member() {
			switch string(r.name) {
			case "SourceArn":
				in.SourceArn = r.text()
			case "DestinationArn":
				in.DestinationArn = r.text()
			case "MaxNumberOfMessagesPerSecond":
				in.MaxNumberOfMessagesPerSecond = r.optInt()
			default:
				r.skip()
			}
		}
	}
	return in
}

func writeStartMoveTask(w *jsonWriter, out backend.StartMessageMoveTaskOutput) {
	w.text("TaskHandle", out.TaskHandle)
}

func readCancelMoveTask(r *jsonReader) (in backend.CancelMessageMoveTaskInput) {
	if r.object() {
		for r.member() {
			switch string(r.name) {
			case "TaskHandle":
				in.TaskHandle = r.text()
			default:
				r.skip()
			}
		}
	}
	return in
}

func writeCancelMoveTask(w *jsonWriter, out backend.CancelMessageMoveTaskOutput) {
	w.number("ApproximateNumberOfMessagesMoved", out.ApproximateNumberOfMessagesMoved)
}

func readListMoveTasks(r *jsonReader) (in backend.ListMessageMoveTasksInput) {
	if r.object() {
		for r.member() {
			switch string(r.name) {
			case "SourceArn":
				in.SourceArn = r.text()
			case "MaxResults":
				in.MaxResults = r.optInt()
			default:
				r.skip()
			}
		}
	}
	return in
}

func writeListMoveTasks(w *jsonWriter, out backend.ListMessageMoveTasksOutput) {
	if len(out.Results) == 0 {
		return
	}
	w.name("Results")
	w.begin('[')
	for _, t := range out.Results {
		w.begin('{')
		writeMoveTask(w, t)
		w.end('}')
	}
	w.end(']')
}

// fields is a writer of either protocol.
type fields interface {
	text(name, value string) // unless it is empty
	number(name string, n int64)
}

// writeMoveTask writes the fields of a task (7.4), which have the same names in
// both protocols.
func writeMoveTask(w fields, t backend.MoveTask) {
	w.text("TaskHandle", t.TaskHandle)
	w.text("Status", string(t.Status))
	w.text("SourceArn", t.SourceArn)
	w.text("DestinationArn", t.DestinationArn)
	if t.MaxNumberOfMessagesPerSecond.Set {
		w.number("MaxNumberOfMessagesPerSecond", int64(t.MaxNumberOfMessagesPerSecond.Value))
	}
	w.number("ApproximateNumberOfMessagesMoved", t.ApproximateNumberOfMessagesMoved)
	w.number("ApproximateNumberOfMessagesToMove", t.ApproximateNumberOfMessagesToMove)
	w.text("FailureReason", t.FailureReason)
	w.number("StartedTimestamp", t.Started.UnixMilli())
}
