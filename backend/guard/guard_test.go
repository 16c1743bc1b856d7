package guard

import (
	"context"
	"reflect"
	"slices"
	"strings"
	"testing"

	"sqscope/backend"
)

// timekeeper is [backend.Clock] under a name that its method Clock leaves free.
type timekeeper = backend.Clock

// doors are fakes for each kind of ability. They have every method of its
// interface, and a call that reaches one of them panics.
func doors() map[reflect.Type]any {
	return map[reflect.Type]any{
		reflect.TypeFor[backend.SQS]():         struct{ backend.SQS }{},
		reflect.TypeFor[backend.Browser]():     struct{ backend.Browser }{},
		reflect.TypeFor[backend.Clock]():       struct{ timekeeper }{},
		reflect.TypeFor[backend.Metrics]():     struct{ backend.Metrics }{},
		reflect.TypeFor[backend.Events]():      struct{ backend.Events }{},
		reflect.TypeFor[backend.Faults]():      struct{ backend.Faults }{},
		reflect.TypeFor[backend.Snapshots]():   struct{ backend.Snapshots }{},
		reflect.TypeFor[backend.Stage]():       struct{ backend.Stage }{},
		reflect.TypeFor[backend.Wiring]():      struct{ backend.Wiring }{},
		reflect.TypeFor[backend.Credentials](): struct{ backend.Credentials }{},
	}
}

// fullStack is a Stack with a fake in every field.
func fullStack(t *testing.T) backend.Stack {
	t.Helper()
	var s backend.Stack
	v, fakes := reflect.ValueOf(&s).Elem(), doors()
	for i := range v.NumField() {
		fake, ok := fakes[v.Field(i).Type()]
		if !ok {
			t.Fatalf("Stack.%s has no fake here: add one, and see that Wrap decorates it", v.Type().Field(i).Name)
		}
		v.Field(i).Set(reflect.ValueOf(fake))
	}
	return s
}

// eachCall calls every method of every field of the guarded stack with zero
// arguments and tells whether the call got through and what it answered.
func eachCall(t *testing.T, s backend.Stack, visit func(action string, through bool, err error)) {
	t.Helper()
	v := reflect.ValueOf(s)
	for i := range v.NumField() {
		name, ability := v.Type().Field(i).Name, v.Field(i)
		if ability.IsNil() {
			t.Errorf("Stack.%s was lost in the guard", name)
			continue
		}
		if fake := reflect.TypeOf(doors()[v.Type().Field(i).Type]); ability.Elem().Type() == fake {
			t.Errorf("Stack.%s is not behind the guard", name)
		}
		for j := range v.Type().Field(i).Type.NumMethod() {
			action := v.Type().Field(i).Type.Method(j).Name
			method := ability.MethodByName(action)
			var args []reflect.Value
			for k := range method.Type().NumIn() {
				arg := reflect.Zero(method.Type().In(k))
				if method.Type().In(k) == reflect.TypeFor[context.Context]() {
					arg = reflect.ValueOf(t.Context())
				}
				args = append(args, arg)
			}
			through, err := call(method, args)
			visit(action, through, err)
		}
	}
}

func call(method reflect.Value, args []reflect.Value) (through bool, err error) {
	defer func() {
		if recover() != nil {
			through = true
		}
	}()
	out := method.Call(args)
	if len(out) > 0 {
		err, _ = out[len(out)-1].Interface().(error)
	}
	return false, err
}

// reads are the actions that change nothing and cost no message a receive.
var reads = []string{
	"ListQueues", "GetQueueAttributes", "GetQueueUrl", "ListDeadLetterSourceQueues", "ListQueueTags",
	"ListMessageMoveTasks", "Clock", "QueueMetrics", "Subscribe", "NextEvent", "ListFaults",
	"Subscriptions", "SubscriptionDetails", "Mappings", "FunctionTimeout", "SendKey", "Forget", "Identity", "Login", "Expiry", "Refresh", "Picture", "Ledger", "Knobs",
}

