# The tasks of this repository. On a fresh Debian or Ubuntu with Python 3.11 or later, pip/venv
# and make: `make demo` shows the main job, `make test` checks everything that needs no root.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

PYTHON ?= python3
WORKERS ?= 2
FUZZ_SECONDS ?= 600
# Importers of flow logs, which are fuzzed once more by themselves.
FLOW_LOGS := zeek suricata-eve nfdump-csv ipfix firewall-csv flow-summary
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
# The locks are complete, so pip resolves nothing: a release that is newer than a lock cannot break it.
# Byte code is compiled as modules are first used: less to install, and under the size we promise.
LOCKED := install --no-compile --no-deps --require-hashes --only-binary :all: -r

.PHONY: help
help: ## list the tasks
	@grep -hE '^[a-z-]+:.*## ' Makefile | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 16

# ------------------------------------------------------------------------------------ set up

.PHONY: install
install: .venv/.project ## put the command at .venv/bin/camaudit: the light core, without scanning

.PHONY: install-scan
install-scan: .venv/.scan ## the same, with what scanning and the lab need

.PHONY: install-bulk
install-bulk: .venv/.bulk ## the same as install, with what summarising large flow logs needs

.PHONY: install-spark
install-spark: .venv/.spark ## the same as install, with what sending work to a Spark cluster needs

