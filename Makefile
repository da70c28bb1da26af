# Two commands matter: `make generate` and `make test`. Each sets up all that it needs.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.DEFAULT_GOAL := help
.PHONY: help generate check test lint types golden bench bench-rust parity corpus corpus-rust build clean

help: ## list the commands
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 12

$(READY): pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.11")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade 'pip>=25.1'
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --group dev --editable .
	touch $(READY)

generate: $(READY) ## write the clients of chatwright.yaml under generated/
	$(BIN)/chatwright generate --rebuild

check: $(READY) ## fail when generated/ is not what would be generated
	$(BIN)/chatwright check

test: lint types ## run linters, type checkers and tests
	$(BIN)/python -m pytest --numprocesses auto

lint: $(READY) ## run ruff and black
	$(BIN)/ruff check .
	$(BIN)/black --check --quiet . || $(BIN)/black --check .

types: $(READY) ## run mypy and pyright, both strict
	$(BIN)/mypy
	$(BIN)/pyright --pythonpath $(BIN)/python

golden: $(READY) ## rewrite the expected files of tests/cases from what is generated now
	CHATWRIGHT_UPDATE_GOLDEN=1 $(BIN)/python -m pytest --quiet --numprocesses auto tests

bench: $(READY) ## measure against the real peers
	$(BIN)/python -m benchmarks

bench-rust: $(READY) ## measure the crates against the real peers, a part of bench
	$(BIN)/python -m benchmarks --only crate-generation crate-compilation crate-events

parity: $(READY) ## compare with what OpenAPI Generator writes
	$(BIN)/python -m tests.parity
	$(BIN)/python -m tests.rust --compare

corpus: $(READY) ## generate, check and call every real document, and write docs/compatibility.md
	CHATWRIGHT_WHOLE_CORPUS=1 $(BIN)/python -m pytest --numprocesses auto tests/corpus
	$(BIN)/python -m tests.parity --table docs/compatibility.md

corpus-rust: $(READY) ## compile a crate of every real document, and write docs/compatibility-rust.md
	$(BIN)/python -m tests.rust --table docs/compatibility-rust.md

build: $(READY) ## build the wheel and the sdist into dist/
	$(BIN)/python -m build

clean: ## remove what make made, generated/ excepted
	rm -rf $(VENV) .bench .cargo-target dist build .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find generator tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +
