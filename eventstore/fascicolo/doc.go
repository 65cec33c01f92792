// Package fascicolo writes and checks the bundle of a case: one file that can be
// taken to a court or an inspector, and checked there by whoever has the
// verifier key, with no installation at hand (ADR 0030). It holds the events as
// they are stored, the proof that each of them is among those of a signed seal,
// what opens their personal data where that was granted, and a page to read.
//
// It opens no store and no database, and knows no event: whoever writes a bundle
// hands in what it holds. docs/formato-fascicolo.md tells the form.
package fascicolo
