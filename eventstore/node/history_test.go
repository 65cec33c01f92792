package node_test

import (
	"bufio"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/shared"
	api "github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"github.com/anishathalye/porcupine"
	"github.com/google/uuid"
	"google.golang.org/grpc"
	"google.golang.org/grpc/backoff"
	"google.golang.org/grpc/credentials/insecure"

	"nucleo/eventstore/node"
	"nucleo/eventstore/node/eventlog"
	"nucleo/internal/longtest"
)

// Histories of concurrent clients are held against a model of a stream: there must
// be an order of all calls, each between its beginning and its end, in which every
// answer is right (requirement R-06).

// asked is what a client wanted of a stream. Ids are numbers, unique in a history
// but for repeats of the same append.
type asked struct {
	stream   int
	reads    bool
	expected int64
	ids      []uint16
}

// answered is what came back. What is not known may have happened or not.
type answered struct {
	unknown  bool
	wrong    bool
	revision int64    // where an append ended, or where the stream stands when the version was wrong
	ids      []uint16 // what a read saw
}

// state is what a stream holds: two bytes an event, so that states compare fast.
type state string

func (s state) length() int64 { return int64(len(s) / 2) }

func (s state) with(ids []uint16) state {
	b := []byte(s)
	for _, id := range ids {
		b = binary.BigEndian.AppendUint16(b, id)
	}
	return state(b)
}

// holds reports whether the ids stand after a revision.
func (s state) holds(expected int64, ids []uint16) bool {
	from, to := 2*(expected+1), 2*(expected+1+int64(len(ids)))
	return from >= 0 && to <= int64(len(s)) && s[from:to] == state("").with(ids)
}

func step(s state, q asked, a answered) []state {
	if q.reads {
		if a.unknown || s == state("").with(a.ids) {
			return []state{s}
		}
		return nil
	}
	fits := q.expected == eventlog.Any || q.expected == s.length()-1
	repeat := !fits && q.expected >= eventlog.NoStream && s.holds(q.expected, q.ids)
	switch {
	case a.unknown && fits:
		return []state{s, s.with(q.ids)}
	case a.unknown:
		return []state{s}
	case a.wrong && !fits && !repeat && a.revision == s.length()-1:
		return []state{s}
	case a.wrong:
		return nil
	case fits && a.revision == s.length()-1+int64(len(q.ids)):
		return []state{s.with(q.ids)}
	case repeat && a.revision == q.expected+int64(len(q.ids)):
		return []state{s}
	}
	return nil
}

var streamModel = porcupine.NondeterministicModel{
	Partition: func(history []porcupine.Operation) [][]porcupine.Operation {
		by := map[int][]porcupine.Operation{}
		for _, o := range history {
			k := o.Input.(asked).stream
			by[k] = append(by[k], o)
		}
		var out [][]porcupine.Operation
		for _, list := range by {
			out = append(out, list)
		}
		return out
	},
	Init: func() []any { return []any{state("")} },
	Step: func(s, q, a any) (out []any) {
		for _, next := range step(s.(state), q.(asked), a.(answered)) {
			out = append(out, next)
		}
		return out
	},
}

// target is what a history is made against.
type target interface {
	append(ctx context.Context, stream string, expected int64, events []eventlog.Proposed) answered
	read(ctx context.Context, stream string) ([]uuid.UUID, error)
}

// recording is one history on its way.
type recording struct {
	name  uint64
	to    target
	start time.Time
	ids   atomic.Uint32

	mu  sync.Mutex
	ops []porcupine.Operation
}

func (h *recording) stream(n int) string { return fmt.Sprintf("h%d-%d", h.name, n) }

func (h *recording) id(n uint16) (id uuid.UUID) {
	binary.BigEndian.PutUint64(id[:], h.name+1)
	binary.BigEndian.PutUint16(id[14:], n)
	return id
}

func (h *recording) do(client int, q asked) (a answered) {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	call := time.Since(h.start).Nanoseconds()
	if q.reads {
		ids, err := h.to.read(ctx, h.stream(q.stream))
		if err != nil {
			return answered{unknown: true} // nothing was learnt, and nothing changed
		}
		for _, id := range ids {
			a.ids = append(a.ids, binary.BigEndian.Uint16(id[14:]))
		}
	} else {
		events := make([]eventlog.Proposed, len(q.ids))
		for i, n := range q.ids {
			events[i] = eventlog.Proposed{ID: h.id(n), Type: "t", JSON: true, Data: []byte("{}")}
		}
		a = h.to.append(ctx, h.stream(q.stream), q.expected, events)
	}
	end := time.Since(h.start).Nanoseconds()
	if a.unknown {
		end = math.MaxInt64 // it may still happen
	}
	h.mu.Lock()
	h.ops = append(h.ops, porcupine.Operation{ClientId: client, Input: q, Call: call, Output: a, Return: end})
	h.mu.Unlock()
	return a
}

