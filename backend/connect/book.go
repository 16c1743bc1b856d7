package connect

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"sync"

	"sqscope/backend"
	"sqscope/backend/guard"
	"sqscope/backend/owner"
)

// Book knows the contexts there are, opens them by name and closes at the end
// what it opened. It may be used from any goroutine.
type Book struct {
	group   *owner.Group
	access  string
	onPanic func(name string, value any)

	mu     sync.Mutex
	said   map[string]Context // named on the command line, by name
	opened []*Connection
}

// NewBook makes a book whose connections' goroutines belong to the group. An
// access level that was said, view, peek or change, is the most that any context
// starts with; "" leaves that to each.
func NewBook(group *owner.Group, access string, onPanic func(name string, value any)) *Book {
	return &Book{group: group, access: access, onPanic: onPanic, said: map[string]Context{}}
}

// Open opens a context, see [Open], and keeps it in the book under the
// connection's name.
func (b *Book) Open(ctx context.Context, c Context) (*Connection, error) {
	conn, err := Open(ctx, c, b.group, b.onPanic)
	if err != nil {
		return nil, err
	}
	if most, err := guard.ParseLevel(b.access); b.access != "" && err == nil && conn.Level > most {
		conn.Level = most
		conn.Guard.SetLevel(most)
	}
	c.Name = conn.Place.Context
	b.mu.Lock()
	defer b.mu.Unlock()
	b.opened = append(b.opened, conn)
	b.said[c.Name] = c
	return conn, nil
}

// OpenByName opens a context of [Book.Contexts].
func (b *Book) OpenByName(ctx context.Context, name string) (*Connection, error) {
	list, err := b.Contexts(ctx)
	i := slices.IndexFunc(list, func(c Context) bool { return c.Name == name })
	if i < 0 {
		return nil, errors.Join(&backend.Error{Kind: backend.KindNotFound, Subject: name, Message: "there is no such context", Next: "c lists those there are"}, err)
	}
	return b.Open(ctx, list[i])
}

// Contexts are those that were opened, then those of [Contexts]. With an error,
// which is of the AWS files, the list has what could be read.
func (b *Book) Contexts(ctx context.Context) ([]Context, error) {
	found, err := Contexts(ctx)
	b.mu.Lock()
	defer b.mu.Unlock()
	var all []Context
	for _, c := range b.said {
		all = append(all, c)
	}
	slices.SortFunc(all, func(x, y Context) int { return cmp.Compare(x.Name, y.Name) })
	for _, c := range found {
		if _, said := b.said[c.Name]; !said {
			all = append(all, c)
		}
	}
	return all, err
}

// Close closes what was opened.
func (b *Book) Close(ctx context.Context) error {
	b.mu.Lock()
	opened := b.opened
	b.opened = nil
	b.mu.Unlock()
	var errs []error
	for _, c := range opened {
		errs = append(errs, c.Close(ctx))
	}
	return errors.Join(errs...)
}
