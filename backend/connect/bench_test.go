package connect

import (
	"context"
	"testing"

	"sqscope/backend/owner"
)

// BenchmarkOpenDemo is what the start of the program spends on the embedded
// engine: its history is played before the first frame.
func BenchmarkOpenDemo(b *testing.B) {
	for b.Loop() {
		group := owner.New(context.Background(), nil)
		conn, err := Open(context.Background(), Context{Embedded: true, Seed: 1}, group, nil)
		if err != nil {
			b.Fatal(err)
		}
		if err := conn.Close(context.Background()); err != nil {
			b.Fatal(err)
		}
		group.Close()
	}
}
