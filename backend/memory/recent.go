package memory

import "time"

// recent remembers values for a fixed time since they were put in. Looking one
// up does not prolong it.
type recent[K comparable, V any] struct {
	window int64 // nanoseconds
	values map[K]dated[V]
	order  []datedKey[K] // as put in, from oldest on
	oldest int           // of order
}

type dated[V any] struct {
	at    int64
	value V
}

type datedKey[K comparable] struct {
	at  int64
	key K
}

func newRecent[K comparable, V any](window time.Duration) recent[K, V] {
	return recent[K, V]{window: int64(window)}
}

// get is the value of a key. When its time is over it is gone.
func (r *recent[K, V]) get(key K, now int64) (V, bool) {
	d, ok := r.values[key]
	if !ok || now-d.at >= r.window {
		var none V
		return none, false
	}
	return d.value, true
}

// over is when the time of a key is over, if that is yet to come.
func (r *recent[K, V]) over(key K, now int64) (at int64, ok bool) {
	d, ok := r.values[key]
	at = d.at + r.window
	return at, ok && now < at
}

func (r *recent[K, V]) put(key K, value V, now int64) {
	if r.values == nil {
		r.values = make(map[K]dated[V])
	}
	r.values[key] = dated[V]{now, value}
	r.order = append(r.order, datedKey[K]{now, key})
}

// prune forgets what is over, in amortised constant time for each value.
func (r *recent[K, V]) prune(now int64) {
	for r.oldest < len(r.order) && now-r.order[r.oldest].at >= r.window {
		k := r.order[r.oldest]
		r.order[r.oldest] = datedKey[K]{}
		r.oldest++
		if d, ok := r.values[k.key]; ok && d.at == k.at {
			delete(r.values, k.key)
		}
	}
	switch {
	case r.oldest == len(r.order):
		r.clear()
	case r.oldest > len(r.order)/2 && r.oldest > 64:
		r.order = append([]datedKey[K](nil), r.order[r.oldest:]...)
		r.oldest = 0
	}
}

// clear forgets everything and gives the memory back: a map alone never does.
func (r *recent[K, V]) clear() { r.values, r.order, r.oldest = nil, nil, 0 }
