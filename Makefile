# The README uses `make demo`, `make test`, `make clients` and `make selftest`; the other targets are for contributors.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
OUT := .oauth-gauntlet
DEMO := requests-oauthlib authlib
DEMO_WITH_PROFILE := requests-oauthlib

# Tests and clients start thousands of processes of Python: without bytecode each compiles every module again.
export PYTHONDONTWRITEBYTECODE :=

PUBLISH ?=
CLIENTS ?=

.PHONY: demo clients test test-quick selftest setup generate docs lint types mutation clean help

help:  ## list the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/'

setup: $(VENV)/.done  ## create the virtual environment

$(VENV)/.done: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade 'pip>=25.1'
	$(BIN)/python -m pip install --quiet --editable '.[judge]' --group dev
	@needed=""; \
	command -v chromium >/dev/null || needed="$$needed chromium"; \
	ls /usr/lib/*/faketime/libfaketime.so.1 >/dev/null 2>&1 || needed="$$needed libfaketime"; \
	if [ -n "$$needed" ] && command -v apt-get >/dev/null && [ "$$(id -u)" = 0 ]; then \
	  echo "installing$$needed for the tests of reports and clocks"; \
	  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $$needed; } >/dev/null \
	    || echo "$$needed could not be installed; tests that need them are skipped"; \
	fi
	touch $@

demo: setup  ## judge two published clients, one with the profile scim-connector; write HTML, JSON and JUnit reports
	@mkdir -p $(OUT)
	@clients/setup.sh $(DEMO)
	@for client in $(DEMO); do \
	  case " $(DEMO_WITH_PROFILE) " in *" $$client "*) profile="--profile scim-connector";; *) profile="";; esac; \
	  $(BIN)/oauth-gauntlet run --client "cmd:clients/run.sh $$client" $$profile --results $(OUT)/$$client.jsonl \
	    --report html=$(OUT)/$$client.html --report json=$(OUT)/$$client.json --report junit=$(OUT)/$$client.xml; \
	  code=$$?; \
	  echo "reports: $(OUT)/$$client.html, $(OUT)/$$client.json, $(OUT)/$$client.xml (exit code $$code)"; \
	  test $$code -le 1 || exit $$code; \
	done

clients: setup  ## judge all published clients (CLIENTS="NAME..."), and build the matrix (PUBLISH=1: for docs/clients)
	$(BIN)/python clients/judge.py --out $(OUT)/clients $(if $(PUBLISH),--publish docs/clients --peers reports/oauth_gauntlet_reports/advice/peers.json) $(CLIENTS)

test: setup  ## run all tests
	$(BIN)/python -m pytest -n 3 --dist worksteal -m "not selftest"
	$(BIN)/python -m pytest tests/selftest -m selftest

test-quick: setup  ## run the unit tests, in less than a minute
	$(BIN)/python -m pytest -q -n 2 -m "not slow and not browser and not selftest"

selftest: setup  ## check that every bug is caught by its exact scenarios, and every correct variant by none
	$(BIN)/python -m pytest tests/selftest -m selftest

generate: setup  ## refresh every generated page, table and file
	$(BIN)/python -m docs.generate

docs: setup  ## build the documentation site in docs/_build/html; a warning is an error
	$(BIN)/python -m pip install --quiet --group docs
	$(BIN)/python -m sphinx -q -W --keep-going -b html docs docs/_build/html

lint: setup  ## ruff, and the import contracts
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports

types: setup  ## mypy, strict
	$(BIN)/mypy

mutation: setup  ## mutate the modules that decide a verdict; the tests must notice
	$(BIN)/python -m pip install --quiet --group mutation
	$(BIN)/python -m pytest mutation/tests
	$(BIN)/python -m mutation

clean:  ## remove what the targets created
	rm -rf $(VENV) $(OUT) docs/_build
	find clients -type d \( -name node_modules -o -name .venv -o -name target \) -prune -exec rm -rf {} +
