package main

import (
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/shared"
	api "github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"github.com/google/uuid"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"

	"nucleo/internal/longtest"
	"nucleo/internal/powertest"
)

// tagliPerCartella is how many power cuts one data directory goes through.
const tagliPerCartella = 20

// F-03, R-03: the power is cut under the program, after a number of calls that a seed
// gives, while eight clients append over gRPC. The next start serves, by itself, all that
// was answered, whole and in order, and nothing that nobody wrote.
func TestAPowerCutUnderTheProgramLosesNothingThatWasAnswered(t *testing.T) {
	dal, al := longtest.Seeds(t, 6, 200)
	var c corrente
	for seed := dal; seed < al && !t.Failed(); seed++ {
		if (seed-dal)%tagliPerCartella == 0 {
			c = corrente{risposte: c.risposte, tagli: c.tagli, attese: map[uint64]risposto{}, tentati: map[uint64]int{}}
		}
		c.taglia(t, seed)
	}
	c.riparte(t, momento{dopo: mai}) // the last cut is looked at as well
	if c.risposte == 0 {
		t.Fatal("nothing was answered: nothing was tried")
	}
	longtest.Metric(t, "R-03", "cuts", c.tagli, "answered", c.risposte, "lost", 0)
}

// risposto is where a batch ended, as the client was told.
type risposto struct {
	flusso    string
	revisione int64
}

// corrente is a data directory that loses power, and what is known of it.
type corrente struct {
	disco    powertest.Image
	tagli    int
	risposte int

	mu      sync.Mutex
	lotti   uint64
	tentati map[uint64]int // by number of the batch: how many events
	attese  map[uint64]risposto
}

// taglia runs the program until the power is cut, and keeps what the disk then holds.
func (c *corrente) taglia(t *testing.T, seed uint64) {
	r := rand.New(rand.NewPCG(33, seed))
	d := c.riparte(t, momento{allAvvio: r.IntN(3) == 0, dopo: r.IntN(250)})
	stato := powertest.NewState(c.disco)
	chiamate := d.Ops()
	for i := range chiamate {
		stato.Do(&chiamate[i])
	}
	c.disco = stato.After(powertest.Survives(r.IntN(5)), r)
	c.tagli++
}

// momento says when the disk dies: after so many calls from the start of the program, or
// from when it serves.
type momento struct {
	allAvvio bool
	dopo     int
}

// mai is more calls than a program makes.
const mai = math.MaxInt

