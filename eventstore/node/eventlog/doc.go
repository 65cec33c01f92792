// Package eventlog is a durable, append-only log of events in streams, kept in
// one SQLite file, with the append rules of EventStoreDB.
//
// One goroutine decides: it takes what is waiting, decides every request against
// memory, makes the group durable in a journal and only then answers. Another moves
// what the journal holds to the SQLite file, which holds everything once the log is
// closed. A file belongs to one process; stock sqlite3 can open and read it.
package eventlog
