# The only list of commands. Bare `make` prints it.
PYTHON ?= python3
RUN := .venv/bin/shouwen
.DEFAULT_GOAL := help

help: ## this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

setup: ## both Python environments and the pages; skipped where nothing changed
	@$(PYTHON) scripts/setup.py

run: setup ## start everything and print where; Ctrl-C stops it
	@$(RUN) up

test: setup ## every test; the last line counts them
	@.venv/bin/python scripts/test.py $(T)

check: setup ## format, lint, types, and every fault in data/, in seconds
	@.venv/bin/ruff format --check . && .venv/bin/ruff check . && .venv/bin/mypy && $(RUN) check $(if $(DEV),--dev $(DEV))

format: setup ## format and sort what ruff can
	@.venv/bin/ruff format . && .venv/bin/ruff check --fix .

train: setup ## data/ -> models/
	@$(RUN) train

say: setup ## make say T="卡丢了怎么办"
	@$(RUN) say "$(T)"

eval: setup ## make eval F=file.jsonl : understanding, measured on labelled sentences
	@$(RUN) eval "$(F)"

bench: setup ## start the real stack and drive scripted conversations through it
	@$(RUN) bench

lock: setup ## compile the pinned and hashed requirement files anew
	@$(PYTHON) scripts/lock.py

clean: ## remove what set-up made; data under var/ and models/ stay
	@rm -rf .venv .tools engine/.venv web/dist web/node_modules

.PHONY: help setup run test check format train say eval bench lock clean
