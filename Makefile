# Everything runs in .venv, which the targets make themselves. They need only make and Python 3.11 or newer. To use
# another Python than python3, name it: make deck PYTHON=python3.13
PYTHON ?= python3

# Paths are relative, so the path of this folder may contain spaces.
VENV = .venv
RUN = $(VENV)/bin/python
# Written last, so that only a complete environment has them; an edit of pyproject.toml makes them stale.
INSTALLED = $(VENV)/.installed
INSTALLED_DEV = $(VENV)/.installed-dev
SECONDS ?= 60
FUZZ ?= texts packages manifests locks
# The marks of tests that take long, which a fast run leaves out; pyproject.toml explains them.
LONG = browser or anki_years or faults or random or slow
# One process for each core, but no more than four, since each of them first collects all tests. A process that has run
# out of tests takes some from another.
SIDE_BY_SIDE = -n auto --maxprocesses 4 --dist worksteal
# Versions of Anki that learners may still have. (`make test` runs with the newest one.)
OLDER_ANKIS = 24.11 25.2
# The optional libraries that authors may install, and the tests that use them.
EXTRAS = preview rehearse share
LOWEST_TESTS = tests/package tests/reading tests/rehearsal tests/rendering tests/updating tests/usecases \
	tests/test_commands.py tests/test_examples.py
SCHEMA = builder/cuedeck/reading/cards.schema.json

# If Python was upgraded or removed, the environment no longer runs, and is set up again.
BROKEN := $(shell $(RUN) -c 'import pip' 2>/dev/null || rm -f $(INSTALLED) $(INSTALLED_DEV))

export PIP_DISABLE_PIP_VERSION_CHECK = 1

.DEFAULT_GOAL = help
.NOTPARALLEL:
.PHONY: help deck test test-fast hostile test-lowest check bench bench-quick fuzz schema docs rehearse-all pictures clean

help:  ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-12s %s\n", $$1, $$2}' Makefile

deck: $(INSTALLED)  ## Build decks/ from cards.yaml
	@$(RUN) -m cuedeck build

# Tests start in half the time if they are compiled once instead of at every call.
test test-fast hostile test-lowest rehearse-all: export PYTHONDONTWRITEBYTECODE =

test: $(INSTALLED_DEV)  ## Run every test
	@$(RUN) -m pytest $(SIDE_BY_SIDE)

test-fast: $(INSTALLED_DEV)  ## Run the tests that take a minute together
	@$(RUN) -m pytest -q $(SIDE_BY_SIDE) --hypothesis-profile brief -m 'not ($(LONG))'

hostile: $(INSTALLED_DEV)  ## Run the tests with damaged, forged, endless and odd input
	@$(RUN) -m pytest -q $(SIDE_BY_SIDE) -m hostile

test-lowest: $(INSTALLED)  ## Run tests with the lowest allowed versions of the libraries
	@$(test-with-lowest)

check: $(INSTALLED_DEV)  ## Check format, lint, types and imports
	$(RUN) -m ruff format --check .
	$(RUN) -m ruff check .
	$(RUN) -m mypy
	$(RUN) -c 'from importlinter.cli import lint_imports_command as lint; lint()'

bench: $(INSTALLED)  ## Compare the speed with other tools (takes ten minutes)
	@$(RUN) -m tests.benchmarks --results tests/benchmarks/results.json --chart docs/pictures/speed.svg

bench-quick: $(INSTALLED)  ## Measure the speed, without other tools
	@$(RUN) -m tests.benchmarks --quick

fuzz: $(INSTALLED_DEV)  ## Try random texts, packages, manifests and locks (or FUZZ=locks), each for SECONDS (60)
	@$(RUN) -c 'import atheris' 2>/dev/null || $(RUN) -m pip install --quiet --editable '.[fuzz]'
	@for each in $(FUZZ); do \
		echo "Fuzzing $$each:"; \
		$(RUN) -m tests.fuzzing $$each -max_total_time=$(SECONDS) -print_final_stats=1 || exit 1; \
	done

rehearse-all: $(INSTALLED)  ## Run the tests that use Anki under older versions of it
	@failed=; for version in $(OLDER_ANKIS); do $(rehearse-with) done; \
	test -z "$$failed" || { echo "Failed with Anki:$$failed" >&2; exit 1; }

schema: $(INSTALLED)  ## Write the JSON Schema that editors use
	@$(RUN) -m cuedeck schema > $(SCHEMA).new && mv $(SCHEMA).new $(SCHEMA) || { rm -f $(SCHEMA).new; exit 1; }

docs: $(INSTALLED_DEV)  ## Write the reference in docs/, and make a site of the manual in build/docs
	@$(RUN) -m tests.docs.reference
	@$(RUN) -m sphinx --quiet --fail-on-warning --keep-going --nitpicky -d build/docs-cache docs build/docs
	@echo 'build/docs/index.html is up to date.'

pictures: $(INSTALLED_DEV)  ## Take the screenshots of the README and the manual again, with Chromium
	@$(RUN) -m tests.docs.pictures

clean:  ## Remove .venv and everything else that can be recreated
	rm -rf $(VENV) .cuedeck build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .fuzzing .venvs .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(INSTALLED): pyproject.toml
	@$(call set-up,.,$(INSTALLED))

$(INSTALLED_DEV): pyproject.toml
	@$(call set-up,.[dev],$(INSTALLED) $(INSTALLED_DEV))

# Arguments: what to install, and the stamps to write. If the first set-up fails or is interrupted, it removes .venv. A
# later one leaves .venv as it was, and is tried again at the next call, since the stamps are stale until it succeeds.
define set-up
trap 'exit 1' INT TERM HUP; \
if ! test -e $(INSTALLED); then \
	"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo 'Cuedeck needs Python 3.11 or newer, and "$(PYTHON)" is not: name another, as in PYTHON=python3.13' >&2; \
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
	echo 'The set-up failed; the reason is above. It needs the network.' >&2; \
	exit 1; }; \
trap - EXIT; \
touch $(2)
endef

# A separate environment, recreated when pyproject.toml was edited. Of the developers' libraries it has only those that
# run the tests. So tests that need more are skipped, even if CI is set.
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
echo 'The lowest allowed versions:'; \
$$home/bin/python tests/lowest.py $(EXTRAS) && \
env -u CI $$home/bin/python -m pytest -q -p no:cacheprovider $(SIDE_BY_SIDE) -m 'not ($(LONG))' $(LOWEST_TESTS) && \
$$home/bin/python -m cuedeck verify decks/soft-abandonment.apkg
endef

# One version in a separate environment, which is recreated when pyproject.toml was edited. A version that cannot be
# installed counts as failed, and the others are still tried.
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
