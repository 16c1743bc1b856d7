package memory

import (
	"bytes"
	"context"
	"encoding/json"
	"strings"

	"sqscope/backend"
	"sqscope/backend/rules"
)

// policy is a queue policy as AddPermission writes it (docs/SQS.md 10.2).
// Statements that it did not write stay as they are.
type policy struct {
	Version   string            `json:",omitempty"`
	Id        string            `json:",omitempty"`
	Statement []json.RawMessage // a single one may stand without the list
}

func (p *policy) UnmarshalJSON(b []byte) error {
	var raw struct {
		Version, Id string
		Statement   json.RawMessage
	}
	if err := json.Unmarshal(b, &raw); err != nil {
		return err
	}
	p.Version, p.Id = raw.Version, raw.Id
	if len(raw.Statement) > 0 && raw.Statement[0] == '[' {
		return json.Unmarshal(raw.Statement, &p.Statement)
	}
	p.Statement = []json.RawMessage{raw.Statement}
	return nil
}

// grant is a statement of AddPermission.
type grant struct {
	Sid       string
	Effect    string
	Principal map[string]any
	Action    any
	Resource  string
}

// AddPermission lets accounts do things with a queue, by a statement in its
// policy (1.10). The same statement again changes nothing.
func (e *Engine) AddPermission(ctx context.Context, in backend.AddPermissionInput) error {
	return e.repolicy(ctx, "AddPermission", in.QueueUrl, func(q *queue, p *policy) error {
		if err := rules.AddPermission(in); err != nil {
			return err
		}
		added, err := compact(q.grant(in))
		if err != nil {
			return err
		}
		for _, s := range p.Statement {
			if sid(s) != in.Label {
				continue
			}
			if same, err := compact(s); err == nil && bytes.Equal(same, added) {
				return nil
			}
			return rules.Invalid(in.Label, "Label", "Already exists.")
		}
		if n := len(p.Statement) + 1; n > rules.MaxPolicyStatements {
			return backend.ErrorOf(backend.ErrOverLimit, "%d Statements were found, maximum allowed is %d.",
				n, rules.MaxPolicyStatements)
		}
		if len(p.Statement) == 0 {
			p.Version, p.Id = "2008-10-17", q.arnStr+"/SQSDefaultPolicy"
		}
		p.Statement = append(p.Statement, added)
		return nil
	})
}

// RemovePermission takes a statement out of a queue's policy, and the policy
// with its last one.
func (e *Engine) RemovePermission(ctx context.Context, in backend.RemovePermissionInput) error {
	return e.repolicy(ctx, "RemovePermission", in.QueueUrl, func(_ *queue, p *policy) error {
		if in.Label == "" {
			return rules.Missing("Label")
		}
		var kept []json.RawMessage
		for _, s := range p.Statement {
			if sid(s) != in.Label {
				kept = append(kept, s)
			}
		}
		switch {
		case len(p.Statement) == 0:
			return rules.Invalid(in.Label, "Label", "can't find label.")
		case len(kept) == len(p.Statement):
			return rules.Invalid(in.Label, "Label", "can't find label on existing policy.")
		}
		p.Statement = kept
		return nil
	})
}

// repolicy changes the policy of a queue, which is held against the rules as if
// it had been set.
func (e *Engine) repolicy(ctx context.Context, action, queueURL string, change func(*queue, *policy) error) error {
	q, err := e.find(ctx, action, queueURL)
	if err != nil {
		return err
	}
	now, err := q.lock()
	if err != nil {
		return about(action, q.name, err)
	}
	defer q.unlock()
	old := q.settings.Load()
	s, err := old.changePolicy(q, func(p *policy) error { return change(q, p) })
	if err != nil {
		return about(action, q.name, err)
	}
	if s.Policy != old.Policy {
		q.change(s, now)
	}
	return nil
}

func (s *settings) changePolicy(q *queue, change func(*policy) error) (rules.Settings, error) {
	var p policy
	if s.Policy != "" {
		if err := json.Unmarshal([]byte(s.Policy), &p); err != nil {
			return s.Settings, err
		}
	}
	before := len(p.Statement)
	if err := change(&p); err != nil || len(p.Statement) == before {
		return s.Settings, err
	}
	text := ""
	if len(p.Statement) > 0 {
		b, err := compact(p)
		if err != nil {
			return s.Settings, err
		}
		text = string(b)
	}
	return s.Set(q.arn, map[string]string{backend.AttrPolicy: text}, nil)
}

// grant is the statement that AddPermission adds. One account or action stands
// for itself, several are a list.
func (q *queue) grant(in backend.AddPermissionInput) grant {
	users := make([]string, len(in.AWSAccountIds))
	for i, account := range in.AWSAccountIds {
		users[i] = "arn:" + q.arn.Partition + ":iam::" + account + ":root"
	}
	actions := make([]string, len(in.Actions))
	for i, action := range in.Actions {
		actions[i] = "SQS:" + action
	}
	return grant{
		Sid: in.Label, Effect: "Allow", Resource: q.arnStr,
		Principal: map[string]any{"AWS": oneOrAll(users)}, Action: oneOrAll(actions),
	}
}

func oneOrAll(list []string) any {
	if len(list) == 1 {
		return list[0]
	}
	return list
}

// sid is the label of a statement.
func sid(statement json.RawMessage) string {
	var s struct{ Sid string }
	if json.Unmarshal(statement, &s) != nil {
		return ""
	}
	return s.Sid
}

// compact is JSON without blanks and without escapes that only HTML needs.
func compact(v any) (json.RawMessage, error) {
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return json.RawMessage(strings.TrimSuffix(b.String(), "\n")), nil
}
