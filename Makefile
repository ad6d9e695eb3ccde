# The front door: every target that people and CI use. `make help` lists them.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
export PATH := $(CURDIR)/node_modules/.bin:$(PATH)
AVA_E2E := ava --config ava.e2e.config.js

.PHONY: help
help: ## Show this list
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | sort | awk -F ':.*## ' '{printf "  %-10s %s\n", $$1, $$2}'

# npm ci runs again only when the lock file is newer than what it installed.
node_modules/.installed: package-lock.json package.json
	npm ci --no-fund --no-audit --loglevel=error
	@touch $@

.PHONY: setup
setup: node_modules/.installed ## Install packages, build Kubernetes and the AWS stand-ins into the cache (minutes when cold)
	node test/setup.ts

.PHONY: demo
demo: setup ## Bring everything up and show it working (ONCE=1: check and clean up; DOWN=1: stop it)
	node test/demo/demo.ts $(if $(ONCE),--once) $(if $(DOWN),--down)

.PHONY: test
test: setup ## Everything that CI runs: checks, unit, reconcile and end-to-end tests on real parts
	node test/run.ts

.PHONY: unit
unit: node_modules/.installed ## Types, lint and the tests that start no server (seconds)
	tsc -p . && oxlint src test && ava

.PHONY: e2e
e2e: setup ## Only the tests on real parts (FILE=test/e2e/x.test.ts for one)
	$(AVA_E2E) $(FILE)

.PHONY: bench
bench: setup ## Measure against the targets; prints ratios to a baseline in the same run
	node test/bench/bench.ts

.PHONY: generate
generate: node_modules/.installed ## Write CRDs, chart copies, RBAC, reference pages and the IAM policy from the schemas
	node src/generate/generate.ts

.PHONY: verify
verify: node_modules/.installed ## Fail where generated files, formatting, lint or types are not what they should be
	node src/generate/generate.ts --check
	oxfmt --check src test
	oxlint --deny-warnings src test
	tsc -p .

.PHONY: lint
lint: node_modules/.installed ## Format, and lint with type information
	oxfmt src test
	oxlint --deny-warnings src test

.PHONY: build
build: node_modules/.installed ## Bundle the operator into dist/drayage.js
	node src/generate/bundle.ts

.PHONY: image
image: ## Build the container image with docker (IMAGE=drayage:dev)
	docker build -t $(or $(IMAGE),drayage:dev) .

.PHONY: clean
clean: ## Remove what was built here (the cache of tools stays: DRAYAGE_CACHE, default ~/.cache/drayage)
	rm -rf dist node_modules
