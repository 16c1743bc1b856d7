package backendtest

import (
	"testing"
	"time"

	"sqscope/backend/memory"
)

func engine(t *testing.T) *memory.Engine {
	t.Helper()
	e := memory.New(memory.Options{Account: Account, Region: Region, Seed: 1})
	t.Cleanup(func() {
		if err := e.Check(); err != nil {
			t.Error(err)
		}
		e.Close()
	})
	return e
}

// The engine as it is. Its clock runs on the bubble's time.
func TestMemory(t *testing.T) {
	Run(t, func(t *testing.T) Harness {
		return Harness{Stack: engine(t).Stack(), Advance: time.Sleep}
	})
}
