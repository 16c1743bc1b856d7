package move

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"testing"
	"time"

	"sqscope/backend"
	"sqscope/backend/awssqs"
	"sqscope/backend/endpoint"
	"sqscope/backend/memory"
)

const kills = 20

// overTheWire are the options of a move between two queues of an endpoint.
func overTheWire(t *testing.T, endpointURL, dir, from, to string) Options {
	t.Helper()
	t.Setenv("AWS_ACCESS_KEY_ID", "x")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "x")
	t.Setenv("AWS_REGION", "us-east-1")
	t.Setenv("AWS_CONFIG_FILE", os.DevNull)
	t.Setenv("AWS_SHARED_CREDENTIALS_FILE", os.DevNull)
	client, _, err := awssqs.Open(t.Context(), awssqs.Options{EndpointURL: endpointURL})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	sqs := client.Stack().SQS
	o := Options{Dir: dir, Lease: 2 * time.Second}
	if o.From, err = Find(t.Context(), sqs, "wire", from); err != nil {
		t.Fatal(err)
	}
	q, err := Find(t.Context(), sqs, "wire", to)
	if err != nil {
		t.Fatal(err)
	}
	o.To = []Queue{q}
	return o
}

// TestMover is no test but the program that the next test kills.
func TestMover(t *testing.T) {
	url := os.Getenv("SQSCOPE_TEST_ENDPOINT")
	if url == "" {
		t.Skip("it is started by TestTwentyKills")
	}
	o := overTheWire(t, url, os.Getenv("SQSCOPE_TEST_DIR"), os.Getenv("SQSCOPE_TEST_FROM"), os.Getenv("SQSCOPE_TEST_TO"))
	fmt.Println("ready")
	if os.Getenv("SQSCOPE_TEST_FINISH") != "" {
		open, err := Unfinished(o.Dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range open {
			if _, err := Resume(t.Context(), m.ID, o); err != nil {
				t.Error(err)
			}
		}
	}
	if _, err := Run(t.Context(), o); err != nil {
		t.Error(err)
	}
}

func TestTwentyKills(t *testing.T) {
	m := memory.New(memory.Options{Seed: 1})
	defer m.Close()
	// What a dead process had on lease is soon there again.
	m.Clock().SetSpeed(20)
	server := endpoint.New(m, endpoint.Options{})
	if err := server.Listen(t.Context(), "127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	served := make(chan error, 1)
	go func() { served <- server.Serve() }()
	defer func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), 5*time.Second)
		defer cancel()
		if err := server.Shutdown(ctx); err != nil {
			t.Error(err)
		}
		if err := <-served; err != nil {
			t.Error(err)
		}
	}()
	w := &world{t: t, m: m, sqs: &link{SQS: m, calls: map[string]int{}, bodies: map[string]string{}}, dir: t.TempDir()}
	from, to := w.create("from"), w.create("to")
	before := map[string]backend.StoredMessage{}
	for i := range 4000 {
		w.send(from, fmt.Sprint(i), dressed)
	}
	for _, s := range w.stored(from) {
		before[s.Body] = s
	}
	chance := rand.New(rand.NewPCG(1, 2))
	for i := range kills {
		w.kill(server.URL(), from, to, i%4 == 3, time.Duration(chance.IntN(120))*time.Millisecond)
	}
	open, err := Unfinished(w.dir)
	if err != nil {
		t.Fatal(err)
	}
	both, named := 0, map[string]bool{}
	o := overTheWire(t, server.URL(), w.dir, from, to)
	for _, u := range open {
		both += len(u.Both)
		r, err := Resume(t.Context(), u.ID, o)
		if err != nil || r.Open {
			t.Errorf("%s: %v %s", u.ID, err, r.Words())
		}
	}
	all, err := Moves(w.dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range all {
		for _, d := range m.Doubtful {
			named[d.ID] = true
		}
	}
	t.Logf("%d of 4000 had arrived, %d moves were unfinished, %d messages in both queues, %d possible duplicates", len(w.stored(to)), len(open), both, len(named))
	if len(open) == 0 || len(w.stored(to)) == 0 {
		t.Error("nothing was interrupted: the test tests nothing")
	}
	w.accounted("by a signal", from, to, before, named)
}

// kill starts a process that moves and kills it a while after it is ready.
func (w *world) kill(url, from, to string, finish bool, after time.Duration) {
	w.t.Helper()
	cmd := exec.CommandContext(w.t.Context(), os.Args[0], "-test.run", "^TestMover$")
	cmd.Env = append(os.Environ(), "SQSCOPE_TEST_ENDPOINT="+url, "SQSCOPE_TEST_DIR="+w.dir, "SQSCOPE_TEST_FROM="+from, "SQSCOPE_TEST_TO="+to)
	if finish {
		cmd.Env = append(cmd.Env, "SQSCOPE_TEST_FINISH=1")
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		w.t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		w.t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	lines.Scan()
	if lines.Text() != "ready" {
		w.t.Errorf("the process says %q", lines.Text())
	}
	timer := time.NewTimer(after)
	<-timer.C
	_ = cmd.Process.Kill() // it may have ended
	_ = cmd.Wait()         // with what the signal left
}
