package widget

import "strings"

// Spark draws samples, oldest first, as a line of w cells. With more samples
// than cells each cell shows the highest of its share; with fewer the line
// starts with blanks. The scale is the samples' own: a change of less than a
// quarter of the highest is drawn small, values that do not change stand at a
// third, and zeros on the ground. A sample below zero is one that is missing
// and shows as a dot.
func Spark[N int | float64](samples []N, w int) string {
	if w <= 0 {
		return ""
	}
	cells := samples
	if len(samples) > w {
		cells = make([]N, w)
		for i := range cells {
			cells[i] = -1
			for _, v := range samples[i*len(samples)/w : (i+1)*len(samples)/w] {
				cells[i] = max(cells[i], v)
			}
		}
	}
	low, high := N(-1), N(0)
	for _, v := range cells {
		if v >= 0 && (low < 0 || v < low) {
			low = v
		}
		high = max(high, v)
	}
	var b strings.Builder
	b.WriteString(blanks(w - len(cells)))
	for _, v := range cells {
		b.WriteString(bar(float64(v), float64(low), float64(high)))
	}
	return b.String()
}

func bar(v, low, high float64) string {
	const bars, levels, flat = "▁▂▃▄▅▆▇█", 7, 2
	switch {
	case !(v >= 0): // NaN as well
		return "·"
	case high == 0:
		return bars[:len("▁")]
	}
	span := max(high-low, high/4)
	ground := max(0, low-(span-(high-low))*flat/levels)
	level := min(int((v-ground)/span*levels+0.5), levels)
	return bars[level*len("▁") : (level+1)*len("▁")]
}

// Bar draws how much of a total is done as w cells. An unknown total, zero or
// less, shows nothing done.
func Bar(done, total, w int) string {
	w = max(w, 0)
	full := 0
	if total > 0 {
		full = min(max(done, 0)*w/total, w)
	}
	return strings.Repeat("█", full) + strings.Repeat("░", w-full)
}
