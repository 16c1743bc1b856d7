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
	"sqscope/backend/tomlfile"
)

// BookOptions say what holds for all contexts of a book.
type BookOptions struct {
	Group   *owner.Group // owns the connections' goroutines
	OnPanic func(name string, value any)
	// Access is the most that any context starts with, if it was said: view, peek
	// or change. "" leaves that to each.
	Access string
	Named  []Context // of the configuration
	// Common is given what all contexts share, before one is opened.
	Common func(c *Context)
}

// Book knows the contexts there are, opens them by name and closes at the end
// what it opened. It may be used from any goroutine.
type Book struct {
	o BookOptions

	mu     sync.Mutex
	said   map[string]Context // named on the command line, by name
	opened []*Connection
}

// NewBook makes a book.
func NewBook(o BookOptions) *Book {
	if o.Common == nil {
		o.Common = func(*Context) {}
	}
	return &Book{o: o, said: map[string]Context{}}
}

// Open opens a context, and keeps it in the book under the name that it returns.
// A context of several regions or members is several connections, in their order,
// each with a name of its own.
func (b *Book) Open(ctx context.Context, c Context) (name string, conns []*Connection, err error) {
	places, err := b.places(ctx, c)
	if err != nil {
		return "", nil, err
	}
	for _, p := range places {
		b.o.Common(&p)
		conn, err := Open(ctx, p, b.o.Group, b.o.OnPanic)
		if err != nil {
			for _, opened := range conns {
				err = errors.Join(err, opened.Close(context.WithoutCancel(ctx)))
			}
			return "", nil, err
		}
		conn.Level = min(conn.Level, b.most())
		conn.Guard.SetLevel(conn.Level)
		conns = append(conns, conn)
	}
	if c.Name == "" {
		c.Name = conns[0].Place.Context
		if len(conns) > 1 {
			c.Name = cmp.Or(c.Profile, "several regions")
		}
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.opened = append(b.opened, conns...)
	b.said[c.Name] = c
	return c.Name, conns, nil
}

// places are the single places that a context is made of.
func (b *Book) places(ctx context.Context, c Context) ([]Context, error) {
	if len(c.Members) == 0 {
		return c.places(), nil
	}
	list, unread := b.Contexts(ctx)
	var all []Context
	for _, name := range c.Members {
		member, err := find(list, name)
		if err != nil {
			return nil, errors.Join(err, unread)
		}
		if len(member.Members) > 0 {
			return nil, &backend.Error{Kind: backend.KindInvalid, Subject: c.Name, Message: "the member " + name + " has members itself", Next: "name the contexts that it is made of"}
		}
		all = append(all, member.places()...)
	}
	return all, nil
}

// places are the context once for each of its regions.
func (c Context) places() []Context {
	if len(c.Regions) == 0 {
		return []Context{c}
	}
	all := make([]Context, len(c.Regions))
	for i, region := range c.Regions {
		all[i] = c
		all[i].Region, all[i].Regions = region, nil
		if len(c.Regions) > 1 {
			all[i].Name = region
			if of := cmp.Or(c.Name, c.Profile); of != "" {
				all[i].Name = of + " " + region
			}
		}
	}
	return all
}

// OpenByName opens a context of [Book.Contexts].
func (b *Book) OpenByName(ctx context.Context, name string) ([]*Connection, error) {
	list, unread := b.Contexts(ctx)
	c, err := find(list, name)
	if err != nil {
		return nil, errors.Join(err, unread)
	}
	_, conns, err := b.Open(ctx, c)
	return conns, err
}

func find(list []Context, name string) (Context, error) {
	names := make([]string, len(list))
	for i, c := range list {
		if c.Name == name {
			return c, nil
		}
		names[i] = c.Name
	}
	return Context{}, &backend.Error{
		Kind: backend.KindNotFound, Subject: name, Message: "there is no such context", Next: "take " + tomlfile.OneOf(name, names),
	}
}

// Contexts are those that were opened, then those of the configuration, then
// those of [Contexts]. With an error, which is of the AWS files, the list has
// what could be read.
func (b *Book) Contexts(ctx context.Context) ([]Context, error) {
	found, err := Contexts(ctx)
	b.mu.Lock()
	defer b.mu.Unlock()
	var all []Context
	for _, c := range b.said {
		all = append(all, c)
	}
	slices.SortFunc(all, func(x, y Context) int { return cmp.Compare(x.Name, y.Name) })
	known := map[string]bool{}
	for _, c := range all {
		known[c.Name] = true
	}
	for _, c := range slices.Concat(b.o.Named, found) {
		if !known[c.Name] {
			known[c.Name] = true
			all = append(all, c)
		}
	}
	for i, c := range all { // what the files say of a profile holds for all contexts of it
		if j := slices.IndexFunc(found, func(f Context) bool { return c.Profile != "" && f.Profile == c.Profile }); j >= 0 {
			all[i].Source = found[j].Source
		}
	}
	return all, err
}

// Starts is the access level that a context starts with, as far as that is known
// before it is opened.
func (b *Book) Starts(c Context) guard.Level {
	p := backend.Place{Embedded: c.Embedded, Endpoint: c.EndpointURL}
	level, err := c.starts(p)
	if err != nil {
		level = guard.DefaultLevel(p) // opening it will say what is wrong
	}
	return min(level, b.most())
}

// most is what any context starts with at most.
func (b *Book) most() guard.Level {
	if most, err := guard.ParseLevel(b.o.Access); b.o.Access != "" && err == nil {
		return most
	}
	return guard.Change
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
