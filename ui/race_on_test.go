//go:build race

package ui

// racing tells that the race detector watches, which makes all of this five
// times slower: what draws the same frames in other colours has no news for it.
const racing = true
