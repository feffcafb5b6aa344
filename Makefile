# Everything a newcomer needs: `make daily` and `make test`. Each sets up what it needs itself.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: setup daily test test-all test-fast prove weeks weaken mutants kills tryton foreign bench lint types clean

setup: $(READY)

$(READY): requirements.txt pyproject.toml package-lock.json hypercare/early.py
	@$(PYTHON) -c 'import sys; sys.exit(0 if (3, 11) <= sys.version_info[:2] < (3, 15) else "Python 3.11 to 3.14 is needed; name one with make PYTHON=...")'
	@command -v npm >/dev/null || { echo "Node.js with npm is needed for the Allure report" >&2; exit 1; }
	@echo "Setting up: Python packages"
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes -r requirements.txt
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@$(BIN)/python -m compileall -q $(VENV)/lib hypercare demo_erp || true
	@# pytest keeps what it rewrote of its plug-ins; without this, every start on a machine that writes no bytecode pays.
	@env -u PYTHONDONTWRITEBYTECODE $(BIN)/python -m pytest --checklist -q -p no:cacheprovider >/dev/null
	@echo "Setting up: report generator"
	@npm ci --ignore-scripts --no-audit --no-fund --silent
	@$(BIN)/hypercare browser --install
	@touch $(READY)

daily: $(READY)
	@$(BIN)/hypercare daily

# A test that takes so long hangs, however busy the machine is. One file goes to one worker, the longest files first.
# Tests that were compiled once start faster, also on a machine whose environment keeps Python from writing bytecode.
OWN_TESTS := env -u PYTHONDONTWRITEBYTECODE $(BIN)/python -m pytest tests -p no:cacheprovider -q -o timeout=900
BY_FILE := -n 4 --dist loadfile --no-loadscope-reorder

# Some of each kind, with real servers, browsers and backup programs, in five minutes on two cores; what they need is
# installed where that asks nobody anything.
test: $(READY)
	@bash .ci/engines
	@$(OWN_TESTS) -m "not (proof or long)" $(BY_FILE)

# Also the long ones; it is what .ci/run calls. What shows once more what others show is left to make prove.
test-all: $(READY)
	@bash .ci/engines
	@$(OWN_TESTS) -m "not proof" $(BY_FILE)

# Those of them that need no browser, no server and no second process: two minutes at most on two cores.
test-fast: $(READY)
	@$(OWN_TESTS) -m "not (browser or server or engine or slow or proof or long)" -n 2

tryton: $(READY)
	@$(BIN)/python -m pytest tests/tryton -m tryton -p no:cacheprovider -q -n 2 --dist loadgroup --durations=10

# A ticket shop that nobody here wrote; see docs/foreign-systems.md.
foreign: $(READY)
	@$(BIN)/python -m pytest tests/foreign -m foreign -p no:cacheprovider -q --durations=10

# The long proofs: every fault on a fresh copy, each check weakened, the first weeks lived, rounds killed.
prove: $(READY)
	@$(BIN)/hypercare faults prove --pairs 100
	@$(OWN_TESTS) -m proof $(BY_FILE)

weaken: $(READY)
	@$(BIN)/hypercare faults weaken

# One thing wrong in the operations model at a time; --sample 0 would take all of them.
mutants: $(READY)
	@$(BIN)/hypercare faults mutate --sample 150 --most 6 --own-tests

weeks: $(READY)
	@$(BIN)/hypercare faults live --seed 1 --seed 2 --seed 3 --seed 4 --seed 5
	@$(BIN)/hypercare faults live --incidents
	@$(BIN)/python -m pytest tests/faults -m life -p no:cacheprovider -q

kills: $(READY)
	@$(BIN)/python tests/history/killing.py --kills 100

# make bench PARTS="evening logs" SIZES=100k,1m PAIRS=3 measures some of it; benchmarks/README.md says which parts there are.
SIZES ?= 100k,1m,5m
PAIRS ?= 5
PARTS ?=
bench: $(READY)
	@$(BIN)/python -m benchmarks.table $(PARTS) --sizes $(SIZES) --pairs $(PAIRS)

lint: $(READY)
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

types: $(READY)
	@$(BIN)/mypy

clean:
	rm -rf $(VENV) node_modules .cache
