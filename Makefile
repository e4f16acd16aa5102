# The two commands of the README are `make demo` and `make test`; the rest are their parts.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
OUT := .oauth-gauntlet
DEMO := requests-oauthlib authlib

PUBLISH ?=
CLIENTS ?=

.PHONY: demo clients test selftest setup lint types mutation clean help

help:  ## show what there is
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/'

setup: $(VENV)/.done  ## make the virtual environment

$(VENV)/.done: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade 'pip>=25.1'
	$(BIN)/python -m pip install --quiet --editable . --group dev
	@needed=""; \
	command -v chromium >/dev/null || needed="$$needed chromium"; \
	ls /usr/lib/*/faketime/libfaketime.so.1 >/dev/null 2>&1 || needed="$$needed libfaketime"; \
	if [ -n "$$needed" ] && command -v apt-get >/dev/null && [ "$$(id -u)" = 0 ]; then \
	  echo "installing$$needed, for the tests of reports and clocks"; \
	  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $$needed; } >/dev/null \
	    || echo "$$needed could not be installed; the tests that need them are skipped"; \
	fi
	touch $@

demo: setup  ## judge two real clients, and leave HTML, JSON and JUnit reports
	@mkdir -p $(OUT)
	@clients/setup.sh $(DEMO)
	@for client in $(DEMO); do \
	  $(BIN)/oauth-gauntlet run --client "cmd:clients/run.sh $$client" --results $(OUT)/$$client.jsonl \
	    --report html=$(OUT)/$$client.html --report json=$(OUT)/$$client.json --report junit=$(OUT)/$$client.xml; \
	  code=$$?; \
	  echo "reports: $(OUT)/$$client.html, $(OUT)/$$client.json, $(OUT)/$$client.xml (exit code $$code)"; \
	  test $$code -le 1 || exit $$code; \
	done

clients: setup  ## judge all published clients side by side (CLIENTS="NAME..."), and make the matrix (PUBLISH=1: for docs/clients)
	$(BIN)/python clients/judge.py --out $(OUT)/clients $(if $(PUBLISH),--publish docs/clients --peers reports/oauth_gauntlet_reports/advice/peers.json) $(CLIENTS)

test: setup  ## pass all tests
	$(BIN)/python -m pytest -n 2 --ignore=tests/selftest
	$(BIN)/python -m pytest tests/selftest

selftest: setup  ## every broken client is caught by exactly the right scenarios, every correct one by none
	$(BIN)/python -m pytest tests/selftest

lint: setup  ## ruff
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: setup  ## mypy, strict
	$(BIN)/mypy

mutation: setup  ## change the modules that decide a verdict; the tests have to notice
	$(BIN)/python -m pip install --quiet --group mutation
	$(BIN)/python -m pytest mutation/tests
	$(BIN)/python -m mutation

clean:  ## remove what the targets made
	rm -rf $(VENV) $(OUT)
	git clean -qfdX clients
