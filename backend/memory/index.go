package memory

import "sync"

// fan is how many messages a page has, and how many pages a block.
const fan = 64

// index finds stored messages by their sequence, and in its order. Sequences are
// handed out one after the other, so a tree of arrays serves better than a hash
// map: nothing to hash, iteration in order, and memory goes back as messages go.
// A straggler among many that are gone costs eight bytes for every 4,096.
type index struct {
	spare  *spares
	n      int
	first  uint64 // number of blocks[0]
	blocks []*block
}

// spares are pages and blocks that are empty, for the next who needs one: a
// queue that is empty most of the time would make and drop one for each message.
// The garbage collector takes what nobody wants.
type spares struct{ pages, blocks sync.Pool }

// spareOf takes one from a pool, or makes it.
func spareOf[T any](pool *sync.Pool) *T {
	if v, ok := pool.Get().(*T); ok {
		return v
	}
	return new(T)
}

type block struct {
	n     int
	pages [fan]*page
}

type page struct {
	n        int
	messages [fan]*message
}

// split is where a sequence is: block, page, message.
func split(seq uint64) (b uint64, p, m int) {
	return seq / (fan * fan), int(seq / fan % fan), int(seq % fan)
}

func (x *index) get(seq uint64) *message {
	b, p, m := split(seq)
	if b < x.first || b >= x.first+uint64(len(x.blocks)) {
		return nil
	}
	if block := x.blocks[b-x.first]; block != nil && block.pages[p] != nil {
		return block.pages[p].messages[m]
	}
	return nil
}

// put stores a message, whose sequence is the highest so far.
func (x *index) put(msg *message) {
	b, p, m := split(msg.seq)
	if len(x.blocks) == 0 {
		x.first = b
	}
	for b >= x.first+uint64(len(x.blocks)) {
		x.blocks = append(x.blocks, nil)
	}
	at := &x.blocks[b-x.first]
	if *at == nil {
		*at = spareOf[block](&x.spare.blocks)
	}
	if (*at).pages[p] == nil {
		(*at).pages[p] = spareOf[page](&x.spare.pages)
		(*at).n++
	}
	(*at).pages[p].messages[m] = msg
	(*at).pages[p].n++
	x.n++
}

// remove takes out a message that is stored.
func (x *index) remove(seq uint64) {
	b, p, m := split(seq)
	at := &x.blocks[b-x.first]
	block := *at
	page := block.pages[p]
	page.messages[m] = nil
	x.n--
	if page.n--; page.n > 0 {
		return
	}
	block.pages[p] = nil
	x.spare.pages.Put(page)
	if block.n--; block.n > 0 {
		return
	}
	*at = nil
	x.spare.blocks.Put(block)
	for len(x.blocks) > 0 && x.blocks[0] == nil {
		x.blocks = x.blocks[1:]
		x.first++
	}
	if len(x.blocks) == 0 {
		x.blocks = nil
	}
}

// after is the stored message with the lowest sequence above seq, or nil.
func (x *index) after(seq uint64) *message {
	seq = max(seq+1, x.first*fan*fan)
	b, p, m := split(seq)
	for ; b < x.first+uint64(len(x.blocks)); b, p, m = b+1, 0, 0 {
		block := x.blocks[b-x.first]
		if block == nil {
			continue
		}
		for ; p < fan; p, m = p+1, 0 {
			if block.pages[p] == nil {
				continue
			}
			for ; m < fan; m++ {
				if msg := block.pages[p].messages[m]; msg != nil {
					return msg
				}
			}
		}
	}
	return nil
}
