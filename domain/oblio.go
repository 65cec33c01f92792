package domain

// CategoriaOblio is the category of the streams whose events say that some of
// what another stream had sealed cannot be read any more.
const CategoriaOblio = "cancellazione"

// Dimentica is an event from which on some of what a stream holds reads as
// erased, from its first event on: whoever keeps rows of that stream makes them
// anew from what can be read then.
type Dimentica interface {
	Event
	Dimenticato() (stream string)
}
