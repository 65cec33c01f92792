package persistent

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/google/uuid"

	"nucleo/eventstore/node/eventlog"
)

// Service runs the groups of one event log.
type Service struct {
	log    *eventlog.Log
	logger *slog.Logger
	now    func() time.Time
	ctx    context.Context // ends with the service
	end    context.CancelFunc

	mu     sync.Mutex
	groups map[Key]*group
}

// Open starts the groups that the log knows.
func Open(log *eventlog.Log, logger *slog.Logger, now func() time.Time) (*Service, error) {
	if logger == nil {
		logger = slog.New(slog.NewTextHandler(io.Discard, nil))
	}
	s := &Service{log: log, logger: logger, now: now, groups: map[Key]*group{}}
	s.ctx, s.end = context.WithCancel(context.Background())
	s.mu.Lock()
	defer s.mu.Unlock()
	return s, s.startAll()
}

// startAll runs what the configuration names. The caller holds the lock.
func (s *Service) startAll() error {
	list, err := s.load(s.ctx)
	if err != nil {
		return err
	}
	for _, d := range list {
		if err := s.launch(d); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) launch(d definition) error {
	g, err := s.newGroup(d)
	if err != nil {
		return err
	}
	if err := g.resume(); err != nil {
		return err
	}
	s.groups[d.key] = g
	go g.run()
	return nil
}

// Close stops all groups; each writes how far it has come.
func (s *Service) Close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.stopAll()
	s.end()
}

func (s *Service) stopAll() {
	for _, g := range s.groups {
		g.end(ErrStopped)
	}
	clear(s.groups)
}

// Restart stops all groups and starts them again from what the log holds.
func (s *Service) Restart() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.stopAll()
	return s.startAll()
}

func (s *Service) find(key Key) (*group, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if g := s.groups[key]; g != nil {
		return g, nil
	}
	return nil, ErrNotFound
}

func (s *Service) running(stream string) []*group {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []*group
	for _, k := range sorted(s.groups) {
		if stream == "" || k.Stream == stream {
			out = append(out, s.groups[k])
		}
	}
	return out
}

func sorted(groups map[Key]*group) []Key {
	return slices.SortedFunc(maps.Keys(groups), func(a, b Key) int {
		return cmp.Or(cmp.Compare(a.Stream, b.Stream), cmp.Compare(a.Group, b.Group))
	})
}

// Create makes a group. It is durable when Create returns.
func (s *Service) Create(ctx context.Context, key Key, start Where, filter *Filter, settings Settings) error {
	d, err := s.define(ctx, key, start, filter, settings)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.groups[key] != nil {
		return ErrExists
	}
	g, err := s.newGroup(d)
	if err != nil {
		return err
	}
	if err := s.save(ctx, with(s.groups, key, g)); err != nil {
		return err
	}
	return s.launch(d)
}

func (s *Service) define(ctx context.Context, key Key, start Where, filter *Filter, settings Settings) (d definition, err error) {
	if key.Stream == "" || key.Group == "" {
		return d, &InvalidError{"the stream or the group has no name"}
	}
	if settings, err = settings.checked(); err != nil {
		return d, err
	}
	if start.End {
		if start.From, err = s.endOf(ctx, key.Stream); err != nil {
			return d, err
		}
	}
	return definition{key, start, filter, settings}, nil
}

// endOf is the first revision or position that is not written yet.
func (s *Service) endOf(ctx context.Context, stream string) (int64, error) {
	if stream == All {
		at, _ := s.log.Last()
		return at + 1, nil
	}
	state, err := s.log.Stream(ctx, stream)
	if err != nil && !eventlog.Gone(err) {
		return 0, err
	}
	return state.Last + 1, nil
}

// Update gives a group other settings and lets its consumers go. It goes on where
// it was.
func (s *Service) Update(ctx context.Context, key Key, settings Settings) error {
	settings, err := settings.checked()
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	old := s.groups[key]
	if old == nil {
		return ErrNotFound
	}
	d := old.definition
	d.settings = settings
	g, err := s.newGroup(d)
	if err != nil {
		return err
	}
	if err := s.save(ctx, with(s.groups, key, g)); err != nil {
		return err
	}
	old.end(ErrDropped)
	return s.launch(d)
}

// Delete ends a group and forgets how far it had come and what it had parked.
func (s *Service) Delete(ctx context.Context, key Key) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	g := s.groups[key]
	if g == nil {
		return ErrNotFound
	}
	if err := s.save(ctx, with(s.groups, key, nil)); err != nil {
		return err
	}
	delete(s.groups, key)
	g.end(ErrDropped)
	for _, stream := range []string{key.checkpointStream(), key.parkedStream()} {
		if _, err := s.log.Stream(ctx, stream); eventlog.Gone(err) {
			continue
		}
		if _, err := s.log.Delete(ctx, stream, eventlog.Any); err != nil {
			return fmt.Errorf("the group is deleted, but its stream %s is not: %w", stream, err)
		}
	}
	return nil
}

// with is the groups with one of them changed, or without it.
func with(groups map[Key]*group, key Key, g *group) map[Key]*group {
	out := maps.Clone(groups)
	if g == nil {
		delete(out, key)
	} else {
		out[key] = g
	}
	return out
}

// ReplayParked tries again what a group has parked, up to a revision of its stream
// of parked events; 0 means all.
func (s *Service) ReplayParked(ctx context.Context, key Key, stopAt int64) error {
	g, err := s.find(key)
	if err != nil {
		return err
	}
	if doErr := g.do(ctx, func() { err = g.replayParked(stopAt) }); doErr != nil {
		return doErr
	}
	return err
}

// Join adds a consumer to a group. It holds up to slots events at a time.
func (s *Service) Join(ctx context.Context, key Key, slots int, about About) (*Consumer, error) {
	g, err := s.find(key)
	if err != nil {
		return nil, err
	}
	if slots <= 0 {
		slots = defaultSlots
	}
	slots = min(slots, maxSlots)
	c := &Consumer{
		group: g, id: uuid.New(), about: about, slots: slots, out: make(chan Delivery, slots), gone: make(chan error, 1),
		held: map[uuid.UUID]*flight{}, meter: meter{since: s.now()},
	}
	full := false
	err = g.do(ctx, func() {
		if n := int(g.settings.MaxSubscribers); n > 0 && len(g.consumers) >= n {
			full = true
			return
		}
		g.consumers = append(g.consumers, c)
	})
	if err == nil && full {
		err = ErrFull
	}
	return c, err
}
