# The README's two commands are `make compare` and `make test`; the others are for those who
# carry on. Each sets up what it needs in .venv once, and again only when a pin changes.
PYTHON ?= $(firstword $(foreach v,3.11 3.12 3.13,$(shell command -v python$(v) 2>/dev/null)) python3)
BIN := .venv/bin
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt
SYSTEMS := bohdan caesar zuzana-2 pzh-2000

.PHONY: compare test lint wheel-check data

compare: .venv/.core
	@$(BIN)/armscost compare $(SYSTEMS) --to EUR_2024

test: .venv/.test
	$(BIN)/pytest -n auto -m "not spark and not site"

lint: .venv/.test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/armscost data check

wheel-check: .venv/.test
	bash .ci/check-wheel $(BIN)/python

data: .venv/.test
	$(BIN)/armscost data build

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "armscost needs Python 3.11 or newer: apt install python3 python3-venv"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
		{ echo "Python's venv is missing: apt install python3-venv"; exit 1; }
	$(PYTHON) -m venv .venv

.venv/.core: pyproject.toml constraints.txt | .venv/bin/python
	$(INSTALL) --editable .
	@touch $@

.venv/.test: pyproject.toml constraints.txt | .venv/bin/python
	$(INSTALL) --editable ".[test]"
	@touch $@ .venv/.core

# Every Python that is here, with the newest parts and with the lowest allowed; takes a while.
.PHONY: test-versions sbom

test-versions:
	.ci/test-versions

# What is inside an installation, for those who must know (CycloneDX, JSON).
sbom:
	bash .ci/sbom "$(PYTHON)" dist/armscost.cdx.json

# A real Spark session on this machine; needs Java 17.
.PHONY: test-spark
test-spark: .venv/.spark
	$(BIN)/pytest -m spark

.venv/.spark: .venv/.test
	@command -v java >/dev/null || { echo "Spark needs Java: apt install openjdk-17-jre-headless"; exit 1; }
	$(INSTALL) --editable ".[test,spark]"
	@touch $@

# Each committed mutant must be caught by the test that it names; then a draw of mutmut's, by the
# whole suite: some three quarters of an hour. It writes the table of the docs.
.PHONY: mutation
mutation: .venv/.mutation
	$(BIN)/python .ci/mutation
	$(BIN)/python .ci/mutation-score --out benchmarks/mutation.md

.venv/.mutation: .venv/.test
	$(INSTALL) --editable ".[mutation]"
	@touch $@ .venv/.test .venv/.core

# The site, built strictly into site/; and shown while one writes. Nothing on it asks the network.
.PHONY: docs serve
docs: .venv/.docs
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict

serve: .venv/.docs
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs serve

.venv/.docs: pyproject.toml constraints.txt | .venv/bin/python
	$(INSTALL) --editable ".[docs]"
	@touch $@ .venv/.core

# Every page of the site in a real browser, Debian's Chromium under Playwright; screenshots for
# looking at go to screenshots/.
.PHONY: test-site
test-site: .venv/.site docs
	$(BIN)/pytest -m site tests/site

.venv/.site: pyproject.toml constraints.txt | .venv/bin/python
	@command -v chromium >/dev/null || { apt-get update -qq && apt-get install -y -qq chromium; } \
		|| { echo "The tests of the site need Chromium: apt install chromium"; exit 1; }
	$(INSTALL) --editable ".[site]"
	@touch $@ .venv/.docs .venv/.test .venv/.core

# Every number to hold, each beside its reference in the same run; the status says whether all do.
# The large one makes its own file of a hundred million rows (3 GB), runs Spark where it is
# installed, takes some ten minutes and writes the tables of the docs.
.PHONY: bench bench-large
bench: .venv/.test
	$(BIN)/python -m benchmarks

bench-large: .venv/.test
	$(BIN)/python -m benchmarks --large --out benchmarks/results.md --growth benchmarks/growth.md