// work is one client: it reads, appends after what it knows of, and repeats what it
// does not know the end of.
func (h *recording) work(client, calls int, r *rand.Rand) {
	var last [3]int64
	for i := range last {
		last[i] = eventlog.NoStream
	}
	for range calls {
		q := asked{stream: r.IntN(len(last)), reads: r.IntN(5) < 2}
		if q.reads {
			if a := h.do(client, q); !a.unknown {
				last[q.stream] = int64(len(a.ids)) - 1
			}
			continue
		}
		q.expected = last[q.stream]
		if r.IntN(8) == 0 {
			q.expected = eventlog.Any
		}
		for range 1 + r.IntN(3) {
			q.ids = append(q.ids, uint16(h.ids.Add(1)))
		}
		a := h.do(client, q)
		for tries := 0; a.unknown && q.expected != eventlog.Any && tries < 3; tries++ {
			a = h.do(client, q)
		}
		if !a.unknown {
			last[q.stream] = a.revision
		}
	}
}

func (h *recording) run(clients, calls int) {
	var all sync.WaitGroup
	for c := range clients {
		r := rand.New(rand.NewPCG(h.name, uint64(c)))
		all.Go(func() { h.work(c, calls, r) })
	}
	all.Wait()
}

func (h *recording) check(t *testing.T) {
	t.Helper()
	if got := porcupine.CheckOperationsTimeout(streamModel.ToModel(), h.ops, time.Minute); got != porcupine.Ok {
		t.Errorf("history %d of %d calls is %s", h.name, len(h.ops), got)
	}
}

// inProcess calls the log itself.
type inProcess struct{ log *eventlog.Log }

func (p inProcess) append(ctx context.Context, stream string, expected int64, events []eventlog.Proposed) answered {
	r, err := p.log.Append(ctx, stream, expected, events)
	var wrong *eventlog.WrongVersionError
	if errors.As(err, &wrong) {
		return answered{wrong: true, revision: wrong.Current}
	}
	return answered{unknown: err != nil, revision: r.Revision}
}

