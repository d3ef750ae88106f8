.PHONY: demo test bench chaos content check deny build

demo:
	cargo run --package fanfare -- demo $(ARGS)

build:
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
