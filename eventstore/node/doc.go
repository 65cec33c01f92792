// Package node serves EventStoreDB's gRPC protocol from an event log in this
// process, so that the official clients need no other server. It is a compatible
// subset on one machine: streams, $all, subscriptions, deletion and stream
// metadata; no projections, no replication.
package node
