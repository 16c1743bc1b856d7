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
		writeMoveTask(w, t)
		w.end("ListMessageMoveTasksResultEntry", "")
	}
}
