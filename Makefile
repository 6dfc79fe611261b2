# `make demo` and `make test` need Python 3.11 to 3.13 and make, and nothing else.
PYTHON ?= $(shell for v in python3.13 python3.12 python3.11 python3; do \
	$$v -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null && echo $$v && break; done)
BIN := .venv/bin
INSTALLED := .venv/.installed

.PHONY: demo test test-slow check format bench clean

demo: $(INSTALLED)  ## the toy world from posts to a report, in demo/
	$(BIN)/weakly demo --out demo --overwrite

test: $(INSTALLED)  ## the tests, without the slow ones
	$(BIN)/python -m pytest

test-slow: $(INSTALLED)  ## every benchmark in a smoke size, and the README from end to end
	$(BIN)/python -m pytest -m slow

check: $(INSTALLED)  ## format, lint, types, tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/pyright
	$(BIN)/python -m pytest

format: $(INSTALLED)  ## rewrite the code in the house's format
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(INSTALLED)  ## every claim in a laptop's size, each a dated record in benchmarks/records/ (half an hour)
	$(BIN)/python benchmarks/corpus.py --posts 1e6 --contestants weakly,duckdb,polars --record
	$(BIN)/python benchmarks/loader.py --rounds 3 --record
	$(BIN)/python benchmarks/loop.py --record
	$(BIN)/python benchmarks/step.py --profile --record
	$(BIN)/python benchmarks/gains.py --record
	$(BIN)/python benchmarks/probe_fit.py --record
	$(BIN)/weakly demo --out demo --overwrite
	$(BIN)/python benchmarks/losses.py demo/training_set --record

clean:  ## remove the environment and what demo made
	rm -rf .venv demo

$(INSTALLED): pyproject.toml constraints.txt
	@test -n "$(PYTHON)" || { echo "weakly needs Python 3.11, 3.12 or 3.13: set PYTHON=/path/to/python"; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	touch $@
