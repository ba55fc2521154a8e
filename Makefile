# make help lists the targets. Everything is built below .local and bin of this clone; nothing of the system is changed.
SHELL := /bin/bash
ROOT := $(CURDIR)
PACKAGES := ./... ./testdata/teaching
FUZZTIME ?= 10s

# The program needs cgo for Hugging Face's tokenizer library alone. Notebook cells do not.
export CGO_LDFLAGS := -L$(ROOT)/.local/lib
export CGO_ENABLED := $(shell cat .local/cgo 2>/dev/null || echo 1)
export NEURONSTEER_BIN := $(ROOT)/bin/neuronsteer

.PHONY: help
help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 16

.PHONY: setup
setup: ## make the clone ready: tokenizer library, notebook kernel, Python environment
	@scripts/setup.sh

.PHONY: build
build: setup ## build bin/neuronsteer and register the notebook kernel with the Jupyter of this clone
	@scripts/build.sh
	@scripts/kernel.sh

.PHONY: env
env: ## print what programs of your own that use steer/local need: eval "$(make -s env)"
	@[ -f .local/lib/libtokenizers.a ] || [ "$(CGO_ENABLED)" = 0 ] || echo 'neuronsteer: not set up yet; run: make setup build' >&2
	@echo 'export CGO_ENABLED=$(CGO_ENABLED)'
	@echo 'export CGO_LDFLAGS="-L$(ROOT)/.local/lib"'
	@echo 'export NEURONSTEER_BIN="$(ROOT)/bin/neuronsteer"'

.PHONY: demo
demo: build ## pull SmolLM2, run the first notebook afresh, leave its figures and an HTML page in out/demo
	@scripts/demo.sh

.PHONY: test
test: build ## run every layer: pure builds, unit tests and laws, real tokenizers, golden data, notebooks, faults under a kernel, browser
	@scripts/test.sh pure unit tokenizers golden notebooks faults browser

.PHONY: check
check: build ## run what looks at the code itself: the race detector and the linter
	@scripts/test.sh race lint

.PHONY: test-short
test-short: build ## run the unit tests, without the long ones
	@go test -short -timeout 10m $(PACKAGES)

.PHONY: course
course: build ## run the notebooks afresh and keep what they show in them, as they are committed
	@bin/neuronsteer pull smollm2-135m-instruct
	@.local/venv/bin/python scripts/refresh_notebooks.py --log .local/log/course-kernel.log notebooks/*.ipynb

.PHONY: lab
lab: build ## open JupyterLab with the kernel ready
	@scripts/setup.sh lab
	@scripts/lab.sh

.PHONY: lint
lint: setup ## run gofmt, go vet and golangci-lint (built from its pinned source)
	@scripts/lint.sh

.PHONY: fuzz
fuzz: setup ## run every fuzz target for FUZZTIME (10s)
	@scripts/fuzz.sh $(FUZZTIME)

.PHONY: bench
bench: build ## print one table of what is measured, beside what it is compared with
	@scripts/bench.sh

.PHONY: bench-peer
bench-peer: build ## the same with PyTorch beside it, and how both grow, to docs/benchmarks.md; its environment is 6 GB
	@scripts/bench.sh peer -growth -shapes -out docs/benchmarks.md

.PHONY: bench-cells
bench-cells: build ## print only what a notebook's user waits for: a first cell, a card, a figure
	@scripts/bench.sh cells

.PHONY: bench-packages
bench-packages: build ## run the benchmarks that lie beside the code
	@scripts/bench.sh packages

.PHONY: release
release: setup ## make programs for each system and wheels of what is committed: make release VERSION=v0.1.0
	@scripts/release.sh "$(VERSION)"

.PHONY: clean
clean: ## remove what was built in this clone; the user's cache stays
	@rm -rf bin out .local
