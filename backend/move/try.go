package move

import "sqscope/backend"

// Try tells what would become of a message that was read before the move:
// where it would go, as what, or why it would be left. Nothing is done. The
// outcome is Moved for what can be sent; whether it is chosen by IDs or Select is
// not looked at.
func (o Options) Try(m backend.Message) (Message, backend.SendMessageInput) {
	o.fill()
	out := Message{ID: m.MessageId, MD5: m.MD5OfBody, Outcome: Moved}
	l, why := o.plan("dry-run", m)
	if why != nil {
		out.Outcome, out.Why = Left, why
		return out, backend.SendMessageInput{}
	}
	out.NewMD5, out.NewAttributes, out.Group, out.To = l.digest.NewMD5, l.digest.NewAttributes, l.digest.Group, o.To[l.to].ARN
	l.in.QueueUrl = o.To[l.to].URL
	return out, l.in
}
