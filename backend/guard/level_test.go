package guard

import (
	"testing"

	"sqscope/backend"
)

func TestParseLevelReadsWhatStringWrites(t *testing.T) {
	for _, l := range []Level{View, Peek, Change} {
		if got, err := ParseLevel(l.String()); err != nil || got != l {
			t.Errorf("ParseLevel(%q) = %v, %v", l, got, err)
		}
	}
	for _, s := range []string{"", "Change", "admin", "unknown", "0"} {
		got, err := ParseLevel(s)
		if backend.KindOf(err) != backend.KindInvalid || got != View {
			t.Errorf("ParseLevel(%q) = %v, %v; want view and an error of kind invalid", s, got, err)
		}
	}
	if View >= Peek || Peek >= Change {
		t.Error("the levels are out of order")
	}
}

func TestOnlyThisMachineStartsAtChange(t *testing.T) {
	for _, c := range []struct {
		place backend.Place
		want  Level
	}{
		{backend.Place{Embedded: true}, Change},
		{backend.Place{Endpoint: "http://localhost:9324"}, Change},
		{backend.Place{Endpoint: "http://127.0.0.1:9324"}, Change},
		{backend.Place{Endpoint: "127.8.9.1:9324"}, Change},
		{backend.Place{Endpoint: "http://[::1]:9324"}, Change},
		{backend.Place{Endpoint: "https://SQS.LocalHost.:4566/"}, Change},
		{backend.Place{}, Peek},
		{backend.Place{Region: "eu-west-1", Profile: "prod"}, Peek},
		{backend.Place{Endpoint: "https://sqs.eu-west-1.amazonaws.com"}, Peek},
		{backend.Place{Endpoint: "http://10.0.0.4:9324"}, Peek},
		{backend.Place{Endpoint: "http://localhost.example.com"}, Peek},
		{backend.Place{Endpoint: "http://notlocalhost"}, Peek},
		{backend.Place{Endpoint: "http://127.0.0.1.example.com"}, Peek},
		{backend.Place{Endpoint: "http://user@example.com/@localhost"}, Peek},
		{backend.Place{Endpoint: "http://localhost@example.com"}, Peek},
		{backend.Place{Endpoint: "://"}, Peek},
	} {
		if got := DefaultLevel(c.place); got != c.want {
			t.Errorf("DefaultLevel(%+v) = %v, want %v", c.place, got, c.want)
		}
	}
}
