# The verbs of Nucleo: `make help` lists them. Go, git and make are enough to
# start; what else a verb needs it installs, or says how to.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
COMMIT  ?= $(shell git rev-parse HEAD 2>/dev/null || echo unknown)

STATICCHECK := honnef.co/go/tools/cmd/staticcheck@v0.8.2

# The commit is written in by -ldflags, so that a tree without history, or one
# that git finds to belong to somebody else, builds as well.
export GOFLAGS := $(strip $(filter-out -buildvcs%,$(shell go env GOFLAGS 2>/dev/null)) -buildvcs=false)
# Pure Go: no C compiler is needed, and the binary runs anywhere.
export CGO_ENABLED ?= 0

PKG  ?= ./...
PART ?=
ARGS ?=
FUZZTIME ?= 30s

.PHONY: help
help: ## list the verbs
	@printf 'make <verb>\n\n'
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  %-10s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))

.PHONY: demo
demo: postgres build ## start the demo with made-up cases and print who can log in; ARGS='--casi 500 --addr 127.0.0.1:9090'
	@exec bin/nucleo demo $(ARGS)

.PHONY: test
test: postgres npm ## run the whole suite; PKG=./domain/... and PART='name of tests' narrow it
	go test -timeout 15m $(if $(PART),-run '$(PART)') $(PKG)

.PHONY: build
build: go ## build bin/nucleo
	go build -trimpath -ldflags '-s -w -X main.version=$(VERSION) -X main.commit=$(COMMIT)' -o bin/nucleo ./cmd/nucleo

.PHONY: check
check: go ## gofmt, go vet, staticcheck, who may import whom
	@found=$$(find . -name '*.go' -not -path './node_modules/*' -not -path './.*/*' -exec gofmt -l {} +); \
	if [ -n "$$found" ]; then printf 'gofmt would change:\n%s\n' "$$found"; exit 1; fi
	go vet ./...
	go run $(STATICCHECK) ./...
	go test -count=1 .

.PHONY: ci
ci: ## what a continuous integration runs: .ci/run
	bash .ci/run

.PHONY: lint
lint: go ## golangci-lint, when it is installed
	@command -v golangci-lint >/dev/null || { \
		echo 'golangci-lint 2 is not installed: see https://golangci-lint.run/docs/welcome/install/, or'; \
		echo '  go install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@latest'; exit 1; }
	golangci-lint run $(PKG)

.PHONY: race
race: postgres npm ## the suite with the race detector; needs a C compiler; PKG, PART
	CGO_ENABLED=1 go test -race -timeout 30m $(if $(PART),-run '$(PART)') $(PKG)

.PHONY: long
long: postgres npm ## the long tests: lists its parts; PART=NUMBER or NAME runs one for the ledger; with PKG, tests by name
ifeq ($(origin PKG),file)
	go run ./cmd/prove $(PART)
else
	NUCLEO_LONG=1 go test -count=1 -v -timeout 4h $(if $(PART),-run '$(PART)') $(PKG)
endif

.PHONY: fuzz
fuzz: go ## every fuzz target for FUZZTIME=30s; PKG, PART
	@scripts/fuzz.sh '$(FUZZTIME)' '$(PKG)' '$(or $(PART),.)'

.PHONY: bench
bench: postgres npm ## the benchmark against its targets; ARGS
	go run ./cmd/bench $(ARGS)

.PHONY: belfiore
belfiore: go ## write the table of comuni and states anew from its sources (needs npm)
	@command -v npm >/dev/null || { echo 'npm is needed to fetch the sources: install Node.js'; exit 1; }
	go run ./cmd/gen-belfiore $(ARGS)

.PHONY: clean
clean: go ## remove what the verbs built, and the PostgreSQL that tests share
	rm -rf bin
	go run ./internal/postgres/pgtest/endpgtest

# What verbs need before they start.

.PHONY: go
go:
	@command -v go >/dev/null || { \
		echo "Go $$(sed -n 's/^go //p' go.mod) or newer is needed: https://go.dev/dl/"; exit 1; }

.PHONY: postgres
postgres: go
	@scripts/postgres.sh --install >/dev/null || [ -n "$${TEST_DATABASE_URL:-}$${NUCLEO_POSTGRES:-}" ]

.PHONY: npm
npm:
	@scripts/npm.sh --install || [ -n "$${NUCLEO_SENZA_NPM:-}" ]
