// Package postgres is the program's door to the embedded PostgreSQL. The work is
// done in nucleo/internal/postgres, which stands outside cmd because the tests
// of every package use it, through nucleo/internal/postgres/pgtest.
package postgres

import (
	"context"

	"nucleo/internal/postgres"
)

// Config says where the cluster lives.
type Config = postgres.Config

// Cluster is a running server.
type Cluster = postgres.Cluster

// ErrNotInstalled says that no usable PostgreSQL is on this machine.
var ErrNotInstalled = postgres.ErrNotInstalled

// Start makes, adopts or starts the cluster of a directory.
func Start(ctx context.Context, config Config) (*Cluster, error) { return postgres.Start(ctx, config) }
