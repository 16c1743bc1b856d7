package text

// Wrap breaks the text at blanks into lines of at most w cells. A word that is
// longer than a line is broken where the line ends. There is always at least
// one line; w below 1 is taken as 1, and a character that is wider than w is
// shown as ….
func (s Safe) Wrap(w int) []Safe {
	w = max(w, 1)
	if s.width <= w {
		return []Safe{s}
	}
	var lines []Safe
	start, col, blank := 0, 0, -1 // of the line: where it begins, its cells, its last blank
	end := func(to, next int) {
		lines = append(lines, s.slice(start, to).Truncate(w))
		start, blank = next, -1
	}
	for at := 0; at < len(s.s); {
		n, cells, _ := Measure(s.s[at:])
		isBlank := s.s[at] == ' ' && n == 1 // and carries no mark
		switch {
		case col+cells <= w:
		case isBlank:
			end(at, at+1)
			at, col = at+1, 0
			continue
		case blank >= 0:
			end(blank, blank+1)
			col = measure(s.s[start:at])
			continue
		case at > start:
			end(at, at)
			col = 0
			continue
		}
		if isBlank {
			blank = at
		}
		at += n
		col += cells
	}
	if start < len(s.s) || len(lines) == 0 {
		end(len(s.s), len(s.s))
	}
	return lines
}
