# make run     build and serve on http://localhost:8080 (needs Go)
# make test    every check there is; installs what it needs (needs Go and npm)
# make build   bin/madang, one static binary
# make web     build the page anew into web/dist (needs npm)
# make bench   cost of a forwarded packet, beside a plain fan-out, and what is demanded of it
# make lint    formatting, vet, staticcheck, other systems, known vulnerabilities (VULNDB)
# make fuzz    every fuzz target, FUZZ_SECONDS in all
# make soak    hours in minutes: churn for SOAK, then look for what is left behind
# make overload twice as many joins as one core can take (needs an idle machine of four)
# make lighthouse the first page and a lobby as Lighthouse judges them (needs an idle machine and npm)
# make rows    which acceptance rows the last run of the tests has shown

FUZZ_SECONDS ?= 1800
SOAK ?= 10m

.PHONY: run test build web bench lint fuzz soak overload lighthouse rows
.DEFAULT_GOAL := build

run: build
	@exec bin/madang $(ARGS)

build:
	@CGO_ENABLED=0 go build -trimpath -o bin/madang ./cmd/madang

test:
	@.ci/test

web:
	@cd web && npm ci --no-audit --no-fund --loglevel=error
	@go run ./web/build

bench:
	@mkdir -p .results
	@set -o pipefail; { go test -run '^$$' -bench . -skip ChatLine -benchmem -benchtime 0.5s $$(.ci/having '^func Benchmark'); \
		go test -run '^$$' -bench ChatLine -benchtime 4s -count 3 ./signaling; } | tee .results/benchmarks.txt
	@go run ./sfu/bench -benchmarks .results/benchmarks.txt -notes .results/bench.tsv $(ARGS)

lint:
	@.ci/lint

fuzz:
	@.ci/fuzz $(FUZZ_SECONDS)

overload:
	@mkdir -p .results
	@set -o pipefail; OVERLOAD=1 taskset -c 1-$$(($$(nproc) - 1)) go test -json -count=1 -run '^TestOverload' ./cmd/madang | go run ./.ci/gotest .results/overload.json
	@grep -ho 'a join costs[^\\]*' .results/overload.json

soak:
	@mkdir -p .results
	@set -o pipefail; SOAK=$(SOAK) go test -json -count=1 -timeout 0 -run '^TestSoak' $$(.ci/having 'func TestSoak') | go run ./.ci/gotest .results/soak.json

lighthouse: build
	@mkdir -p .results
	@node .ci/lighthouse.mjs

rows:
	@go run ./.ci/rows

bench soak overload: SHELL := /bin/bash
