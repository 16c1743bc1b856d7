package fleet

import "strconv"

// Setting is an attribute that is a whole number, as VisibilityTimeout in
// seconds; 0 where it was not read.
func (q *Queue) Setting(name string) int {
	n, err := strconv.Atoi(q.Attributes[name])
	if err != nil {
		return 0 // not read, or no number: the same to whoever asks
	}
	return n
}
