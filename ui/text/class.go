package text

// run is a range of code points of one class.
type run struct {
	lo, hi rune
	class  class
}

// classOf finds the class of a code point. Scripts that fill bodies are
// answered without a search.
func classOf(r rune) class {
	switch {
	case r < 0x80:
		if r >= ' ' && r < 0x7f {
			return narrow
		}
		return hidden
	case r >= 0x4e00 && r <= 0x9fff, r >= 0xac00 && r <= 0xd7a3, r >= 0x3041 && r <= 0x3096:
		return wide
	case r >= 0xc0 && r < 0x300:
		return narrow
	}
	lo, hi := 0, len(table)
	for lo < hi {
		mid := (lo + hi) / 2
		if table[mid].hi < r {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	if lo < len(table) && table[lo].lo <= r {
		return table[lo].class
	}
	return hidden
}
