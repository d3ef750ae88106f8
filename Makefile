.PHONY: demo test bench chaos content check deny build

PAGES := web/dist/index.html

demo: $(PAGES)
	cargo run --package fanfare -- demo $(ARGS)

build: $(PAGES)
	cargo build --release --package fanfare

test:
	cargo xtask test

check:
	cargo xtask check

bench:
	cargo xtask bench $(ARGS)

chaos:
	cargo xtask chaos $(ARGS)

content:
	cargo xtask content

deny:
	cargo deny check licenses bans sources

# The dashboard, which the program takes in when it is compiled.
$(PAGES): web/package-lock.json web/index.html web/vite.config.ts $(shell find web/src web/public -type f)
	cd web && npm ci --ignore-scripts --no-audit --no-fund && npm run --silent build
