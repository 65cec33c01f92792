// Package eventlog is a durable, append-only log of events in streams, kept in
// one SQLite file, with the append rules of EventStoreDB.
//
// One goroutine writes: it takes what is waiting, decides every request against
// memory, stores the group in one transaction and only then answers. A file
// belongs to one process; stock sqlite3 can open and read it.
package eventlog
