# Everything runs in .venv, which the targets make themselves. All that is needed is make and Python 3.11 or newer;
# another Python than python3 is named so: make deck PYTHON=python3.13
PYTHON ?= python3

# Paths are relative, so the folder's own path may hold spaces.
VENV = .venv
RUN = $(VENV)/bin/python
# Written last, so that only a whole environment has them; a pyproject.toml edited later makes them stale.
INSTALLED = $(VENV)/.installed
INSTALLED_DEV = $(VENV)/.installed-dev
SECONDS ?= 60
# What takes long, by its marks, which pyproject.toml explains: a fast run of the tests leaves it out.
LONG = browser or anki_years or faults or random or slow
# A process for each core, but no more than four, since each begins by collecting all tests; one that has no more tests
# takes some of another's.
SIDE_BY_SIDE = -n auto --maxprocesses 4 --dist worksteal
# Versions of Anki that learners may still have, beside the newest one, with which `make test` runs.
OLDER_ANKIS = 24.11 25.2
# What authors may install besides, and the tests in which the libraries are at work.
EXTRAS = preview rehearse share
LOWEST_TESTS = tests/package tests/reading tests/rehearsal tests/rendering tests/updating tests/usecases \
	tests/test_commands.py tests/test_examples.py
SCHEMA = builder/cuedeck/reading/cards.schema.json

# A Python that was upgraded or removed leaves behind an environment that does not run: it is set up anew.
BROKEN := $(shell $(RUN) -c 'import pip' 2>/dev/null || rm -f $(INSTALLED) $(INSTALLED_DEV))

export PIP_DISABLE_PIP_VERSION_CHECK = 1

.DEFAULT_GOAL = help
.NOTPARALLEL:
.PHONY: help deck test test-fast test-lowest check bench bench-quick fuzz schema tables rehearse-all pictures clean

help:  ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-12s %s\n", $$1, $$2}' Makefile

deck: $(INSTALLED)  ## Build decks/ from cards.yaml
	@$(RUN) -m cuedeck build

# Tests begin in half the time where they are compiled once, and not at every call.
test test-fast test-lowest rehearse-all: export PYTHONDONTWRITEBYTECODE =

test: $(INSTALLED_DEV)  ## Run every test
	@$(RUN) -m pytest $(SIDE_BY_SIDE)

test-fast: $(INSTALLED_DEV)  ## Run the tests that take no minute together
	@$(RUN) -m pytest -q $(SIDE_BY_SIDE) --hypothesis-profile brief -m 'not ($(LONG))'

test-lowest: $(INSTALLED)  ## Run tests with the lowest versions of the libraries that are allowed
	@$(test-with-lowest)

check: $(INSTALLED_DEV)  ## Look at format, lint, types and imports
	$(RUN) -m ruff format --check .
	$(RUN) -m ruff check .
	$(RUN) -m mypy
	$(RUN) -c 'from importlinter.cli import lint_imports_command as lint; lint()'

bench: $(INSTALLED)  ## Measure the speed against other tools, which takes ten minutes
	@$(RUN) -m tests.benchmarks --results tests/benchmarks/results.json --chart .github/speed.svg

bench-quick: $(INSTALLED)  ## Measure the speed, without other tools
	@$(RUN) -m tests.benchmarks --quick

fuzz: $(INSTALLED_DEV)  ## Try random texts on the whole road to a package, for SECONDS (60)
	@$(RUN) -c 'import atheris' 2>/dev/null || $(RUN) -m pip install --quiet --editable '.[fuzz]'
	@$(RUN) tests/fuzzing/road.py -max_total_time=$(SECONDS) -print_final_stats=1

rehearse-all: $(INSTALLED)  ## Run what is tested with Anki under older versions of it
	@failed=; for version in $(OLDER_ANKIS); do $(rehearse-with) done; \
	test -z "$$failed" || { echo "Not so in every Anki:$$failed" >&2; exit 1; }

