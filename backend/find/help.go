package find

// Form is one form of the language, for a page of help.
type Form struct {
	Form    string // how it is written, with CAPITALS for what is filled in
	Example string // a filter that can be read
	Meaning string // what the form asks for, without a full stop
}

// Help is the language of filters, the usual forms first.
func Help() []Form {
	return []Form{
		{"WORD", "ordpay", "names with these characters in this order, best those with all of them together; " +
			"a capital letter makes case matter"},
		{`"TEXT"`, `"dlq"`, "names with this text in one piece, also where it would mean something else"},
		{"PATTERN", "orders-*-v?", "whole names; * stands for any text, ? for one character"},
		{"A B", "orders dlq", "both"},
		{"A|B", "orders|billing", "one of them at least; blanks around | change nothing"},
		{"!A", "!orders|billing", "not so; in front of a word with | it is about all of the word"},
		{"dlq", "dlq >0", "dead-letter queues: those that a RedrivePolicy names"},
		{"fifo, std", "fifo", "FIFO queues, standard queues"},
		{"trouble", "trouble", "queues where something is wrong"},
		{"pinned", "pinned", "queues that were pinned"},
		{">N, >=N, <N, <=N, =N", ">10k", "so many visible messages; k stands for thousands, m for millions"},
		{"NUMBER>N", "inflight>5", "the same of visible, inflight, delayed or stored (all three together)"},
		{"in>N, out>N, net>N", "in>1 out<0.1", "messages a second: sent, deleted, and the growth, which may be below 0"},
		{"age>TIME", "age>1h30m", "how old the oldest message is; with s, m, h and d"},
		{"tag:KEY", "!tag:team", "queues with this tag"},
		{"tag:KEY=VALUE", "tag:team=checkout", "the same, and its value begins so; with * or ? the whole value is as the " +
			`pattern says; in quotes it is exactly that, as in tag:team="" for an empty one`},
		{"region:NAME", "region:eu-west-1", "queues of regions whose names begin so, or are like the pattern"},
		{"context:NAME", "context:prod", "the same by context"},
	}
}
