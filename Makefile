# Every target does its own set-up, in .venv, from the hash-locked requirements.txt; see .ci/setup.

.DEFAULT_GOAL := help
.PHONY: help setup triage lab test record lock clean
SHELL := /bin/sh
BIN := .venv/bin

# The recorded incident that `make triage` reads unless LOGS names others.
INCIDENT ?= sample_logs/checkout-5xx
REPORT ?= report.html

# Recipes read these as shell variables: a path with a space in it stays one path.
export INCIDENT LOGS CHANGES SYMPTOM TZ_LOGS REPORT PYTHON

help:
	@echo 'make triage    rank hypotheses for the recorded incident, and write report.html'
	@echo '               your own: make triage LOGS=folder CHANGES=changes.json SYMPTOM="what was seen"'
	@echo '               also TZ_LOGS=Europe/Berlin (zone of times without one), REPORT=file.html'
	@echo 'make lab       the guided notebook in JupyterLab (LOGS=, CHANGES=, SYMPTOM= as above)'
	@echo 'make test      linters, types, tests and doctests'
	@echo 'make record    record the sample incident again, from real servers on loopback'
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

record: setup
	$(BIN)/python -m sample_logs.record

# One lock for every supported Python, with the same versions on each wherever they exist for it.
lock: setup
	@[ -x $(BIN)/uv ] || $(BIN)/python -m pip install -qq uv
	$(BIN)/uv pip compile pyproject.toml --all-extras --universal --python-version 3.11 --fork-strategy fewest \
	    --generate-hashes --no-emit-index-url --no-emit-find-links --custom-compile-command 'make lock' \
	    --quiet $(UPGRADE) --output-file requirements.txt

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis dist
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
