# Berth: the commands of the project. Each does its own set-up: `.ci/install` adds what the machine lacks and says which.
SHELL := /bin/bash
CARGO_TARGET_DIR ?= $(CURDIR)/target
export CARGO_TARGET_DIR
export PATH := $(CURDIR)/.tools/bin:$(PATH)

.PHONY: run test build dev bench lint format package clean bindings pictures front-end

run: build
	@.ci/start "$(CARGO_TARGET_DIR)/release"

build: front-end
	cargo build --release --locked -p berth -p cli

test: front-end
	@.ci/install test
	@.ci/test

dev:
	@.ci/install build
	cd ui && npm ci --no-audit --no-fund
	cd ui && TAURI_APP_PATH=.. npx tauri dev --no-default-features --config ../tauri.dev.conf.json

bench: build
	@.ci/install bench
	cargo build --release --locked -p berth --example empty-window
	cargo bench --locked -p berth

lint: front-end
	@.ci/install lint
	cargo fmt --all --check
	cargo clippy --workspace --all-targets --locked -- -D warnings
	cargo machete
	cargo deny --locked check licenses bans sources
	cd ui && npm run lint

format:
	cargo fmt --all
	cd ui && npm run format

# The bundler takes what the configuration names from one place, wherever it was built.
package: build
	@.ci/install package
	install -D "$(CARGO_TARGET_DIR)/release/berthctl" target/package/berthctl
	cd ui && TAURI_APP_PATH=.. npx tauri build --bundles "$(BUNDLES)" -- --locked

# Written by a test that fails when they drift; this writes them anew.
bindings:
	BERTH_WRITE_BINDINGS=1 cargo test --locked -p berth --test all ipc::bindings

# Of the real window, for the documents.
pictures: front-end
	@.ci/install test
	cargo build --locked --workspace --bins --tests
	BERTH_PICTURES=$(CURDIR)/docs/pictures cargo test --locked -p berth --test all window::pictures

front-end:
	@.ci/install build
	cd ui && npm ci --no-audit --no-fund --loglevel=error && npm run build

clean:
	cargo clean
	rm -rf ui/dist ui/node_modules .tools

# .deb and .rpm are built anywhere; AppImage, dmg and msi where their tools can be had: make package BUNDLES=appimage
BUNDLES ?= deb,rpm
