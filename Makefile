# The commands of the project; “make” alone lists them. Variables given (PORT=9000, UKETSUKE_…,
# ROWS=1000000) reach what is run.
PYTHON ?= python3
BIN := .venv/bin
# One package comes as source only; old pips must build it as new ones do, without a word on it.
INSTALL := PIP_USE_PEP517=1 $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes
LOCK := $(BIN)/pip-compile --quiet --strip-extras --generate-hashes --allow-unsafe --no-header \
	--no-emit-index-url --no-emit-trusted-host --no-emit-find-links
SCAN := .venv/scanners/bin
ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help run test check format bench screenshots lock clean

help: ## Show these commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: .venv/run.stamp ## Set up, then serve on http://127.0.0.1:8000 with worker and mail inbox (PORT=, UKETSUKE_…)
	@$(BIN)/python -m cli.development.supervisor

# One process more than cores: browsers and databases keep a third of the tests waiting.
test: .venv/development.stamp .venv/scanners.stamp ## Run all tests (ARGS="tests/crypto -k …" for some)
	@PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest --numprocesses $$(($$(nproc) + 1)) --dist loadfile $(ARGS)

check: .venv/development.stamp .venv/scanners.stamp ## Check format, lint, types and security
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy .
	@$(SCAN)/bandit --quiet --configfile pyproject.toml --recursive .
	@$(SCAN)/semgrep scan --quiet --error --metrics=off --disable-version-check --config .semgrep .

format: .venv/development.stamp ## Put the code in form
	@$(BIN)/ruff check --fix-only --quiet .
	@$(BIN)/ruff format .

bench: .venv/development.stamp ## Measure speed and memory beside their limits and baselines (ROWS=1000000)
	@$(BIN)/python -m bench

screenshots: .venv/development.stamp ## Take the README's pictures anew
	@$(BIN)/python -m tests.support.screenshots

lock: .venv/development.stamp ## Pin requirements*.in anew, with hashes (ARGS=--upgrade for newer ones)
	@$(LOCK) $(ARGS) --output-file requirements.txt requirements.in
	@$(LOCK) $(ARGS) --output-file requirements-pdf.txt requirements-pdf.in
	@$(LOCK) $(ARGS) --output-file requirements-dev.txt requirements-dev.in
	@$(LOCK) $(ARGS) --output-file requirements-scan.txt requirements-scan.in

clean: ## Remove what running and checking made; the instance's data stays
	rm -rf .venv .hypothesis .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Python 3.11 or newer is needed; name one: make PYTHON=python3.12 …"; exit 1; }
	@$(PYTHON) -m venv .venv \
		|| { rm -rf .venv; echo "On Debian: apt-get install python3-venv"; exit 1; }

.venv/run.stamp: requirements.txt | .venv/bin/python
	@echo "Installing what the service needs …"
	@$(INSTALL) --requirement requirements.txt
	@touch $@

.venv/development.stamp: requirements-dev.txt .venv/run.stamp
	@echo "Installing what checks and tests need …"
	@$(INSTALL) --requirement requirements-dev.txt
	@touch $@

# The scanners pin libraries that the service needs newer: an environment of their own.
.venv/scanners.stamp: requirements-scan.txt | .venv/bin/python
	@echo "Installing what scans the source …"
	@$(BIN)/python -m venv .venv/scanners
	@$(subst $(BIN),$(SCAN),$(INSTALL)) --requirement requirements-scan.txt
	@touch $@
