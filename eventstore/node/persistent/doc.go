// Package persistent keeps persistent subscriptions: groups of consumers that
// share the events of a stream, or of the whole log, and say of each whether it is
// done. It knows the event log and no protocol.
//
// What a group is, how far it has come and what it could not process stand in
// system streams of the log itself, as EventStoreDB keeps them, so a group
// survives a restart, a backup carries it, and stock tools can read it. Delivery
// is at least once: after a crash a group goes on after the last checkpoint.
package persistent
