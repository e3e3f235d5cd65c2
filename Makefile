# Two commands do all the set-up: `make demo` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export PATH := $(CURDIR)/$(BIN):$(PATH)

.PHONY: demo test install install-tests quick clean bench

demo: install
	$(BIN)/taama demo

# What running needs: a virtual environment from hashed requirements, the fonts, the texts.
install: $(VENV)/.runtime node_modules/.done
	$(BIN)/python -m taama.project.assets

$(VENV)/.made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "Il faut Python 3.11 ou plus récent : apt-get install python3 python3-venv"; \
	  echo "Python 3.11 or newer is needed: apt-get install python3 python3-venv"; exit 1; }
	@test $$(df -Pk . | awk 'NR==2 {print $$4}') -gt 2500000 || { \
	  echo "Moins de 2,5 Go libres ici : faites de la place, puis recommencez."; \
	  echo "Less than 2.5 GB free here: make room, then try again."; exit 1; }
	$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.runtime: $(VENV)/.made requirements/runtime.txt pyproject.toml
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/runtime.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

node_modules/.done: package.json package-lock.json
	@command -v npm >/dev/null || { \
	  echo "Il manque Node.js 20 et npm (polices du rapport) : apt-get install nodejs npm"; \
	  echo "Node.js 20 and npm are missing (fonts of the report): apt-get install nodejs npm"; exit 1; }
	npm ci --silent --no-audit --no-fund
	@touch $@

# What the tests need besides: PostgreSQL from a wheel, Chromium from Debian, Spark.
install-tests: install $(VENV)/.tests
	@command -v chromium >/dev/null || { \
	  echo "Chromium manque, installation / Chromium is missing, installing…"; \
	  apt-get update -q >/dev/null && apt-get install -y -q --no-install-recommends chromium >/dev/null; }
	@command -v pdftoppm >/dev/null || apt-get install -y -q --no-install-recommends poppler-utils >/dev/null

$(VENV)/.tests: $(VENV)/.runtime requirements/tests.txt requirements/spark.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/tests.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/spark.txt
	@touch $@

test: install-tests
	$(BIN)/python -m pytest -n 2

# While you work: everything that is not slow.
quick: install-tests
	$(BIN)/python -m pytest -m "not slow and not spark" -n 2

bench: install-tests
	$(BIN)/taama bench

clean:
	rm -rf $(VENV) node_modules build
