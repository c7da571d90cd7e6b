# Everything a person or CI does here. `make demo` and `make test` ask for nothing before them.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready
DEMO ?= demo
export PYTHONHASHSEED ?= 0

.DEFAULT_GOAL := help
.PHONY: help install demo journey test quick check format wheel docs oracles prove bench lock clean

help:             ## what there is
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /\1\t/' | expand -t 12

install: $(READY) ## make .venv with everything in it, from the hashed lock

$(READY): locks/dev.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("Carpel needs Python 3.11 or newer, this is %s" % sys.version.split()[0] if sys.version_info < (3, 11) else 0)'
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@echo "installing what Carpel stands on (some minutes on a new machine)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r locks/dev.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $(READY)

demo: journey     ## run the main job on real data, send campaigns, say where the reports are
	$(BIN)/python examples/complete_journey/campaigns.py $(DEMO) $(DEMO)-answered
	@echo "Two reports: $(DEMO)/carpel-report.html of a year of real purchases, and"
	@echo "$(DEMO)-answered/carpel-report.html after three campaigns that a made-up public answered."

journey: $(READY) ## the main job of the demo alone
	$(BIN)/python examples/complete_journey/prepare.py $(DEMO)
	$(BIN)/carpel run $(DEMO)
	$(BIN)/carpel report $(DEMO)

test: $(READY)    ## every test but the long evidence, the docs' commands and the wheel
	$(BIN)/pytest -n 2 --dist loadfile --no-loadscope-reorder -m "not prove"
	@$(MAKE) --no-print-directory wheel

quick: $(READY)   ## the everyday part of the tests
	$(BIN)/pytest -n 2 --dist loadfile --no-loadscope-reorder -m "not prove and not slow"

check: $(READY)   ## format, lint, strict types, import contract
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

format: $(READY)  ## write the code the way check wants it
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

wheel: $(READY)   ## build the wheel, install it alone with no extras, run the main job there
	$(BIN)/python tests/wheel/try_wheel.py

.oracles/.ready: locks/oracles.txt
	@test -x .oracles/bin/python || $(PYTHON) -m venv .oracles
	@.oracles/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r locks/oracles.txt
	@touch .oracles/.ready

oracles: .oracles/.ready ## make .oracles, where other implementations are, from their hashed lock

prove: $(READY) .oracles/.ready ## the long evidence: kills, fuzzing, large random comparisons; skips nothing
	$(BIN)/pytest -m prove -p no:xdist --durations=10

bench: $(READY)   ## every published figure, beside what one would use instead
	$(BIN)/python -m benchmarks

lock:             ## pin what Carpel stands on, with hashes and without naming a host
	uv pip compile --quiet --universal --generate-hashes --no-header --no-emit-index-url --no-annotate --python-version 3.11 pyproject.toml -o locks/core.txt
	uv pip compile --quiet --universal --generate-hashes --no-header --no-emit-index-url --no-annotate --python-version 3.11 pyproject.toml --all-extras --group dev -o locks/dev.txt
	uv pip compile --quiet --universal --generate-hashes --no-header --no-emit-index-url --no-annotate --python-version 3.11 --override locks/oracles_override.in locks/oracles.in -o locks/oracles.txt

clean:            ## forget what was made here
	rm -rf .venv .oracles .mypy_cache .ruff_cache .pytest_cache demo demo-answered dist
