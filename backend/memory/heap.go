package memory

import "fmt"

// heap is a priority queue of things that know their place in it, so that any
// of them can be taken out or moved in O(log n). It is four-ary with the keys in
// the slots: on a million messages that halves the memory it walks through.
type heap[T heapItem] struct {
	which int // which of the item's places this heap uses
	slots []slot[T]
}

// heapItem has one place for each heap that it can be in at a time.
type heapItem interface {
	comparable
	place(which int) *int32 // index in the heap plus one; 0 is "not in it"
}

type slot[T any] struct {
	key  int64
	tie  uint64
	item T
}

func (s *slot[T]) before(o *slot[T]) bool {
	return s.key < o.key || s.key == o.key && s.tie < o.tie
}

func (h *heap[T]) len() int { return len(h.slots) }

// top is the first item with its key. There must be one.
func (h *heap[T]) top() (T, int64) { return h.slots[0].item, h.slots[0].key }

func (h *heap[T]) has(item T) bool { return *item.place(h.which) != 0 }

func (h *heap[T]) push(key int64, tie uint64, item T) {
	h.slots = append(h.slots, slot[T]{key, tie, item})
	h.up(len(h.slots) - 1)
}

func (h *heap[T]) pop() T {
	item := h.slots[0].item
	h.remove(item)
	return item
}

// remove takes out an item that is in the heap.
func (h *heap[T]) remove(item T) {
	place := item.place(h.which)
	i := int(*place) - 1
	*place = 0
	last := len(h.slots) - 1
	moved := h.slots[last]
	h.slots[last] = slot[T]{}
	h.slots = h.slots[:last]
	h.shrink()
	if i == last {
		return
	}
	h.slots[i] = moved
	h.settle(i)
}

// rekey gives an item of the heap a new key.
func (h *heap[T]) rekey(item T, key int64) {
	i := int(*item.place(h.which)) - 1
	h.slots[i].key = key
	h.settle(i)
}

// set puts an item in, or gives the one that is in the heap another place.
func (h *heap[T]) set(key int64, tie uint64, item T) {
	i := int(*item.place(h.which)) - 1
	if i < 0 {
		h.push(key, tie, item)
		return
	}
	h.slots[i].key, h.slots[i].tie = key, tie
	h.settle(i)
}

func (h *heap[T]) settle(i int) {
	if i > 0 && h.slots[i].before(&h.slots[(i-1)/4]) {
		h.up(i)
		return
	}
	h.down(i)
}

func (h *heap[T]) up(i int) {
	s := h.slots[i]
	for i > 0 {
		parent := (i - 1) / 4
		if !s.before(&h.slots[parent]) {
			break
		}
		h.put(i, h.slots[parent])
		i = parent
	}
	h.put(i, s)
}

func (h *heap[T]) down(i int) {
	s := h.slots[i]
	for {
		least := 4*i + 1
		if least >= len(h.slots) {
			break
		}
		for c := least + 1; c < min(4*i+5, len(h.slots)); c++ {
			if h.slots[c].before(&h.slots[least]) {
				least = c
			}
		}
		if !h.slots[least].before(&s) {
			break
		}
		h.put(i, h.slots[least])
		i = least
	}
	h.put(i, s)
}

func (h *heap[T]) put(i int, s slot[T]) {
	h.slots[i] = s
	*s.item.place(h.which) = int32(i + 1)
}

// shrink gives memory back once three quarters of it are unused.
func (h *heap[T]) shrink() {
	if c := cap(h.slots); c > 256 && len(h.slots) < c/4 {
		h.slots = append(make([]slot[T], 0, c/2), h.slots...)
	}
}

// check tells what is wrong with the order or the places, if anything is.
func (h *heap[T]) check() error {
	for i := range h.slots {
		s := &h.slots[i]
		if at := *s.item.place(h.which); at != int32(i+1) {
			return fmt.Errorf("the item in slot %d thinks it is in slot %d", i, at-1)
		}
		if i > 0 && s.before(&h.slots[(i-1)/4]) {
			return fmt.Errorf("slot %d comes before its parent", i)
		}
	}
	return nil
}
