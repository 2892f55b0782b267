# Voronka: everything a person or a machine does to the project, by name. `make` alone lists it.
GO      ?= go
VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
LDFLAGS  = -s -w -X voronka/internal/config.Version=$(VERSION)
SIZE    ?= full
PACKAGES = ./cmd/... ./internal/... ./tools/... ./web ./bench/...

.PHONY: help run build web test check format lint types unit bench e2e night release clean

help:
	@grep -E '^[a-z0-9]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 10

run: build ## build everything and start a portal in ./voronka-data
	build/voronka serve --data voronka-data --open-browser

build: web ## the program with its UI: build/voronka
	$(GO) build -trimpath -ldflags '$(LDFLAGS)' -o build/voronka ./cmd/voronka

web: web/dist/index.html ## the UI alone: web/dist

web/node_modules/.installed: web/package-lock.json
	cd web && npm ci --no-audit --no-fund --loglevel=error
	touch $@

web/dist/index.html: web/node_modules/.installed $(shell find web/src web/public web/index.html web/vite.config.ts web/lingui.config.* -type f 2>/dev/null)
	cd web && npm run build

test: build ## all tests; those that need PostgreSQL or a browser say so where there is none
	VORONKA_BINARY=$(CURDIR)/build/voronka $(GO) run ./tools/testsum -web web -journeys e2e/browser -args "-timeout=20m" $(PACKAGES) ./e2e/...

check: format lint types unit ## the first gate, within 5 minutes

format:
	@out=$$($(GO) tool -modfile=tools/lint/go.mod gofumpt -l cmd internal tools bench web/*.go e2e 2>/dev/null); test -z "$$out" || { echo "not formatted (go tool -modfile=tools/lint/go.mod gofumpt -w):"; echo "$$out"; exit 1; }

lint:
	$(GO) vet $(PACKAGES) ./e2e/...
	$(GO) tool -modfile=tools/lint/go.mod staticcheck $(PACKAGES) ./e2e/...

types: web/node_modules/.installed
	cd web && npm run check

unit:
	$(GO) run ./tools/testsum -args "-short" $(PACKAGES)

bench: ## measure speed into build/bench.json; SIZE=small takes three minutes
	@mkdir -p build
	$(GO) run ./bench -size $(SIZE) -out build/bench.json

e2e: build ## journeys through the real program in a real browser
	VORONKA_BINARY=$(CURDIR)/build/voronka $(GO) run ./tools/testsum -journeys e2e/browser -args "-count=1 -timeout=20m" ./e2e/...

night: build ## the third gate: kill loops, the true million, fuzzing; writes docs/night.md
	$(GO) run ./tools/night

release: web ## one file for each system: build/release
	@mkdir -p build/release
	@for target in linux/amd64 linux/arm64 darwin/amd64 darwin/arm64 windows/amd64; do \
	  os=$${target%/*}; arch=$${target#*/}; ext=; test $$os = windows && ext=.exe; \
	  echo "build/release/voronka-$$os-$$arch$$ext"; \
	  CGO_ENABLED=0 GOOS=$$os GOARCH=$$arch $(GO) build -trimpath -ldflags '$(LDFLAGS)' -o build/release/voronka-$$os-$$arch$$ext ./cmd/voronka || exit 1; \
	done
	cd build/release && sha256sum voronka-* > SHA256SUMS

clean: ## remove what was built
	rm -rf build web/dist/assets web/dist/index.html
