# Everything on a fresh machine: `make app` opens the atlas, `make test` tests it.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
# Python compiles a module when it is first imported, and most of torch never is. What it compiled is
# kept, whatever the environment says, since the tests start many processes.
export PYTHONDONTWRITEBYTECODE :=
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile

.PHONY: app test test-every check benchmark catalogue

app: $(VENV)/app-ready
	$(BIN)/streamlit run app.py

test: $(VENV)/test-ready
	$(BIN)/python -m pytest --numprocesses 2 --dist worksteal

# Asks each costly test about all networks, not about the smallest of each paper: three times as long.
test-every: export CNN_ATLAS_EVERY_NETWORK = 1
test-every: test

check: $(VENV)/dev-ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/pyright

benchmark: $(VENV)/test-ready
	$(BIN)/python -m pytest tests/benchmarks --benchmark-enable --benchmark-only

# The table of all networks; a test holds it against the code.
catalogue: $(VENV)/app-ready
	$(BIN)/python -m analysis.structure.catalogue

$(VENV)/app-ready: requirements.txt
	$(PYTHON) -m venv $(VENV)
	$(INSTALL) -r requirements.txt
	touch $@

$(VENV)/test-ready: requirements-test.txt $(VENV)/app-ready
	$(INSTALL) -r requirements-test.txt
	touch $@

$(VENV)/dev-ready: requirements-dev.txt $(VENV)/test-ready
	$(INSTALL) -r requirements-dev.txt
	touch $@
