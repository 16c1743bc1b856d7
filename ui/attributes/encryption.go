package attributes

import (
	tea "charm.land/bubbletea/v2"

	"sqscope/backend"
	"sqscope/themes"
	"sqscope/ui/dialog"
	"sqscope/ui/text"
)

// encryption is how a queue encrypts bodies: with a key of KMS, with keys of
// SQS's own, or not at all (docs/SQS.md 2.3).
type encryption struct {
	key string
	sse bool
}

// kmsRights is what SSE-KMS asks of others (docs/SQS.md 10.5).
const kmsRights = "With a KMS key a sender needs kms:GenerateDataKey and kms:Decrypt on the key, a receiver kms:Decrypt. Other AWS " +
	"services can send only if the key's policy lets them, which alias/aws/sqs cannot."

func encryptionOf(attrs map[string]string) encryption {
	e := encryption{key: attrs[backend.AttrKmsMasterKeyId]}
	e.sse = e.key == "" && attrs[backend.AttrSqsManagedSseEnabled] == "true"
	return e
}

func (e encryption) words() string {
	switch {
	case e.key != "":
		return "SSE-KMS with " + e.key
	case e.sse:
		return "SSE-SQS"
	}
	return "off"
}

// set is what has to be set to come to it from another.
func (e encryption) set(from encryption) map[string]string {
	switch {
	case e == from:
		return nil
	case e.key != "":
		return map[string]string{backend.AttrKmsMasterKeyId: e.key}
	case e.sse:
		return map[string]string{backend.AttrSqsManagedSseEnabled: "true"}
	case from.key != "":
		return map[string]string{backend.AttrKmsMasterKeyId: ""}
	}
	return map[string]string{backend.AttrSqsManagedSseEnabled: "false"}
}

// after is what it becomes when attributes are set: SSE-SQS replaces a key, and
// without the key nothing is on (docs/SQS.md 2.2).
func (e encryption) after(set map[string]string) encryption {
	if key, ok := set[backend.AttrKmsMasterKeyId]; ok {
		return encryption{key: key, sse: e.sse && key == ""}
	}
	if v, ok := set[backend.AttrSqsManagedSseEnabled]; ok {
		return encryption{sse: v == "true"}
	}
	return e
}

// chooseEncryption asks which of the three, and for which key.
func (m *Model) chooseEncryption() tea.Cmd {
	const own, aws, another, none = 0, 1, 2, 3
	now := encryptionOf(m.seen.Attributes)
	choices := []dialog.Choice{
		own:     {Label: "SSE-SQS", Note: "keys that SQS manages; costs nothing"},
		aws:     {Label: "SSE-KMS, alias/aws/sqs", Note: "AWS's key for SQS; other services cannot use it"},
		another: {Label: "SSE-KMS, a key of yours", Note: "senders and receivers need rights on it"},
		none:    {Label: "off", Note: "bodies are stored as they are"},
	}
	take := func(e encryption) tea.Cmd {
		return m.review(m.queue, text.Sprintf("Change the encryption of %s?", m.name()), e.set(now), m.encryptionLines(now, e))
	}
	m.Env.Host.Ask(dialog.NewChoose(m.Env, text.Sprintf("Encryption of %s, now %s", m.name(), now.words()), choices, func(i int) tea.Cmd {
		switch i {
		case own:
			return take(encryption{sse: true})
		case aws:
			return take(encryption{key: "alias/aws/sqs"})
		case none:
			return take(encryption{})
		}
		return m.askKey(now, take)
	}))
	return nil
}

// encryptionLines say what the change means to those who send and receive.
func (m *Model) encryptionLines(from, to encryption) []dialog.Line {
	lines := []dialog.Line{
		{Role: themes.Strong, Text: text.Sprintf("%s → %s", from.words(), to.words())},
		{Role: themes.Text, Text: text.Const(meaning(keyEncryption))},
	}
	if from.key != "" {
		lines = append(lines, dialog.Line{Role: themes.Warn, Text: text.Sprintf("! messages that are there can be read only as long as %s can be used", from.key)})
	}
	if to.key != "" {
		lines = append(lines, dialog.Line{Role: themes.Warn, Text: text.Const("! " + kmsRights)})
	}
	return lines
}

// askKey asks for a key of KMS. SQS does not check that it exists (2.1).
func (m *Model) askKey(now encryption, take func(encryption) tea.Cmd) tea.Cmd {
	m.Env.Host.Ask(dialog.NewForm(m.Env, dialog.Form{
		Title: text.Sprintf("A KMS key for %s", m.name()),
		Notes: []text.Safe{
			text.Const("A key id, the ARN of a key, alias/NAME or the ARN of an alias. SQS does not check that there is such a key: if there is not, sends and receives fail from then on."),
			text.Const(kmsRights),
		},
		Fields: []dialog.Field{{Label: "key", Value: now.key, Check: func(v string) string {
			if v == "" {
				return "a key id, an ARN or alias/NAME"
			}
			return m.refusal(encryption{key: v}.set(now))
		}}},
		Confirm: "show the difference",
		Run:     func(v []string) tea.Cmd { return take(encryption{key: v[0]}) },
	}))
	return nil
}
