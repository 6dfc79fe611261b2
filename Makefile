# `make demo` and `make test` need Python 3.11 to 3.13 and make, and nothing else.
PYTHON ?= $(shell for v in python3.13 python3.12 python3.11 python3; do \
	$$v -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null && echo $$v && break; done)
BIN := .venv/bin
INSTALLED := .venv/.installed

.PHONY: demo test check format bench clean

demo: $(INSTALLED)  ## the toy world from posts to a report, in demo/
	$(BIN)/weakly demo --out demo --overwrite

test: $(INSTALLED)  ## the tests
	$(BIN)/python -m pytest

check: $(INSTALLED)  ## all that CI checks: format, lint, types, tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/pyright
	$(BIN)/python -m pytest

format: $(INSTALLED)  ## rewrite the code in the house's format
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean:  ## remove the environment and what demo made
	rm -rf .venv demo

$(INSTALLED): pyproject.toml constraints.txt
	@test -n "$(PYTHON)" || { echo "weakly needs Python 3.11, 3.12 or 3.13: set PYTHON=/path/to/python"; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	touch $@
