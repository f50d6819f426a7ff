# Everything a person does with the repository. Needs Python 3.11, 3.12 or 3.13 and make, nothing else.
PYTHON ?= $(firstword $(foreach name,python3.13 python3.12 python3.11 python3,$(shell $(name) -c 'import sys; v = sys.version_info; print(sys.executable) if (3, 11) <= v < (3, 14) else None' 2>/dev/null | grep -v None)))
VENV := .venv
BIN := $(VENV)/bin
LOCK := deployments/requirements.lock
STAMP := $(VENV)/.locked
LOCKED = $(BIN)/uv pip compile --quiet --system-certs --universal --python-version 3.11 --generate-hashes --no-header \
	--no-annotate pyproject.toml
SEED ?= 0
export BULKHEAD_HOME ?= $(CURDIR)/.bulkhead

.DEFAULT_GOAL := help
.PHONY: help setup demo test test-slow soak mutate lint bench sbom lock clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(STAMP) ## virtual environment with exactly the locked packages

# uv goes in first: the pip that ships with Python 3.11 refuses the universal lock. It trusts what the system trusts, as
# companies with a certificate authority of their own need.
$(STAMP): $(LOCK) deployments/bootstrap.lock pyproject.toml
	@test -n "$(PYTHON)" || { echo "Python 3.11, 3.12 or 3.13 is needed; name it with PYTHON=..."; exit 2; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --require-hashes -r deployments/bootstrap.lock
	@$(BIN)/uv pip sync --system-certs --quiet --python $(BIN)/python --require-hashes --compile-bytecode $(LOCK)
	@$(BIN)/uv pip install --system-certs --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@touch $@

demo: setup ## all four phases on the embedded estate, fifteen attacks before and after, the report
	@$(BIN)/bulkhead demo

test: setup ## all tests but the long suites, in two processes
	@$(BIN)/python -m pytest -m "not slow and not soak" -n 2 --dist loadfile

test-slow: setup ## a slice of the long suites, chosen by SEED
	@BULKHEAD_SEED=$(SEED) $(BIN)/python -m pytest -m slow --timeout 1200 -n 2 --dist loadfile --durations 15

soak: setup ## the long suites whole
	@BULKHEAD_SEED=all $(BIN)/python -m pytest -m "slow or soak" --timeout 7200

mutate: setup ## mutation testing of plans, ledger, rights and access; lists what no test notices
	@$(BIN)/python -m tests.mutation

lint: setup ## formatting, lint rules, strict types
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy

bench: setup ## recall, calls, time and memory of an assessment
	@$(BIN)/bulkhead bench assessment

sbom: setup ## bill of materials of what the image installs (CycloneDX 1.6, JSON), in build/
	@mkdir -p build
	@$(BIN)/cyclonedx-py requirements deployments/image.lock --pyproject pyproject.toml --spec-version 1.6 --of JSON \
		--output-reproducible --validate -o build/bulkhead.cdx.json
	@echo build/bulkhead.cdx.json

lock: setup ## writes both locks anew from pyproject.toml: everybody's, and within it the image's
	@$(LOCKED) --all-extras -c $(LOCK) -o $(LOCK)
	@$(LOCKED) --extra postgresql --extra redis --extra dask --extra opentelemetry -c $(LOCK) -o deployments/image.lock

clean: ## removes what the commands above made: .venv, and .bulkhead with its ledger, keys and reports
	@test ! -x $(BIN)/bulkhead || BULKHEAD_HOME=$(BULKHEAD_HOME)/demo $(BIN)/bulkhead down || true
	@test ! -x $(BIN)/bulkhead || $(BIN)/bulkhead down || true
	rm -rf $(VENV) build .bulkhead .bulkhead-tools .mypy_cache .pytest_cache .ruff_cache .hypothesis
