package memory

import "time"

// recent remembers values for a fixed time since they were put in. Looking one
// up does not prolong it. Whoever wants it exact prunes first.
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

// get is the value of a key, if the last prune has left it.
func (r *recent[K, V]) get(key K) (V, bool) {
	d, ok := r.values[key]
	return d.value, ok
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

// each visits what is remembered, the oldest first.
func (r *recent[K, V]) each(visit func(key K, at int64, value V)) {
	for _, k := range r.order[r.oldest:] {
		if d, ok := r.values[k.key]; ok && d.at == k.at {
			visit(k.key, k.at, d.value)
		}
	}
}

// last is when the latest value was put in, 0 if none is known.
func (r *recent[K, V]) last() int64 {
	if len(r.order) == 0 {
		return 0
	}
	return r.order[len(r.order)-1].at
}

// clear forgets everything and gives the memory back: a map alone never does.
func (r *recent[K, V]) clear() { r.values, r.order, r.oldest = nil, nil, 0 }