// riparte starts the program, looks at what it serves, and has clients append until the
// disk is dead. When that is never, it only looks.
func (c *corrente) riparte(t *testing.T, quando momento) *powertest.Disk {
	t.Helper()
	d, spento := powertest.New(c.disco, ""), make(chan struct{})
	var conta atomic.Bool
	conta.Store(quando.allAvvio)
	fatte := 0
	d.Interfere = func(powertest.Op, string) (int, syscall.Errno) {
		if !conta.Load() {
			return -1, 0
		}
		if fatte++; fatte > quando.dopo {
			if fatte == quando.dopo+1 {
				close(spento)
			}
			return 0, syscall.EIO
		}
		return -1, 0
	}
	dir := t.TempDir()
	defer d.Mount(t, dir)()
	n := avvia(t, dir, nil, "node", "--data", filepath.Join(dir, "dati"), "--listen", "127.0.0.1:0", "--insecure")
	defer n.uccidi()
	var addr string
	select {
	case riga := <-n.detto:
		if _, err := fmt.Sscanf(riga, "listening on %s", &addr); err != nil && !chiuso(spento) {
			t.Fatalf("after a power cut the program does not start: %s\nthe disk: %s", n.stderr, conserva(c.disco))
		}
	case <-time.After(30 * time.Second):
		t.Fatalf("after a power cut the program does not start in time: %s", n.stderr)
	}
	if addr == "" {
		return d
	}
	conn, err := grpc.NewClient(addr, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	c.guarda(t, api.NewStreamsClient(conn), spento)
	conta.Store(true)
	if quando.dopo < mai {
		c.scrivono(api.NewStreamsClient(conn), spento)
	}
	return d
}

func chiuso(c <-chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}

func conserva(disco powertest.Image) string {
	dir, err := os.MkdirTemp("", "nucleo-taglio-")
	if err == nil {
		err = disco.Write(dir)
	}
	return fmt.Sprint(dir, " ", err)
}

const clientiAlTaglio = 8

func flussoDi(i int) string { return fmt.Sprintf("w%d", i) }

// scrivono has each client append to its stream until the power is cut.
func (c *corrente) scrivono(s api.StreamsClient, spento <-chan struct{}) {
	var tutti sync.WaitGroup
	ctx, basta := context.WithCancel(context.Background())
	for i := range clientiAlTaglio {
		tutti.Go(func() {
			for n := 1; ctx.Err() == nil; n = n%4 + 1 {
				c.mu.Lock()
				c.lotti++
				lotto := c.lotti
				c.tentati[lotto] = n
				c.mu.Unlock()
				rev, err := appendi(ctx, s, flussoDi(i), lotto, n)
				if err != nil {
					return
				}
				c.mu.Lock()
				c.attese[lotto] = risposto{flussoDi(i), rev}
				c.risposte++
				c.mu.Unlock()
			}
		})
	}
	<-spento
	tutti.Wait() // a dead disk lets no append through
	basta()
}

// guarda reads every stream of a program that was started after a cut.
func (c *corrente) guarda(t *testing.T, s api.StreamsClient, spento <-chan struct{}) {
	t.Helper()
	trovati := map[uint64]risposto{}
	for i := range clientiAlTaglio {
		ids, err := leggiFlusso(t.Context(), s, flussoDi(i))
		if err != nil {
			if chiuso(spento) {
				return
			}
			t.Fatal(err)
		}
		for k := 0; k < len(ids); {
			lotto := binary.BigEndian.Uint64(ids[k][:])
			n := c.tentati[lotto]
			for j := range n {
				if k+j >= len(ids) || ids[k+j] != idDelLotto(lotto, j) {
					t.Fatalf("%s: batch %d is not whole, or out of order", flussoDi(i), lotto)
				}
			}
			if n == 0 {
				t.Fatalf("%s: nobody wrote the batch %d", flussoDi(i), lotto)
			}
			k += n
			trovati[lotto] = risposto{flussoDi(i), int64(k - 1)}
		}
	}
	for lotto, r := range c.attese {
		if trovati[lotto] != r {
			t.Fatalf("answered %+v, the program serves %+v\nthe disk: %s", r, trovati[lotto], conserva(c.disco))
		}
	}
}

func idDelLotto(lotto uint64, i int) (id uuid.UUID) {
	binary.BigEndian.PutUint64(id[:], lotto)
	id[15] = byte(i + 1)
	return id
}

func appendi(ctx context.Context, s api.StreamsClient, flusso string, lotto uint64, n int) (revisione int64, err error) {
	ctx, basta := context.WithTimeout(ctx, 10*time.Second)
	defer basta()
	call, err := s.Append(ctx)
	if err != nil {
		return 0, err
	}
	o := &api.AppendReq_Options{StreamIdentifier: &shared.StreamIdentifier{StreamName: []byte(flusso)}, ExpectedStreamRevision: &api.AppendReq_Options_Any{Any: &shared.Empty{}}}
	_ = call.Send(&api.AppendReq{Content: &api.AppendReq_Options_{Options: o}})
	for i := range n {
		id := &shared.UUID{Value: &shared.UUID_String_{String_: idDelLotto(lotto, i).String()}}
		_ = call.Send(&api.AppendReq{Content: &api.AppendReq_ProposedMessage_{ProposedMessage: &api.AppendReq_ProposedMessage{
			Id: id, Metadata: map[string]string{"type": "t", "content-type": "application/json"}, Data: []byte(`{"prova":true}`)}}})
	}
	r, err := call.CloseAndRecv()
	if err != nil {
		return 0, err
	}
	return int64(r.GetSuccess().GetCurrentRevision()), nil
}

func leggiFlusso(ctx context.Context, s api.StreamsClient, flusso string) (ids []uuid.UUID, err error) {
	ctx, basta := context.WithTimeout(ctx, 10*time.Second)
	defer basta()
	call, err := s.Read(ctx, &api.ReadReq{Options: &api.ReadReq_Options{
		StreamOption: &api.ReadReq_Options_Stream{Stream: &api.ReadReq_Options_StreamOptions{
			StreamIdentifier: &shared.StreamIdentifier{StreamName: []byte(flusso)},
			RevisionOption:   &api.ReadReq_Options_StreamOptions_Start{Start: &shared.Empty{}},
		}},
		CountOption: &api.ReadReq_Options_Count{Count: math.MaxInt64},
		UuidOption:  &api.ReadReq_Options_UUIDOption{Content: &api.ReadReq_Options_UUIDOption_String_{String_: &shared.Empty{}}},
	}})
	for err == nil {
		var m *api.ReadResp
		if m, err = call.Recv(); err == nil && m.GetEvent() != nil {
			ids = append(ids, uuid.MustParse(m.GetEvent().GetEvent().GetId().GetString_()))
		}
	}
	if err == io.EOF {
		return ids, nil
	}
	return nil, err
}
