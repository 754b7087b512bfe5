# Everything from a bare clone with nothing but make and Python 3.11 or newer. `make` alone lists the commands.
.DEFAULT_GOAL := help
.SUFFIXES:

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Written when the virtual environment holds what the lock files say, and made again when they change.
READY := $(VENV)/.ready

export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help demo test check bench format lock clean

help: ## this list
	@echo "commercetools for Intercom"
	@echo
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' Makefile
	@echo
	@echo "Choose an interpreter with PYTHON=python3.12; hand options on with ARGS, as in: make test ARGS='-k refund'"

demo: $(READY) ## the whole product on a sample shop; prints the one address to open
	@$(BIN)/python -m sandbox $(ARGS)

test: $(READY) ## everything that proves the product; ends with pytest's summary
	@$(BIN)/python -m pytest $(ARGS)

check: $(READY) ## style, formatting, types, and who may import whom
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/mypy wsgi.py gunicorn.conf.py
	$(BIN)/lint-imports

bench: $(READY) ## the benchmarks, as tables
	@$(BIN)/python -m benchmarks $(ARGS)

format: $(READY) ## puts files into the house style
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lock: $(READY) ## pins everything that requirements*.txt pull in
	@for name in requirements requirements-dev; do \
		echo "pinning $$name.txt"; \
		CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/pip-compile --quiet --generate-hashes --allow-unsafe --strip-extras \
			--no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-emit-options \
			--output-file $$name.lock.txt $(if $(UPGRADE),--upgrade) $$name.txt || exit 1; \
	done

clean: ## removes the virtual environment and every cache; var/ stays
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(READY): requirements.lock.txt requirements-dev.lock.txt
	@command -v $(PYTHON) >/dev/null || { \
		echo "There is no '$(PYTHON)' here. Install Python 3.11 or newer, or name one: make PYTHON=/path/to/python3"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "$(PYTHON) is $$($(PYTHON) --version 2>&1), and 3.11 is the oldest that will do. Name another: make PYTHON=python3.12"; \
		exit 1; }
	@$(PYTHON) -m venv $(VENV) || { \
		echo "The virtual environment cannot be made. On Debian and Ubuntu: apt-get install python3-venv"; exit 1; }
	@echo "Installing what the project needs into $(VENV) (once, and again when the lock files change)"
	@$(BIN)/python -m pip install --quiet --require-hashes -r requirements-dev.lock.txt || { \
		echo "The packages could not be installed. This step needs a package index: is this machine online?"; exit 1; }
	@touch $(READY)
