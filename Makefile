# Everything a developer runs. The first run makes .venv; PYTHON=python3.12 names another Python.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable
PORT_OPTION := $(if $(PORT),--port $(PORT))

.PHONY: help demo tour test lint types check sequences bench storm bulk desk screenshots migration clean
.DELETE_ON_ERROR:

help: ## say what there is
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' Makefile

demo: $(VENV)/.demo ## try the bot in a browser; PORT=8000 chooses the port
	@$(BIN)/standfirst demo $(PORT_OPTION)

tour: $(VENV)/.demo ## the same, walking through a discussion by itself
	@$(BIN)/standfirst demo --tour $(PORT_OPTION)

test: $(VENV)/.dev ## run every test, on as many processes as there are cores; ARGS="-k replies" chooses
	@$(BIN)/python -m pytest -n logical --maxprocesses 8 $(ARGS)

lint: $(VENV)/.dev ## look for mistakes and untidy code
	@$(BIN)/ruff check --quiet
	@$(BIN)/ruff format --check --quiet

types: $(VENV)/.dev ## check the types
	@$(BIN)/mypy

check: lint types test ## lint, types and test

sequences: $(VENV)/.dev ## 10,000 random sequences of decisions on each database; SEQUENCES=500 and SEED=7 choose, SHRINK=1 shortens
	@SEQUENCES=$(or $(SEQUENCES),10000) SEED=$(or $(SEED),$$(date +%s)) SHRINK=$(SHRINK) \
		$(BIN)/python -m pytest -n logical --maxprocesses 2 -p no:cacheprovider tests/test_sequences.py

bench: $(VENV)/.dev ## how long people wait when twenty reply at once, and the memory the bot takes
	@$(BIN)/python -m tests.benches.replying $(ROUNDS)

storm: $(VENV)/.dev ## kill the bot 200 times while people use it and Discord fails; KILLS=50 and SEED=7 choose
	@KILLS=$(KILLS) SEED=$(SEED) $(BIN)/python -m tests.benches.storm

bulk: $(VENV)/.dev ## approve 200 replies at once on a Discord that enforces its limits; REPLIES=20 chooses
	@$(BIN)/python -m tests.benches.bulk $(REPLIES)

desk: $(VENV)/.dev ## decide 500 replies at the desk, and time the queue with 100,000 held; REPLIES=50 chooses
	@$(BIN)/python -m tests.benches.desk $(REPLIES)

screenshots: $(VENV)/.dev ## draw the pictures of the README again
	@$(BIN)/python -m bot.demo.screenshots

migration: $(VENV)/.dev ## write a step from the last one to tables.py; NAME="Add the feeds"; without: the first one again
	@$(BIN)/python -m bot.storage.migrations $(if $(NAME),"$(NAME)")

clean: ## remove what was made, but nothing in data
	@rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

# One mark for what the demo needs and one for what development needs; the second includes the first.
$(VENV)/.demo: pyproject.toml constraints.txt | $(BIN)/python
	@echo "Installing Standfirst …"
	@$(INSTALL) '.[demo]'
	@touch $@

$(VENV)/.dev: pyproject.toml constraints.txt | $(BIN)/python
	@echo "Installing Standfirst and its tools …"
	@$(INSTALL) '.[dev]'
	@touch $(VENV)/.demo $@

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo "Standfirst needs Python 3.11 or newer; name one, for example: make $(MAKECMDGOALS) PYTHON=python3.12" >&2; \
		exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "This Python cannot make environments; on Debian and Ubuntu: sudo apt-get install python3-venv" >&2; \
		exit 1; }
	@$(PYTHON) -m venv $(VENV)
	@$@ -m pip install --quiet --disable-pip-version-check 'pip>=23.3' # older ones overlook lxml[html_clean]
