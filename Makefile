# The targets everybody uses. Each sets up .venv first, which is quick when nothing has changed.

PYTHON ?= python3
ARGS ?=

BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input --quiet
PROJECT := $(PIP) install --no-deps --no-build-isolation --editable .
LOCK := uv pip compile pyproject.toml --group build --universal --generate-hashes --no-emit-index-url \
	--python-version 3.11 --no-header --quiet

.DELETE_ON_ERROR:
.PHONY: install demo test check fuzz bench lock

install: .venv/installed

demo: .venv/installed
	@exec $(BIN)/paperround demo $(ARGS)

test: .venv/installed-dev
	$(BIN)/pytest $(ARGS)

check: .venv/installed-dev
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/pytest

fuzz: .venv/installed-dev
	$(BIN)/python -m tests.fuzz $(ARGS)

bench: .venv/installed-dev
	$(BIN)/python -m tests.benchmarks $(ARGS)

lock:
	$(LOCK) --output-file requirements.lock
	$(LOCK) --extra dev --output-file requirements-dev.lock

.venv/installed: requirements.lock pyproject.toml | .venv/bin/python
	@echo "Setting up .venv ..."
	@$(PIP) install --require-hashes --requirement requirements.lock
	@$(PROJECT)
	@touch $@

.venv/installed-dev: requirements-dev.lock pyproject.toml | .venv/bin/python
	@echo "Setting up .venv for development ..."
	@$(PIP) install --require-hashes --requirement requirements-dev.lock
	@$(PROJECT)
	@touch .venv/installed $@

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Paper Round needs python 3.11 or newer; choose one with: make PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
		{ echo "python's venv module is missing; install the package python3-venv (Debian, Ubuntu:" \
		"apt-get install python3-venv)" >&2; exit 1; }
	@$(PYTHON) -m venv .venv
