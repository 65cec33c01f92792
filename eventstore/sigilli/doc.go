// Package sigilli proves that history was not changed (D-3, ADR 0024). All
// events of the log are the leaves of a Merkle tree (RFC 6962), in the order of
// the log; a seal is the signed checkpoint of its first so many leaves. This
// package makes and checks leaves, trees, notes and proofs, and holds a log
// against its seals. It opens no store and no database and reads no clock: the
// program that seals, the verb that verifies and who checks a bundle on another
// machine use the same code.
//
// The pieces: Foglia is the leaf of an event, Albero the tree that grows, Nota
// a checkpoint, Inclusione and Consistenza are proofs, Verifica holds a whole
// log against notes, and VerificaFlusso one stream against the chain and proofs.
package sigilli
