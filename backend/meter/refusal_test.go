package meter

import (
	"testing"
	"testing/synctest"
	"time"

	"sqscope/backend"
)

func TestARefusalIsRememberedForAMinute(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := &failing{times: 1, err: backend.ErrorOf(backend.ErrAccessDenied, "not yours")}
		m := New(Options{})
		s := m.Wrap(backend.Stack{SQS: b}).SQS
		in := backend.ListQueuesInput{}
		if _, err := s.ListQueues(t.Context(), in); backend.KindOf(err) != backend.KindDenied {
			t.Fatal(err)
		}
		if e := m.Refusal("ListQueues", ""); e == nil || e.Message != "not yours" {
			t.Errorf("remembered %v", e)
		}
		if e := m.Refusal("ReceiveMessage", ""); e != nil {
			t.Errorf("another action: %v", e)
		}
		time.Sleep(time.Minute)
		if e := m.Refusal("ListQueues", ""); e != nil {
			t.Errorf("a minute later: %v", e)
		}
	})
}

func TestASuccessTakesARefusalBack(t *testing.T) {
	b := &failing{times: 1, err: backend.ErrorOf(backend.ErrAccessDenied, "not yours")}
	m := New(Options{})
	s := m.Wrap(backend.Stack{SQS: b}).SQS
	for range 2 {
		_, _ = s.ListQueues(t.Context(), backend.ListQueuesInput{})
	}
	if e := m.Refusal("ListQueues", ""); e != nil {
		t.Errorf("still %v", e)
	}
}
