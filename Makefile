# Two commands: `make demo` sets up and runs the main job on data/raw; `make test` sets up and passes the tests.
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip --disable-pip-version-check --quiet

.DEFAULT_GOAL := help
.PHONY: help demo test lint docs refresh train train-ties confidence lock clean

help:
	@echo "make demo    set up, then extract the facts of data/raw into data/processed"
	@echo "make test    set up, then run the linters and all tests"
	@echo "make docs    build the documentation as a site in build/site"
	@echo "make refresh after a change of rules or models: what the tutorial and the notebooks show, anew"
	@echo "make train   train the detector again: GOLD=annotated.jsonl, and to learn from unmarked reports too"
	@echo "             TEXTS=folders-or-files WITHOUT=files-that-must-not-be-seen (docs/training.md)"
	@echo "make train-ties   train the ties of claims again (GOLD=annotated.jsonl LINKS=their-claims.jsonl)"
	@echo "make confidence   measure anew how often facts are right (GOLD=\"texts.jsonl it-was-not-trained-on.jsonl\")"

demo: $(VENV)/.demo
	@echo "== Extracting the facts of data/raw (the gazetteer is compiled at the first run)"
	$(BIN)/casefacts extract data/raw -o data/processed

test: $(VENV)/.test lint
	@echo "== Tests"
	$(BIN)/python -m pytest

lint: $(VENV)/.test
	@echo "== Style, types, direction of imports"
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

docs: $(VENV)/.test
	@echo "== Building the documentation in build/site"
	$(BIN)/python docs/commands.py
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --quiet

refresh: $(VENV)/.test
	@echo "== Running the tutorial and the notebooks, and keeping what they show"
	$(BIN)/python docs/commands.py
	$(BIN)/python docs/tutorial.py
	$(BIN)/python notebooks/execute.py

train: $(VENV)/$(if $(TEXTS),.distil,.train)
	@test -n "$(GOLD)" || { echo "name annotated texts: make train GOLD=annotated.jsonl"; exit 2; }
	@echo "== Training the detector from its base, first to measure it and then in full"
	$(BIN)/casefacts train $(GOLD) --from-base $(TEXTS:%=--texts %) $(WITHOUT:%=--without %) $(WORDS:%=--words %) -o models/trained

confidence: $(VENV)/.test
	@echo "== Measuring how often the facts of each rule are right"
	$(BIN)/casefacts score $(GOLD) --write-confidence models/trained/confidence.json

train-ties: $(VENV)/.train
	@echo "== Training the ties of claims: a few minutes"
	$(BIN)/casefacts train-ties $(GOLD) $(LINKS) -o models/ties

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "casefacts needs Python 3.11 or later; this is " + sys.version.split()[0])'
	@echo "== Making an environment of its own in $(VENV)"
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.demo: requirements/run.txt pyproject.toml | $(VENV)/bin/python
	@echo "== Installing what casefacts needs: a few minutes the first time"
	@$(PIP) install --require-hashes -r requirements/run.txt
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.test: requirements/test.txt requirements/ftm.txt pyproject.toml | $(VENV)/bin/python
	@echo "== Installing what casefacts and its tests need: a few minutes the first time"
	@$(PIP) install --require-hashes -r requirements/test.txt
	@$(PIP) install --require-hashes -r requirements/ftm.txt || echo "== followthemoney cannot be installed here (it takes a compiler, pkg-config and libicu-dev): its tests are skipped"
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.train: $(VENV)/.test
	@echo "== Installing torch and transformers"
	@$(PIP) install --editable '.[train]'
	@touch $@

$(VENV)/.distil: $(VENV)/.test
	@echo "== Installing torch, transformers and the teacher's base (400 MB)"
	@$(PIP) install --editable '.[distil]'
	@touch $@ $(VENV)/.train

lock:
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --extra build --extra review pyproject.toml -o requirements/run.txt
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --extra build --extra test pyproject.toml -o requirements/test.txt
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --extra ftm --constraint requirements/test.txt pyproject.toml -o requirements/ftm.txt

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .import_linter_cache build dist
