.PHONY: demo test bench check deny build

demo:
	cargo run --package fanfare -- demo $(ARGS)

build:
	cargo build --release --package fanfare

test:
	cargo xtask test

check:
	cargo xtask check

bench:
	cargo xtask bench

deny:
	cargo deny check licenses bans sources