func (p inProcess) read(ctx context.Context, stream string) (ids []uuid.UUID, err error) {
	for e, err := range p.log.ReadStream(ctx, stream, 0, eventlog.Forwards, math.MaxUint64) {
		if errors.Is(err, eventlog.ErrStreamNotFound) {
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		ids = append(ids, e.ID)
	}
	return ids, nil
}

func TestHistoriesOfTheLogHaveAnOrder(t *testing.T) {
	n := start(t)
	from, to := longtest.Seeds(t, 60, 2000)
	for seed := from; seed < to; seed++ {
		h := &recording{name: seed, to: inProcess{n.Log()}, start: time.Now()}
		h.run(6, 12)
		h.check(t)
	}
	longtest.Metric(t, "R-06", "histories_in_process", to-from, "illegal", 0)
}

// overTheWire calls a node that may be killed.
type overTheWire struct{ api.StreamsClient }

func (w overTheWire) append(ctx context.Context, stream string, expected int64, events []eventlog.Proposed) answered {
	call, err := w.Append(ctx)
	if err != nil {
		return answered{unknown: true}
	}
	o := &api.AppendReq_Options{StreamIdentifier: &shared.StreamIdentifier{StreamName: []byte(stream)}}
	switch expected {
	case eventlog.Any:
		o.ExpectedStreamRevision = &api.AppendReq_Options_Any{Any: &shared.Empty{}}
	case eventlog.NoStream:
		o.ExpectedStreamRevision = &api.AppendReq_Options_NoStream{NoStream: &shared.Empty{}}
	default:
		o.ExpectedStreamRevision = &api.AppendReq_Options_Revision{Revision: uint64(expected)}
	}
	_ = call.Send(&api.AppendReq{Content: &api.AppendReq_Options_{Options: o}})
	for _, e := range events {
		_ = call.Send(&api.AppendReq{Content: &api.AppendReq_ProposedMessage_{ProposedMessage: &api.AppendReq_ProposedMessage{
			Id: textID(e.ID), Metadata: map[string]string{"type": e.Type, "content-type": "application/json"}, Data: e.Data}}})
	}
	r, err := call.CloseAndRecv()
	if err != nil {
		return answered{unknown: true}
	}
	if w := r.GetWrongExpectedVersion(); w != nil {
		if _, none := w.CurrentRevisionOption.(*api.AppendResp_WrongExpectedVersion_CurrentNoStream); none {
			return answered{wrong: true, revision: eventlog.NoStream}
		}
		return answered{wrong: true, revision: int64(w.GetCurrentRevision())}
	}
	return answered{revision: int64(r.GetSuccess().GetCurrentRevision())}
}

func (w overTheWire) read(ctx context.Context, stream string) (ids []uuid.UUID, err error) {
	call, err := w.Read(ctx, &api.ReadReq{Options: &api.ReadReq_Options{
		StreamOption: &api.ReadReq_Options_Stream{Stream: &api.ReadReq_Options_StreamOptions{
			StreamIdentifier: &shared.StreamIdentifier{StreamName: []byte(stream)},
			RevisionOption:   &api.ReadReq_Options_StreamOptions_Start{Start: &shared.Empty{}},
		}},
		CountOption: &api.ReadReq_Options_Count{Count: math.MaxInt64},
		UuidOption:  &api.ReadReq_Options_UUIDOption{Content: &api.ReadReq_Options_UUIDOption_String_{String_: &shared.Empty{}}},
	}})
	if err != nil {
		return nil, err
	}
	for {
		m, err := call.Recv()
		if errors.Is(err, io.EOF) {
			return ids, nil
		}
		if err != nil {
			return nil, err
		}
		if e := m.GetEvent(); e != nil {
			ids = append(ids, uuid.MustParse(e.GetEvent().GetId().GetString_()))
		}
	}
}

// nodeChild makes the test binary a node over a directory, for its parent to kill.
const nodeChild = "NUCLEO_NODE_CHILD"

func TestMain(m *testing.M) {
	if dir := os.Getenv(nodeChild); dir != "" {
		n, err := node.Start(context.Background(), node.Config{Dir: dir})
		if err != nil {
			fmt.Println("refused", err)
			os.Exit(1)
		}
		fmt.Println(n.Address())
		panic(<-n.Failed())
	}
	os.Exit(m.Run())
}

// child starts a node in a process of its own and returns once it serves.
func child(t *testing.T, dir string) (process *exec.Cmd, address string) {
	t.Helper()
	process = exec.Command(os.Args[0])
	process.Env = append(os.Environ(), nodeChild+"="+dir)
	out, err := process.StdoutPipe()
	if err == nil {
		err = process.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	address, err = bufio.NewReader(out).ReadString('\n')
	if err != nil || strings.HasPrefix(address, "refused") {
		t.Fatalf("the node did not start: %s, %v", address, err)
	}
	return process, strings.TrimSpace(address)
}

func TestHistoriesHaveAnOrderThoughTheNodeIsKilled(t *testing.T) {
	dir := t.TempDir()
	process, address := child(t, dir)
	conn, err := grpc.NewClient(address, grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithDefaultCallOptions(grpc.WaitForReady(true)), // what did not begin is no part of a history
		grpc.WithConnectParams(grpc.ConnectParams{Backoff: backoff.Config{BaseDelay: 5 * time.Millisecond, Multiplier: 1, MaxDelay: 5 * time.Millisecond}}))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	from, to := longtest.Seeds(t, 12, 200)
	r := rand.New(rand.NewPCG(7, from))
	var kills, unknown int
	for seed := from; seed < to; seed++ {
		h := &recording{name: seed, to: overTheWire{api.NewStreamsClient(conn)}, start: time.Now()}
		done := make(chan struct{})
		go func() { h.run(5, 20); close(done) }()
		for killed := 0; killed < 2; killed++ {
			select {
			case <-done:
			case <-time.After(time.Duration(1+r.IntN(12)) * time.Millisecond):
				_ = process.Process.Kill()
				_ = process.Wait()
				process, _ = child(t, dir)
				kills++
			}
		}
		<-done
		h.check(t)
		unknown += len(slices.DeleteFunc(h.ops, func(o porcupine.Operation) bool { return !o.Output.(answered).unknown }))
	}
	_ = process.Process.Kill()
	_ = process.Wait()
	if kills == 0 || unknown == 0 {
		t.Errorf("%d kills, %d calls of unknown end: nothing was tried", kills, unknown)
	}
	longtest.Metric(t, "R-06", "histories_with_kills", to-from, "kills", kills, "unknown_calls", unknown)
}

// The model must see what is wrong, or it shows nothing.
func TestAHistoryThatCannotBeIsFound(t *testing.T) {
	op := func(call, end int64, q asked, a answered) porcupine.Operation {
		return porcupine.Operation{Input: q, Call: call, Output: a, Return: end}
	}
	first := op(0, 1, asked{expected: -1, ids: []uint16{1}}, answered{revision: 0})
	for name, wrong := range map[string][]porcupine.Operation{
		"an acknowledged event is lost": {first, op(2, 3, asked{reads: true}, answered{})},
		"two win one version":           {first, op(2, 3, asked{expected: -1, ids: []uint16{2}}, answered{revision: 0})},
		"a read goes back": {first, op(2, 3, asked{expected: 0, ids: []uint16{2}}, answered{revision: 1}), op(4, 5, asked{reads: true}, answered{ids: []uint16{1, 2}}),
			op(6, 7, asked{reads: true}, answered{ids: []uint16{1}})},
		"half of an append":          {op(0, 1, asked{expected: -1, ids: []uint16{1, 2}}, answered{unknown: true}), op(2, 3, asked{reads: true}, answered{ids: []uint16{1}})},
		"a wrong version that holds": {first, op(2, 3, asked{expected: 0, ids: []uint16{2}}, answered{wrong: true, revision: 0})},
		"a repeat is appended twice": {first, op(2, 3, asked{expected: -1, ids: []uint16{1}}, answered{revision: 0}), op(4, 5, asked{reads: true}, answered{ids: []uint16{1, 1}})},
	} {
		if porcupine.CheckOperations(streamModel.ToModel(), wrong) {
			t.Errorf("%s, and it is taken", name)
		}
	}
}
