# Every target does its own set-up, in .venv, from the hash-locked requirements.txt; see .ci/setup.

.DEFAULT_GOAL := help
.PHONY: help setup triage lab test incidents lock clean
SHELL := /bin/sh
BIN := .venv/bin

# The recorded incident that `make triage` reads unless LOGS names others.
INCIDENT ?= sample_logs/checkout-5xx
REPORT ?= report.html

# Recipes read these as shell variables: a path with a space in it stays one path.
export INCIDENT LOGS CHANGES SYMPTOM TZ_LOGS REPORT PYTHON OUT SEED MINUTES BUSY JOBS

help:
	@echo 'make triage    rank hypotheses for the recorded incident, and write report.html'
	@echo '               your own: make triage LOGS=folder CHANGES=changes.json SYMPTOM="what was seen"'
	@echo '               also TZ_LOGS=Europe/Berlin (zone of times without one), REPORT=file.html'
	@echo 'make lab       the guided notebook in JupyterLab (LOGS=, CHANGES=, SYMPTOM= as above)'
	@echo 'make test      linters, types, tests and doctests'
	@echo 'make incidents record the sample incidents again, from real servers on loopback: about 75 minutes'
	@echo '               some of them: make incidents NAMES="canary bank-gone"; BUSY=3 MINUTES=60 for larger ones,'
	@echo '               OUT=folder elsewhere, JOBS=3 at once, SEED=1 other customers'
	@echo 'make lock      write requirements.txt anew from pyproject.toml (UPGRADE=--upgrade for newer versions)'
	@echo 'make clean     remove .venv and caches'
	@echo 'PYTHON=/path/to/python chooses the interpreter (3.11 or newer)'

setup:
	@.ci/setup

# Adds --option VALUE to the arguments where VALUE is not empty.
define with_options
	if [ -z "$$LOGS" ]; then \
	    LOGS=$$INCIDENT/logs; \
	    [ -n "$$CHANGES" ] || [ ! -e "$$INCIDENT/changes.json" ] || CHANGES=$$INCIDENT/changes.json; \
	    [ -n "$$SYMPTOM" ] || [ ! -e "$$INCIDENT/symptom.txt" ] || SYMPTOM=$$(cat "$$INCIDENT/symptom.txt"); \
	fi; \
	set -- "$$LOGS"; \
	[ -z "$$CHANGES" ] || set -- "$$@" --changes "$$CHANGES"; \
	[ -z "$$SYMPTOM" ] || set -- "$$@" --symptom "$$SYMPTOM"; \
	[ -z "$$TZ_LOGS" ] || set -- "$$@" --tz "$$TZ_LOGS";
endef

triage: setup
	@$(with_options) $(BIN)/triage rank "$$@" --report "$$REPORT"

lab: setup
	@set --; \
	[ -z "$$LOGS" ] || set -- "$$@" "$$LOGS"; \
	[ -z "$$CHANGES" ] || set -- "$$@" --changes "$$CHANGES"; \
	[ -z "$$SYMPTOM" ] || set -- "$$@" --symptom "$$SYMPTOM"; \
	$(BIN)/triage lab "$$@"

test: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/pytest -q --numprocesses auto --maxprocesses 4 --dist loadfile

incidents: setup
	@set -- $(NAMES); \
	[ -z "$$OUT" ] || set -- "$$@" --out "$$OUT"; \
	[ -z "$$SEED" ] || set -- "$$@" --seed "$$SEED"; \
	[ -z "$$MINUTES" ] || set -- "$$@" --minutes "$$MINUTES"; \
	[ -z "$$BUSY" ] || set -- "$$@" --busy "$$BUSY"; \
	[ -z "$$JOBS" ] || set -- "$$@" --jobs "$$JOBS"; \
	$(BIN)/python -m sample_logs.record "$$@"

lock: setup
	@[ -x $(BIN)/uv ] || $(BIN)/python -m pip install -qq uv
	$(BIN)/uv pip compile pyproject.toml --all-extras --universal --python-version 3.11 --fork-strategy fewest \
	    --generate-hashes --no-emit-index-url --no-emit-find-links --custom-compile-command 'make lock' \
	    --quiet $(UPGRADE) --output-file requirements.txt

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis dist
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