.venv/.made:
	@command -v $(PYTHON) >/dev/null || { echo "$(PYTHON) is not installed: apt-get install python3 python3-venv" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "camaudit needs Python 3.11 or later, and $(PYTHON) is $$($(PYTHON) -V 2>&1)." >&2; \
	  echo "Name another one: make install PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	  echo "This Python cannot make a virtual environment with pip. On Debian or Ubuntu:" >&2; \
	  echo "  apt-get install python3-venv" >&2; exit 1; }
	$(PYTHON) -m venv .venv
	@touch $@

.venv/.core: requirements/core.txt requirements/build.txt | .venv/.made
	$(PIP) $(LOCKED) requirements/core.txt
	$(PIP) $(LOCKED) requirements/build.txt
	@touch $@

.venv/.project: pyproject.toml .venv/.core
	$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

.venv/.scan: requirements/scan.txt .venv/.project
	$(PIP) $(LOCKED) requirements/scan.txt
	@touch $@

.venv/.bulk: requirements/bulk.txt .venv/.project
	$(PIP) $(LOCKED) requirements/bulk.txt
	@touch $@

# Spark is published as source only: a wheel is made of it here, by a tool from a lock of its own.
.venv/.spark: requirements/spark.txt requirements/spark-build.txt .venv/.project
	$(PIP) $(LOCKED) requirements/spark-build.txt
	$(PIP) $(LOCKED) requirements/spark.txt --no-binary pyspark --no-build-isolation
	@touch $@

.venv/.test: requirements/test.txt .venv/.scan .venv/.bulk
	$(PIP) $(LOCKED) requirements/test.txt
	@touch $@

.venv/.browser: requirements/browser.txt .venv/.test
	$(PIP) $(LOCKED) requirements/browser.txt
	@touch $@

.venv/.fuzz: requirements/fuzz.txt .venv/.test
	$(PIP) $(LOCKED) requirements/fuzz.txt
	@touch $@

.venv/.lock: requirements/lock.txt | .venv/.made
	$(PIP) $(LOCKED) requirements/lock.txt
	@touch $@

# Programs of others that tests talk to: apart from ours, so that neither shapes the other.
.venv-system/.made: requirements/system.txt | .venv/.made
	$(PYTHON) -m venv .venv-system
	.venv-system/bin/python -m pip --disable-pip-version-check --quiet $(LOCKED) requirements/system.txt
	@touch $@

# --------------------------------------------------------------------------------------- use

.PHONY: demo
demo: install-scan ## run the main job on an example estate: lab up, scan, attribute, assess, report
	$(BIN)/camaudit demo

# ------------------------------------------------------------------------------------- check

.PHONY: test
test: lint unit ## lint, types, import contracts and tests; no root, no system packages

.PHONY: lint
lint: .venv/.test ## ruff, mypy and the import contracts
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

.PHONY: unit
unit: .venv/.test ## the tests that need nothing but Python
	$(BIN)/pytest -q -n $(WORKERS)

.PHONY: test-system
test-system: .venv/.test .venv-system/.made ## tests against real services; installs tests/system/packages.txt with apt
	scripts/install_packages.sh tests/system/packages.txt
	$(BIN)/pytest -q -m system

.PHONY: test-lab
test-lab: .venv/.test ## twenty scans of the lab with loss, each of which must find all: five minutes
	scripts/install_packages.sh tests/system/packages.txt
	CAMAUDIT_LAB_RUNS=20 $(BIN)/pytest -q -m system tests/system/test_lab.py

.PHONY: test-browser
test-browser: .venv/.browser ## reports in a real Chromium; installs tests/browser/packages.txt with apt
	scripts/install_packages.sh tests/browser/packages.txt
	$(BIN)/pytest -q -m browser

.PHONY: test-spark
test-spark: .venv/.test .venv/.spark ## classify on a cluster of two workers; installs tests/spark/packages.txt with apt
	scripts/install_packages.sh tests/spark/packages.txt
	$(BIN)/pytest -q -m spark

.PHONY: check
check: test test-system test-spark ## what continuous integration runs

.PHONY: coverage
coverage: .venv/.test ## branch coverage: 90 % overall, 100 % where judgement lives
	$(BIN)/pytest -q -n $(WORKERS) --cov --cov-report=
	$(BIN)/coverage report
	$(BIN)/coverage report --fail-under=100 \
	  --include='src/camaudit/policy/*,src/camaudit/attribution/*,src/camaudit/sources/protocols/*/codec.py'

.PHONY: bench
bench: .venv/.test ## measure speed and memory; alone, on a quiet machine
	$(BIN)/python -m tests.bench.attribution.run
	$(BIN)/python -m tests.bench.classify.run
	$(BIN)/python -m tests.bench.classify.bulk
	$(BIN)/python -m tests.bench.imports.run
	$(BIN)/python -m tests.bench.policy.run
	$(BIN)/python -m tests.bench.flows.run

.PHONY: bench-capture
bench-capture: .venv/.test ## read a capture of 300 MB beside tshark; alone, on a quiet machine
	scripts/install_packages.sh tests/bench/capture/packages.txt
	$(BIN)/python -m tests.bench.capture.run

.PHONY: bench-scan
bench-scan: .venv/.test ## measure a scan beside nmap: root's, and a quarter of an hour
	@[ "$$(id -u)" = 0 ] || { echo "It makes network namespaces: sudo make bench-scan" >&2; exit 1; }
	scripts/install_packages.sh tests/bench/scan/packages.txt
	$(BIN)/python -m tests.bench.scan.run

.PHONY: bench-week
bench-week: .venv/.test ## verify a pretend week of ten million packets: 4 GB of disk, four minutes
	$(BIN)/python -m tests.bench.week.run

.PHONY: bench-flows-billion
bench-flows-billion: .venv/.test ## summarise 1 billion generated flows within 8 GiB, and 10 GiB of disk; a quarter of an hour
	$(BIN)/python -m tests.bench.flows.billion

.PHONY: bench-spark
bench-spark: .venv/.test .venv/.spark ## measure one and two Spark workers beside the local engine; alone
	scripts/install_packages.sh tests/spark/packages.txt
	$(BIN)/python -m tests.bench.spark.run

.PHONY: fuzz
fuzz: .venv/.fuzz ## long random runs over every reader; FUZZ_SECONDS=600 says how long
	HYPOTHESIS_PROFILE=nightly $(BIN)/pytest -q --timeout=3600 tests/property
	$(BIN)/python -m tests.fuzz.fuzz_codecs -- -max_total_time=$(FUZZ_SECONDS)
	$(BIN)/python -m tests.fuzz.fuzz_importers -- -max_total_time=$(FUZZ_SECONDS)
	$(BIN)/python -m tests.fuzz.fuzz_passive -- -max_total_time=$(FUZZ_SECONDS)
	$(BIN)/python -m tests.fuzz.fuzz_captures -- -max_total_time=$(FUZZ_SECONDS)
	$(BIN)/python -m tests.fuzz.fuzz_importers $(FLOW_LOGS) -- -max_total_time=$(FUZZ_SECONDS)
	for reader in configuration mud watch; do \
	  $(BIN)/python -m tests.fuzz.fuzz_declared $$reader -- -max_total_time=$(FUZZ_SECONDS); done

# --------------------------------------------------------------------------------- look after

.PHONY: fix
fix: .venv/.test ## let ruff mend what it can
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

.PHONY: docs
docs: .venv/.project ## write the generated pages of docs/reference
	$(BIN)/python scripts/write_reference.py

.PHONY: lock
lock: .venv/.lock ## renew requirements/*.txt from pyproject.toml
	scripts/lock_requirements.sh --upgrade

.PHONY: clean
clean: ## remove the virtual environment and every cache
	rm -rf .venv .venv-system build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage \
	  .import_linter_cache
	find src tests scripts -name __pycache__ -type d -prune -exec rm -rf {} +