var looks = []string{"ReceiveMessage", "ChangeMessageVisibility", "ChangeMessageVisibilityBatch", "Browse", "Snapshot"}

// dangerous acts do not get through without a grant at any level.
var dangerous = []string{"PurgeQueue", "DeleteQueue", "StartMessageMoveTask", "Restore"}

func TestNoLevelLetsThroughMoreThanItMay(t *testing.T) {
	for level, allowed := range map[Level][]string{
		View: reads,
		Peek: slices.Concat(reads, looks),
	} {
		g := New(level)
		calls := 0
		eachCall(t, g.Wrap(fullStack(t)), func(action string, through bool, err error) {
			calls++
			want := slices.Contains(allowed, action)
			if through != want {
				t.Errorf("at %v: %s reaches the backend: %v, want %v", level, action, through, want)
			}
			if !want && backend.KindOf(err) != backend.KindDenied {
				t.Errorf("at %v: %s is refused with %v, want kind denied", level, action, err)
			}
			if want != (g.Check(action) == nil) {
				t.Errorf("at %v: Check(%s) = %v", level, action, g.Check(action))
			}
		})
		if calls < len(backend.Actions()) {
			t.Errorf("only %d methods were tried", calls)
		}
	}
}

func TestChangeLetsEverythingThroughButDangerousActs(t *testing.T) {
	eachCall(t, New(Change).Wrap(fullStack(t)), func(action string, through bool, err error) {
		if want := !slices.Contains(dangerous, action); through != want {
			t.Errorf("at change: %s reaches the backend: %v, want %v (%v)", action, through, want, err)
		}
	})
}

func TestAbsentAbilitiesStayAbsent(t *testing.T) {
	v := reflect.ValueOf(New(Change).Wrap(backend.Stack{}))
	for i := range v.NumField() {
		if !v.Field(i).IsNil() {
			t.Errorf("Stack.%s appeared from nothing", v.Type().Field(i).Name)
		}
	}
}

func TestEverySQSActionHasALevel(t *testing.T) {
	for _, action := range backend.Actions() {
		want := Change
		if slices.Contains(reads, action) {
			want = View
		} else if slices.Contains(looks, action) {
			want = Peek
		}
		if got := Needs(action); got != want {
			t.Errorf("Needs(%s) = %v, want %v", action, got, want)
		}
	}
	if got := Needs("SomethingNew"); got != Change {
		t.Errorf("an unknown action needs %v, want change", got)
	}
}

func TestARefusalSaysWhatWasTriedAndHowToRaiseTheLevel(t *testing.T) {
	g := New(Peek)
	err := g.Wrap(fullStack(t)).SQS.DeleteMessage(t.Context(),
		backend.DeleteMessageInput{QueueUrl: "https://sqs.eu-west-1.amazonaws.com/123456789012/orders"})
	e := backend.AsError(err)
	if e.Kind != backend.KindDenied || e.Action != "DeleteMessage" || e.Subject != "orders" {
		t.Errorf("refused with %+v", e)
	}
	for _, word := range []string{"peek", "--access change"} {
		if !strings.Contains(e.Error(), word) {
			t.Errorf("%q does not say %q", e, word)
		}
	}
}

func TestTheLevelCanBeRaisedAndLapses(t *testing.T) {
	g := New(View)
	if g.Level() != View || g.Check("ReceiveMessage") == nil {
		t.Errorf("level %v, Check = %v", g.Level(), g.Check("ReceiveMessage"))
	}
	g.SetLevel(Change)
	if err := g.Check("PurgeQueue"); err != nil {
		t.Errorf("at change a purge may be offered, but Check says %v", err)
	}
	g.SetLevel(Peek)
	if g.Level() != Peek || g.Check("PurgeQueue") == nil || g.Check("ReceiveMessage") != nil {
		t.Errorf("level %v does not hold after it lapsed", g.Level())
	}
}
