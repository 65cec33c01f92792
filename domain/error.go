package domain

// Kind sorts refusals by what the caller can do about them.
type Kind int

// The kinds of refusal.
const (
	Invalid       Kind = iota + 1 // the request can never succeed as it is
	Forbidden                     // this actor may not
	NotFound                      // there is no such thing, or not for this actor
	Refused                       // a rule of the domain says no in this state
	Stale                         // the caller saw an older version
	Unprocessable                 // well formed, but a value in it cannot be accepted
	Unavailable                   // not now: the same request may succeed later
)

// Error is a refusal with a name that clients and tests can rely on.
type Error struct {
	Kind    Kind
	Code    string   // stable, e.g. "caso.non_aperto"
	Message string   // for people: what, why, and what to do; never personal data
	Field   string   // of the request, where one is at fault
	Others  []string // fields at fault besides
}

func (e *Error) Error() string { return e.Message }

// Is makes refusals equal by their code, so that one that names a field is
// still the refusal it was made from.
func (e *Error) Is(target error) bool {
	t, ok := target.(*Error)
	return ok && t.Code == e.Code
}

// At is the refusal with the field of the request that it is about.
func (e *Error) At(field string) *Error {
	named := *e
	named.Field = field
	return &named
}

// AtAll is the refusal with all fields of the request that it is about, of
// which there is one at least.
func (e *Error) AtAll(fields []string) *Error {
	named := e.At(fields[0])
	named.Others = fields[1:]
	return named
}

// Refuse makes a refusal. Refusals are package variables: tests and clients
// compare them by code.
func Refuse(kind Kind, code, message string) *Error {
	return &Error{Kind: kind, Code: code, Message: message}
}

// Refusals that no single aggregate owns.
var (
	// ErrStale says that the stream moved on since it was read.
	ErrStale = Refuse(Stale, "versione_superata", "it changed since you read it: read it again and repeat the request")
	// ErrNonDisponibile says that the store cannot be reached, and that nothing was written.
	ErrNonDisponibile = Refuse(Unavailable, "archivio.non_disponibile", "the event store does not answer; nothing was written: repeat the request later")
	// ErrEsitoIncerto says that an append may or may not have been written.
	ErrEsitoIncerto = Refuse(Unavailable, "archivio.esito_incerto", "the outcome is not known: repeat the request with the same Idempotency-Key")
	// ErrTroppoGrande says that the events of one command do not fit in one append.
	ErrTroppoGrande = Refuse(Unprocessable, "archivio.troppo_grande", "the request makes more data than one append may hold (1 MiB)")
	// ErrNonTrovato says that there is no such thing, or none that this actor may see.
	ErrNonTrovato = Refuse(NotFound, "non_trovato", "there is nothing here for you")
	// ErrVietato says that the active profile has no right to do this.
	ErrVietato = Refuse(Forbidden, "vietato", "the active profile may not do this")
)
