package endpoint

import "sqscope/backend"

// The decoders and encoders of the move task actions in the Query protocol
// (docs/SQS.md 7).

func formStartMoveTask(p part) backend.StartMessageMoveTaskInput {
	return backend.StartMessageMoveTaskInput{
		SourceArn: p.text("SourceArn"), DestinationArn: p.text("DestinationArn"),
		MaxNumberOfMessagesPerSecond: p.integer("MaxNumberOfMessagesPerSecond"),
	}
}

func xmlStartMoveTask(w *xmlWriter, out backend.StartMessageMoveTaskOutput) {
	w.text("TaskHandle", out.TaskHandle)
}

func formCancelMoveTask(p part) backend.CancelMessageMoveTaskInput {
	return backend.CancelMessageMoveTaskInput{TaskHandle: p.text("TaskHandle")}
}

func xmlCancelMoveTask(w *xmlWriter, out backend.CancelMessageMoveTaskOutput) {
	w.number("ApproximateNumberOfMessagesMoved", out.ApproximateNumberOfMessagesMoved)
}

func formListMoveTasks(p part) backend.ListMessageMoveTasksInput {
	return backend.ListMessageMoveTasksInput{SourceArn: p.text("SourceArn"), MaxResults: p.integer("MaxResults")}
}

func xmlListMoveTasks(w *xmlWriter, out backend.ListMessageMoveTasksOutput) {
	for _, t := range out.Results {
		w.begin("ListMessageMoveTasksResultEntry", "")
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
		w.end("ListMessageMoveTasksResultEntry", "")
	}
}
