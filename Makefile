# Every target has a line of help behind ##; `make` prints them.
GO ?= go
LINT_VERSION = v2.15.0

.PHONY: help build test vet lint race fuzz bench e2e torture golden specimens check clean

help: ## print this help
	@grep -hE '^[a-z0-9-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

build: ## build the binary into ./bin
	CGO_ENABLED=0 $(GO) build -trimpath -o bin/tracetail ./cmd/tracetail

test: ## run all tests; needs nothing but Go
	$(GO) test ./...

vet: ## gofmt and go vet
	@test -z "$$(gofmt -l .)" || { gofmt -l .; echo "run gofmt -w on the files above"; exit 1; }
	$(GO) vet ./...
	$(GO) vet -tags torture ./internal/source ./cmd/tracetail

lint: ## run the linters (see .golangci.yml for what and why)
	$(GO) run github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$(LINT_VERSION) run ./...

race: ## run all tests under the race detector
	$(GO) test -race ./...

fuzz: ## run every fuzz target for FUZZTIME (10s)
	./.ci/fuzz $(or $(FUZZTIME),10s)

bench: ## run the benchmarks and print allocations
	$(GO) test -run '^$$' -bench . -benchmem ./...

e2e: ## run the tests that need real programs (Python, Node, Java); installs what is missing
	./e2e/run

torture: ## every rotation with 1,000,000 lines, 50 kills, 10,000 files, reads that fail (TORTURE_LINES, _ROTATIONS, _KILLS ... scale it; half an hour)
	$(GO) test -tags torture -count 1 -timeout 2h -v -run '^TestTorture' ./internal/source ./cmd/tracetail

golden: ## rewrite the golden files of the parsers; read the diff before you commit it
	$(GO) test ./parsers/... -update

specimens: ## print the specimens again with the runtimes that are installed
	./parsers/trace/testdata/specimens

check: vet lint test race ## everything a change must pass, but e2e

clean: ## remove what was built
	rm -rf bin
