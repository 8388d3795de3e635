# Everything on a fresh machine: `make app` opens the atlas, `make test` tests it.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin

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
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	touch $@

$(VENV)/test-ready: requirements-test.txt $(VENV)/app-ready
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-test.txt
	touch $@

$(VENV)/dev-ready: requirements-dev.txt $(VENV)/test-ready
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	touch $@
