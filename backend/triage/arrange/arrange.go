// Package arrange is what a person arranges for the groups of dead letters of a
// queue: rules that group them, and markers in their histograms. It is data that
// is kept between runs; package triage applies it.
package arrange

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"time"

	"sqscope/backend"
)

// Rules are what a person arranged for the groups of a queue. They are data: kept
// as JSON, and applied whenever the queue is grouped. A rule about a group that
// is not there does nothing.
//
// A place is written as evidence names it: ".order.risk.decision", a path in the
// body behind its wrappings in which [] is the first element, or "attribute:NAME",
// a message attribute or one of SQS's own.
type Rules struct {
	By     []string          `json:"by,omitempty"`     // places whose values make the groups; none: they are found
	Ignore []string          `json:"ignore,omitempty"` // places that tell nothing, and all that is in them
	Titles []string          `json:"titles,omitempty"` // places whose values make titles, where a group has one value there
	Splits []Split           `json:"splits,omitempty"`
	Merges []Merge           `json:"merges,omitempty"`
	Labels map[string]string `json:"labels,omitempty"` // by the IDs of groups
}

// Split takes one group apart: by the value at a place, before and from a time on,
// or into these messages and the others. Exactly one of the three is set.
type Split struct {
	Group    string    `json:"group"`
	By       string    `json:"by,omitempty"`
	At       time.Time `json:"at,omitzero"`
	Messages []string  `json:"messages,omitempty"` // ids
}

// Merge makes one group of several. Splits come first, so a part can be merged.
type Merge struct {
	Groups []string `json:"groups"`
}

// ID is the ID of the group that a merge makes.
func (m Merge) ID() string {
	ids := slices.Sorted(slices.Values(m.Groups))
	return Fingerprint(append([]string{"merge"}, ids...)...)
}

// SetLabel names a group; "" takes the name away.
func (r *Rules) SetLabel(group, label string) {
	if label == "" {
		delete(r.Labels, group)
		return
	}
	if r.Labels == nil {
		r.Labels = map[string]string{}
	}
	r.Labels[group] = label
}

// AddSplit has a group taken apart, in another way than before if it was already.
// The error is of KindInvalid and says what is wrong with the split.
func (r *Rules) AddSplit(s Split) error {
	ways := 0
	for _, set := range []bool{s.By != "", !s.At.IsZero(), len(s.Messages) > 0} {
		if set {
			ways++
		}
	}
	if s.Group == "" || ways != 1 || s.By != "" && !isPlace(s.By) {
		return &backend.Error{
			Kind: backend.KindInvalid, Subject: "split of a group", Message: "it must name a group and one way to take it apart",
			Next: "give a place such as .order.type or attribute:NAME, a time, or messages",
		}
	}
	r.Splits = slices.DeleteFunc(r.Splits, func(o Split) bool { return o.Group == s.Group })
	r.Splits = append(r.Splits, s)
	return nil
}

// AddMerge has groups merged. The error is of KindInvalid for fewer than two.
func (r *Rules) AddMerge(groups ...string) error {
	groups = slices.Compact(slices.Sorted(slices.Values(groups)))
	if len(groups) < 2 {
		return &backend.Error{
			Kind: backend.KindInvalid, Subject: "merge of groups", Message: "it takes two groups at least", Next: "mark another group",
		}
	}
	r.Merges = append(r.Merges, Merge{groups})
	return nil
}

// Undo takes back the merge that made a group, and the split of it.
func (r *Rules) Undo(group string) {
	r.Merges = slices.DeleteFunc(r.Merges, func(m Merge) bool { return m.ID() == group })
	r.Splits = slices.DeleteFunc(r.Splits, func(s Split) bool { return s.Group == group })
}

// AttributePlace begins a place that is an attribute.
const AttributePlace = "attribute:"

func isPlace(s string) bool {
	return strings.HasPrefix(s, ".") || len(s) > len(AttributePlace) && strings.HasPrefix(s, AttributePlace)
}

// Fingerprint is the ID of a group that is told by these things, in this order.
func Fingerprint(parts ...string) string {
	sum := sha256.New()
	for _, p := range parts {
		sum.Write([]byte(strings.ReplaceAll(p, "\x1f", " ") + "\x1f"))
	}
	return hex.EncodeToString(sum.Sum(nil)[:8])
}
