package memory

import (
	"math"
	"slices"
	"sort"
	"sync"
)

// fan is how many messages a page has, and how many pages a block.
const fan = 64

// index finds stored messages by their sequence, and in its order. Sequences are
// handed out one after the other, so a tree of arrays serves better than a hash
// map: nothing to hash, iteration in order, and memory goes back as messages go.
// Blocks without a message are not kept, however many are between two others.
type index struct {
	spare  *spares
	n      int
	blocks []*block // by number
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
	number uint64
	n      int
	pages  [fan]*page
}

type page struct {
	n        int
	messages [fan]*message
}

// split is where a sequence is: block, page, message.
func split(seq uint64) (b uint64, p, m int) {
	return seq / (fan * fan), int(seq / fan % fan), int(seq % fan)
}

// at is where the block with that number is, or would be. Where none is missing
// before it, that is where it is looked for first.
func (x *index) at(number uint64) int {
	if len(x.blocks) == 0 || number <= x.blocks[0].number {
		return 0
	}
	if i := number - x.blocks[0].number; i < uint64(len(x.blocks)) && x.blocks[i].number == number {
		return int(i)
	}
	return sort.Search(len(x.blocks), func(i int) bool { return x.blocks[i].number >= number })
}

// block is the one with that number, or nil.
func (x *index) block(number uint64) *block {
	if i := x.at(number); i < len(x.blocks) && x.blocks[i].number == number {
		return x.blocks[i]
	}
	return nil
}

func (x *index) get(seq uint64) *message {
	b, p, m := split(seq)
	if block := x.block(b); block != nil && block.pages[p] != nil {
		return block.pages[p].messages[m]
	}
	return nil
}

// put stores a message, whose sequence is the highest so far.
func (x *index) put(msg *message) {
	b, p, m := split(msg.seq)
	last := len(x.blocks) - 1
	if last < 0 || x.blocks[last].number != b {
		block := spareOf[block](&x.spare.blocks)
		block.number = b
		x.blocks = append(x.blocks, block)
		last++
	}
	block := x.blocks[last]
	if block.pages[p] == nil {
		block.pages[p] = spareOf[page](&x.spare.pages)
		block.n++
	}
	block.pages[p].messages[m] = msg
	block.pages[p].n++
	x.n++
}

// remove takes out a message that is stored.
func (x *index) remove(seq uint64) {
	b, p, m := split(seq)
	i := x.at(b)
	block := x.blocks[i]
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
	if i == 0 {
		x.blocks[0] = nil
		x.blocks = x.blocks[1:]
	} else {
		x.blocks = slices.Delete(x.blocks, i, i+1)
	}
	x.spare.blocks.Put(block)
	if len(x.blocks) == 0 {
		x.blocks = nil
	}
}

// after is the stored message with the lowest sequence above seq, or nil.
func (x *index) after(seq uint64) *message {
	if seq == math.MaxUint64 {
		return nil
	}
	b, p, m := split(seq + 1)
	for i := x.at(b); i < len(x.blocks); i++ {
		block := x.blocks[i]
		if block.number != b {
			p, m = 0, 0 // all of it is above
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
