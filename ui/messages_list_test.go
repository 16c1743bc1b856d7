package ui

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"sqscope/backend"
	"sqscope/backend/config"
)

// parcels fills orders with messages that have amounts in their bodies, one of
// them wrapped as SNS does it, and an attribute.
func parcels(t *testing.T, sqs backend.SQS) {
	t.Helper()
	queue(t, sqs, "orders", nil)
	for i, total := range []string{"90", "1000", "9", `"none"`, "250.5"} {
		_, err := sqs.SendMessage(context.Background(), backend.SendMessageInput{
			QueueUrl: url(t, sqs, "orders"), MessageBody: fmt.Sprintf(`{"order":{"total":%s,"card":"4111-%d"}}`, total, i),
			MessageAttributes: map[string]backend.MessageAttribute{"team": {DataType: "String", StringValue: backend.Some([]string{"tea", "coffee"}[i%2])}},
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	send(t, sqs, "orders",
		`{"Type":"Notification","MessageId":"1","TopicArn":"arn:aws:sns:us-east-1:000000000000:sales","Message":"{\"order\":{\"total\":700}}","Timestamp":"2026-01-01T00:00:00Z","SignatureVersion":"1","Signature":"x","SigningCertURL":"https://sns.us-east-1.amazonaws.com/x.pem","UnsubscribeURL":"https://sns.us-east-1.amazonaws.com/?x"}`,
		"nothing but text",
	)
}

// rows are those of the texts that stand in the order of the messages, from above.
func rows(d *desk, texts ...string) (found []string) {
	for _, l := range strings.Split(d.Text(), "\n") {
		for _, s := range texts {
			if strings.Contains(l, s) {
				found = append(found, s)
			}
		}
	}
	return found
}

func TestTextRegexAndJQFindMessagesByWhatIsInTheirWrappings(t *testing.T) {
	onScreen(t, setup{w: 100, h: 30, queue: "orders", fill: parcels}, func(t *testing.T, d *desk) {
		for _, c := range []struct {
			find  string
			found int
			shows []string
		}{
			{"4111-3", 1, []string{"none"}},
			{"NOTHING but", 0, nil}, // a capital letter: case matters
			{"nothing BUT", 0, nil},
			{"nothing but", 1, []string{"nothing but text"}},
			{"=tea", 3, nil}, // an attribute
			{"/4111-[24]/", 2, []string{"9,", "250.5"}},
			{".json.order.total > 100 and (.json.order.total | type) == \"number\"", 3, []string{"1000", "250.5", "Notification"}},
			{".messageAttributes.team.stringValue == \"coffee\"", 2, nil},
		} {
			d.Press("/", "C-u")
			d.Type(c.find)
			d.Press("Enter")
			d.Wait(2 * time.Second)
			d.Shows(fmt.Sprintf("found %d of 7:", c.found))
			d.Shows(c.shows...)
			if c.found == 0 {
				d.Shows("none of 7 messages matches " + c.find)
			}
		}
		d.Press("/", "Esc")
		d.Shows("nothing but text", "1000")
	})
}

func TestAWrongExpressionSaysWhereUnderTheFieldAndLosesNothing(t *testing.T) {
	onScreen(t, setup{w: 100, h: 30, queue: "orders", fill: parcels}, func(t *testing.T, d *desk) {
		d.Press("/")
		d.Type("4111")
		d.Shows("found 5 of 7: 4111")
		d.Press("C-u")
		d.Type(".json.order.total >> 5")
		d.Shows("✗", "expected", "250.5")
		d.Hides("nothing but text") // the list is still what was found last
		d.Press("Enter")
		d.Shows(".json.order.total >> 5") // the field stays, with what was typed
		d.Press("C-u")
		d.Type("/[a/")
		d.Shows("missing closing ]")
		d.Press("C-u")
		d.Type(".json.order.total > 500 and .json.order.total < \"a\"")
		d.Shows("Notification", "1000")
		d.Press("Enter")
		d.Shows("found 2 of 7: .json.order.total > 500")
	})
}

func TestWhatWasFoundCanBeShownAmongAllAndJumpedTo(t *testing.T) {
	onScreen(t, setup{w: 100, h: 30, queue: "orders", fill: parcels}, func(t *testing.T, d *desk) {
		d.Press("/")
		d.Type("coffee")
		d.Press("Enter", "F")
		d.Shows("nothing but text", "found 2 of 7")
		at := func() string {
			for _, l := range strings.Split(d.Text(), "\n") {
				if strings.Contains(l, "▸") {
					return l
				}
			}
			return ""
		}
		var seen []string
		for range 3 {
			d.Press("n")
			if !strings.Contains(at(), "»") {
				t.Errorf("n went to a message that was not found: %s", at())
			}
			seen = append(seen, at())
		}
		if seen[0] == seen[1] || seen[0] != seen[2] {
			t.Errorf("two were found, and n went to %q", seen)
		}
		d.Press("N")
		if at() != seen[1] {
			t.Errorf("N went to %q, not back to %q", at(), seen[1])
		}
		d.Press("F")
		d.Hides("nothing but text")
	})
}

// An act typed right behind what is looked for is about what is found.
func TestAnActTypedAheadIsAboutWhatIsFound(t *testing.T) {
	onScreen(t, setup{w: 100, h: 30, queue: "orders", fill: parcels}, func(t *testing.T, d *desk) {
		d.Raw("/nothing but\rA")
		d.Wait(time.Second)
		d.Shows("1 marked")
		d.Raw("/\x15/4111-[12]/\rAx")
		d.Wait(time.Second)
		d.Shows("Delete 3 messages from orders?", "1 of them")
	})
}

func TestColumnsAreChosenSortedByAndRemembered(t *testing.T) {
	onScreen(t, setup{w: 100, h: 30, queue: "orders", fill: parcels}, func(t *testing.T, d *desk) {
		d.Press("C")
		d.Shows("Columns", "[x] age", "[ ] id", "a jq path")
		for range 30 { // to the last entry, which asks for a path
			d.Press("j")
		}
		d.Press("Space", "Enter")
		d.Shows("A column for a jq path")
		d.Type("json")
		d.Press("Enter")
		d.Shows("a path begins with a dot")
		d.Press("C-u")
		d.Type(".json.order.total")
		d.Press("Enter")
		d.Wait(time.Second)
		d.Shows("TOTAL", "250.5", "700")
		for range 5 {
			d.Press("o")
		}
		d.Shows("sort: .json.order.total ↓")
		want := []string{"  1000 ", "  700 ", "  250.5 ", "  90 ", "  9 ", "  none ", "  — "}
		if got := rows(d, want...); !slices.Equal(got, want) {
			t.Errorf("numbers, the largest first, then texts, then what is not known: %v\n%s", got, d.Text())
		}
		d.Press("O")
		d.Shows("sort: .json.order.total ↑")
		want = []string{"  9 ", "  90 ", "  250.5 ", "  700 ", "  1000 ", "  none ", "  — "}
		if got := rows(d, want...); !slices.Equal(got, want) {
			t.Errorf("turned round: %v\n%s", got, d.Text())
		}
		d.Press("Esc", "Enter") // the screen anew
		d.Wait(time.Second)
		d.Hides("TOTAL") // the memo of this test forgets
	})
}

func TestColumnsComeFromTheConfigurationAndWrongOnesAreSaid(t *testing.T) {
	onScreen(t, setup{w: 120, h: 30, queue: "orders", messages: config.Messages{Columns: []string{"attribute:team", "id", ".json.order.total", ".json | oops("}}, fill: parcels}, func(t *testing.T, d *desk) {
		d.Wait(time.Second)
		d.Shows("TEAM", "coffee", "ID", "TOTAL", "250.5", ".json | oops(")
		d.Hides("AGE")
	})
}

// What a mask hides is not in the list, not found, not in a column.
func TestAMaskHoldsForTheListTheFindAndColumns(t *testing.T) {
	onScreen(t, setup{
		w: 120, h: 30, queue: "orders", fill: parcels,
		masks:    []config.Mask{{Queues: "orders", Paths: []string{".order.card"}}},
		messages: config.Messages{Columns: []string{".json.order.card", ".json.order.total", "body"}},
	}, func(t *testing.T, d *desk) {
		d.Wait(time.Second)
		d.Shows("•••", "250.5", "nothing but text")
		d.Hides("4111")
		d.Press("/")
		d.Type("4111")
		d.Wait(time.Second)
		d.Shows("none of 7 messages matches 4111")
		d.Press("C-u")
		d.Type(`.body | contains("4111")`)
		d.Wait(time.Second)
		d.Shows("none of 7 messages matches")
	})
}

func TestMarksTakeRangesAndCanBeInverted(t *testing.T) {
	onScreen(t, setup{w: 100, h: 30, queue: "orders", fill: func(t *testing.T, sqs backend.SQS) {
		queue(t, sqs, "orders", nil)
		for i := range 9 {
			send(t, sqs, "orders", fmt.Sprintf("order %d", i))
		}
	}}, func(t *testing.T, d *desk) {
		d.Press("V")
		d.Shows("space marks where the range begins")
		d.Press("j", "j", "Space", "j", "j", "V") // 2 to 5: space goes on by one
		d.Shows("4 messages marked")
		d.Press("o", "o", "o", "o", "o", "O") // sorted by the body, turned round
		d.Shows("4 marked", "sort: body")
		for i := range 9 {
			if marked := strings.Contains(line(d, fmt.Sprintf("order %d", i)), "●"); marked != (i >= 2 && i <= 5) {
				t.Errorf("order %d is marked: %v", i, marked)
			}
		}
		d.Press("I")
		d.Shows("5 marked")
		d.Press("/")
		d.Type("/order [0-3]/")
		d.Press("Enter", "A")
		d.Shows("7 marked") // with those that the list does not show
		d.Press("A")
		d.Shows("3 marked")
	})
}

func TestReadingGoesOnUntilSoManyMatch(t *testing.T) {
	for _, remote := range []bool{true, false} {
		t.Run(fmt.Sprint("remote=", remote), func(t *testing.T) {
			onScreen(t, setup{w: 140, h: 30, remote: remote, queue: "orders", fill: func(t *testing.T, sqs backend.SQS) {
				queue(t, sqs, "orders", nil)
				for i := range 900 {
					send(t, sqs, "orders", fmt.Sprintf(`{"n":%d}`, i))
				}
			}}, func(t *testing.T, d *desk) {
				d.Press("f")
				d.Shows("nothing is looked for; / says what")
				d.Press("/")
				d.Type(".json.n >= 800 and .json.n < 805")
				d.Press("Enter")
				d.Wait(time.Second)
				d.Press("f")
				d.Shows("until how many match .json.n >= 800")
				d.Press("C-u")
				d.Type("5")
				d.Press("Enter")
				d.Wait(9 * time.Second)
				d.Shows("5 match", `{"n":800}`, `{"n":804}`)
				d.Hides(`{"n":7`, `{"n":805}`)
				if remote {
					if n := attr(t, d, "orders", backend.AttrMessagesNotVisible); n != "5" {
						t.Errorf("%s messages are leased, 5 match", n)
					}
				} else {
					d.Wait(5 * time.Second) // the browse that repeats itself does not undo it
					d.Shows("5 match", "r reads again")
					d.Press("/", "Esc")
					d.Wait(2 * time.Second)
					d.Shows(`{"n":0}`, "seen 500 of")
				}
				d.Press("Esc")
				d.Wait(2 * time.Second)
				if n := attr(t, d, "orders", backend.AttrMessagesNotVisible); n != "0" {
					t.Errorf("%s messages are still leased", n)
				}
			})
		})
	}
}

func TestGroupsSayWhatBlocksThem(t *testing.T) {
	onScreen(t, setup{w: 120, h: 30, queue: "payments.fifo", fill: lanes}, func(t *testing.T, d *desk) {
		d.Press("b")
		d.Wait(time.Second)
		d.Shows("Queues / payments.fifo / groups", "3 groups in the 7 messages that were read", "BLOCKED FOR")
		for group, want := range map[string][]string{
			"ann": {"3", "in flight"}, "bob": {"2", "failed, visible", "1m"}, "cleo": {"2", "visible", "—"},
		} {
			row := line(d, group)
			for _, w := range want {
				if !strings.Contains(row, w) {
					t.Errorf("the row of %s does not say %q: %s", group, w, row)
				}
			}
		}
		d.Press("j", "Enter")
		d.Shows("payments.fifo / group bob", "bob 0", "bob 1")
		d.Hides("ann 1", "cleo 0")
		d.Press("Esc")
		d.Shows("3 groups")
		d.Press("Esc")
		d.Shows("ann 1", "bob 0", "cleo 0")
		d.Press("Esc")
		d.Shows("TYPE") // the queues
	})
}

// lanes is a FIFO queue with three groups: the head of the first is in flight,
// that of the second has failed once, the third is untouched.
func lanes(t *testing.T, sqs backend.SQS) {
	t.Helper()
	queue(t, sqs, "payments.fifo", map[string]string{backend.AttrFifoQueue: "true", backend.AttrContentBasedDeduplication: "true"})
	take := func(d time.Duration) {
		_, err := sqs.ReceiveMessage(context.Background(), backend.ReceiveMessageInput{
			QueueUrl: url(t, sqs, "payments.fifo"), VisibilityTimeout: backend.Some(int(d / time.Second)),
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	put := func(group string, n int) {
		for i := range n {
			_, err := sqs.SendMessage(context.Background(), backend.SendMessageInput{
				QueueUrl: url(t, sqs, "payments.fifo"), MessageBody: fmt.Sprintf("%s %d", group, i), MessageGroupId: backend.Some(group),
			})
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	put("ann", 3)
	take(10 * time.Minute)
	put("bob", 2)
	take(30 * time.Second)
	time.Sleep(time.Minute) // virtual
	put("cleo", 2)
}
