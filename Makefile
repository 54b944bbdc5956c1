# `make` alone lists what there is. The work is done by cargo, npm and the small programs in scripts/.

.DEFAULT_GOAL := help
.PHONY: help run dev test lint bench

help: ## List the commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-6s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ui/dist/index.html ## Build everything and start the daemon
	@echo "Building the daemon (the first time takes some minutes)"
	cargo build --release --locked
	@echo "Starting it: no configuration is needed; ^C stops it"
	target/release/miauflix

dev: ui/node_modules/.package-lock.json ## Run the daemon and the interface with hot reload
	scripts/dev

test: ui/node_modules/.package-lock.json ## Run every test, the browser's too
	scripts/test

lint: ui/node_modules/.package-lock.json ## Check format, lints, docs, licences and container files
	scripts/lint

bench: ui/dist/index.html ## Measure the release daemon, with BENCH=FOLDER beside other programs too
	scripts/bench

ui/node_modules/.package-lock.json: ui/package.json ui/package-lock.json
	@scripts/check-tools
	cd ui && npm ci --no-audit --no-fund
	@touch $@

ui/dist/index.html: ui/node_modules/.package-lock.json $(shell find ui/src ui/public ui/index.html ui/vite.config.ts -type f 2>/dev/null)
	cd ui && npm run build
	@touch $@
