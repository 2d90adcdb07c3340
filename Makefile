# Everything is installed into .venv, from files in requirements/ that pin each package by hash.
# A stamp in .venv names the folder it was made in, so that a copied tree installs itself again.

.DEFAULT_GOAL := help
SHELL := /bin/sh
PYTHON ?= python3
STATES ?= RUS CHN PRK VNM
UV ?= uv

py := .venv/bin/python
pip := $(py) -m pip --disable-pip-version-check
here := $(shell pwd | cksum | cut -d ' ' -f 1)
venv := .venv/made-$(here)
run := .venv/run-$(here)
dev := .venv/dev-$(here)
site := .venv/docs-$(here)

.PHONY: help
help: ## list the targets
	@grep -E '^[a-z-]+:.*## ' Makefile | sed 's/:.*## /	/' | awk -F '	' '{ printf "  make %-12s %s\n", $$1, $$2 }'

.PHONY: brief
brief: $(run) ## write the page of STATES (RUS CHN PRK VNM) into briefs/
	@mkdir -p briefs
	@page="briefs/$$(echo $(STATES) | tr ' ' '-').html" && .venv/bin/multipolar brief $(STATES) --out "$$page"

.PHONY: test
test: $(dev) browser ## run all tests; ARGS="-k tie" chooses some
	$(py) -m pytest -n auto --maxprocesses 4 --dist loadfile $(ARGS)

.PHONY: lint
lint: $(dev) ## check style and formatting
	$(py) -m ruff check .
	$(py) -m ruff format --check .

.PHONY: types
types: $(dev) ## check types
	$(py) -m mypy --strict

.PHONY: bench
bench: $(dev) ## time the smoother and the ingest
	$(py) benchmarks/smoother.py
	$(py) benchmarks/ingest.py

.PHONY: bench-core
bench-core: $(dev) ## measure the figures of the README; the last line is JSON
	@$(py) benchmarks/core.py

.PHONY: bench-sources
bench-sources: $(dev) ## measure the sources: every file, a panel, 100 million events; the last line is JSON
	@$(py) benchmarks/sources.py $(ARGS)

.PHONY: bench-votes
bench-votes: $(dev) ## measure ideal points, similarity and the forecast of agreement; the last line is JSON
	@$(py) benchmarks/votes.py $(ARGS)

.PHONY: bench-ties
bench-ties: $(dev) ## measure the ties: speed, calibration, forecasts, third parties; the last line is JSON
	@$(py) benchmarks/ties.py $(ARGS)

.PHONY: bench-blocs
bench-blocs: $(dev) ## measure blocs and measures: proofs, landscape, every measure of every year; the last line is JSON
	@$(py) benchmarks/blocs.py $(ARGS)

.PHONY: bench-reading
bench-reading: $(dev) ## measure the reading of articles: coded sets, parts, speed; the last line is JSON
	@$(py) benchmarks/reading.py $(ARGS)

.PHONY: docs
docs: $(site) ## build the site into site/
	$(py) -m zensical build --strict --clean

.PHONY: pins
pins: ## resolve the requirement files again with uv, or UV=path/to/uv
	@command -v "$(UV)" >/dev/null 2>&1 || { \
	  echo "make pins needs uv: 'pip install uv' somewhere, then 'make pins UV=path/to/uv'." >&2; exit 1; }
	UV="$(UV)" PYTHON="$(PYTHON)" sh requirements/pins.sh

.PHONY: clean
clean: ## remove all that was made, but not briefs/
	rm -rf .venv build dist site .cache .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find src tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +

# Browser tests drive Chromium. Without it they are skipped, and say so.
.PHONY: browser
browser:
	@if command -v chromium >/dev/null 2>&1; then :; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then \
	  echo "Installing Chromium for the browser tests"; \
	  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium; } \
	    >/dev/null 2>&1 || echo "Chromium could not be installed: browser tests will be skipped." >&2; \
	else echo "Chromium is not installed: browser tests will be skipped." >&2; fi

$(venv):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "multipolar needs Python 3.11 or later, and '$(PYTHON)' is not:" >&2; \
	  $(PYTHON) --version >&2 || true; \
	  echo "Name another one, as in: make brief PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -m venv .venv || { \
	  rm -rf .venv; \
	  echo "Could not make .venv. On Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; }
	@touch $@

$(run): requirements/run.txt requirements/build.txt pyproject.toml | $(venv)
	@echo "Installing multipolar into .venv (once, a minute or two)"
	@$(pip) install --quiet --require-hashes -r requirements/build.txt -r requirements/run.txt
	@$(pip) install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(dev): requirements/dev.txt $(run)
	@echo "Installing what the tests need"
	@$(pip) install --quiet --require-hashes -r requirements/dev.txt
	@touch $@

$(site): requirements/docs.txt | $(venv)
	@$(pip) install --quiet --require-hashes -r requirements/docs.txt
	@touch $@