schema: $(INSTALLED)  ## Write the JSON Schema that editors use
	@$(RUN) -m cuedeck schema > $(SCHEMA).new && mv $(SCHEMA).new $(SCHEMA) || { rm -f $(SCHEMA).new; exit 1; }

tables: $(INSTALLED_DEV)  ## Write the tables of hazards in the README
	@$(RUN) -m tests.tables

pictures: $(INSTALLED_DEV)  ## Take the pictures of the README anew, with Chromium
	@$(RUN) -m tests.pages.pictures

clean:  ## Remove .venv and everything else that can be made again
	rm -rf $(VENV) .cuedeck build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .fuzzing .venvs .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(INSTALLED): pyproject.toml
	@$(call set-up,.,$(INSTALLED))

$(INSTALLED_DEV): pyproject.toml
	@$(call set-up,.[dev],$(INSTALLED) $(INSTALLED_DEV))

# What to install, and the stamps to write. A first set-up that fails or is broken off takes .venv with it. A later one
# leaves what was there, and is tried again at the next call, since the stamps are stale until it succeeds.
define set-up
trap 'exit 1' INT TERM HUP; \
if ! test -e $(INSTALLED); then \
	"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo 'Cuedeck needs Python 3.11 or newer, which "$(PYTHON)" is not: name another, as in PYTHON=python3.13' >&2; \
		exit 1; }; \
	"$(PYTHON)" -c 'import venv, ensurepip' 2>/dev/null || { \
		echo 'This Python has no venv module: install it, on Debian and Ubuntu with "sudo apt install python3-venv"' >&2; \
		exit 1; }; \
	rm -rf $(VENV); \
	trap 'rm -rf $(VENV)' EXIT; \
	"$(PYTHON)" -m venv $(VENV) || exit 1; \
fi; \
echo 'Setting up $(VENV) ...'; \
$(RUN) -m pip install --quiet --editable '$(1)' || { \
	echo 'The set-up failed, as said above. It needs the network.' >&2; \
	exit 1; }; \
trap - EXIT; \
touch $(2)
endef

# An environment of its own, made anew when pyproject.toml was edited. Of what only developers need it has the runner of
# the tests, so those that need more are skipped, also where CI is set.
define test-with-lowest
home=.venvs/lowest; \
if ! test $$home/.installed -nt pyproject.toml; then \
	echo "Setting up $$home ..."; \
	rm -rf $$home; \
	$(RUN) -m venv $$home && \
	$$home/bin/python -m pip install --quiet hypothesis pytest pytest-xdist && \
	lowest=$$($$home/bin/python tests/lowest.py $(EXTRAS)) && \
	$$home/bin/python -m pip install --quiet --editable . $$lowest && \
	touch $$home/.installed || { rm -rf $$home; exit 1; }; \
fi; \
echo 'The lowest versions that are allowed:'; \
$$home/bin/python tests/lowest.py $(EXTRAS) && \
env -u CI $$home/bin/python -m pytest -q -p no:cacheprovider $(SIDE_BY_SIDE) -m 'not ($(LONG))' $(LOWEST_TESTS) && \
$$home/bin/python -m cuedeck verify decks/soft-abandonment.apkg
endef

# One version in an environment of its own, which is made anew when pyproject.toml was edited. One that cannot be
# installed counts as failed, and the others are tried all the same.
define rehearse-with
home=.venvs/anki-$$version; \
if ! test $$home/.installed -nt pyproject.toml; then \
	echo "Setting up $$home ..."; \
	rm -rf $$home; \
	$(RUN) -m venv $$home && \
	$$home/bin/python -m pip install --quiet --editable ".[share]" "anki==$$version" hypothesis pytest pytest-xdist && \
	touch $$home/.installed || { failed="$$failed $$version (cannot be installed)"; rm -rf $$home; continue; }; \
fi; \
echo "Anki $$version:"; \
$$home/bin/python -m pytest -q -p no:cacheprovider $(SIDE_BY_SIDE) tests/anki tests/rehearsal || failed="$$failed $$version";
endef
