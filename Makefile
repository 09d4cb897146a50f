# `make run` is all a visitor needs; `make test` all a contributor needs. Each starts from a bare machine.

PYTHON ?= python3
PY := .venv/bin/python
BOOTSTRAP := @command -v $(PYTHON) >/dev/null || { echo "$(PYTHON) is missing. Install it (on Debian or Ubuntu: sudo apt-get install python3 python3-venv) and try again." >&2; exit 1; }; exec $(PYTHON) clinic_site/bootstrap.py
COMPILE := $(PY) -m uv pip compile --quiet --universal --generate-hashes --python-version 3.11 --no-header --no-emit-index-url --no-emit-find-links

# Another Django than the pinned one, which the next make without this brings back.
export DJANGO

# Checks and tests never touch the data of a site that runs here.
check test test-fast coverage bench screenshots staff-guide accept-pictures: export CLINIC_DATA_DIR := $(CURDIR)/.venv/throw-away

# Python keeps what it compiled, whatever the shell says: without that, each process of a run rewrites every assertion.
test test-fast coverage: export PYTHONDONTWRITEBYTECODE :=

# Without a browser and without real sites.
FAST := --ignore=tests/browser --ignore=tests/faults --ignore=tests/upgrade

# Enough to be let into production mode; never used to serve anything.
PRODUCTION = CLINIC_MODE=production SITE_URL=https://clinic.test ALLOWED_HOSTS=clinic.test \
	SECRET_KEY=$$($(PY) -c 'import secrets; print(secrets.token_urlsafe(50))') \
	EMAIL_URL=smtp+tls://user:password@mail.clinic.test:587 MAIL_FROM=site@clinic.test STAFF_MAIL=desk@clinic.test

.PHONY: help run test test-fast coverage check format bench screenshots staff-guide accept-pictures requirements release clean dev chromium nginx redis
.DEFAULT_GOAL := help

help:
	@echo "make run           start the site on this machine: http://127.0.0.1:8000"
	@echo "make test          run all tests, a real browser included"
	@echo "make test DATABASE=postgres   run those that are not about SQLite on a PostgreSQL of their own"
	@echo "make test CACHE=redis   run them with log-ins counted on a Redis of their own; goes together with DATABASE and MEDIA"
	@echo "make test MEDIA=s3   run those about pictures and backups in a bucket of their own; with DATABASE=postgres, all of those"
	@echo "make test PYTHON=python3.13 DJANGO=6.1   run them on another Python, or another Django than the pinned one"
	@echo "make test-fast     run the quick tests: no browser, no real sites, no walk through every screen"
	@echo "make coverage      run all without a browser and real sites, and say which lines they never reach"
	@echo "make check         run the fast gate: lint, types, imports, templates, migrations, deployment"
	@echo "make format        put code and imports into shape"
	@echo "make bench         measure everything that BENCHMARKS.md records"
	@echo "make release       pack this version into dist/, with what it consists of and what changed"
	@echo "make screenshots   take pictures of the site's screens; TO=folder says where to put them"
	@echo "make staff-guide   take the pictures of STAFF.md anew"
	@echo "make accept-pictures   keep how six screens look now, for the tests to compare"
	@echo "make requirements  compile the pinned packages again"
	@echo "make clean         remove what is made by the tools; never the site's data"

run:
	$(BOOTSTRAP) run

dev:
	$(BOOTSTRAP) dev

chromium:
	$(BOOTSTRAP) chromium

nginx:
	$(BOOTSTRAP) nginx

redis:
	$(BOOTSTRAP) redis

check: dev
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy
	.venv/bin/lint-imports
	$(PY) -m djlint --lint --quiet templates
	$(PY) manage.py makemigrations --check --dry-run
	@echo "manage.py check --deploy (production mode)"
	@$(PRODUCTION) $(PY) manage.py check --deploy --fail-level WARNING

# One more than the two cores of a small machine, as many tests wait for something.
PROCESSES ?= 3

ifeq ($(CACHE),redis)
WITH_CACHE := -m tests.redis
test: redis
endif

ON_POSTGRES := $(if $(filter postgres,$(DATABASE)),--postgres)

ifeq ($(MEDIA),s3)
test: dev
	$(BOOTSTRAP) s3
	$(if $(ON_POSTGRES),$(BOOTSTRAP) postgres)
	$(PY) $(WITH_CACHE) -m tests.s3 $(if $(ON_POSTGRES),$(ON_POSTGRES) -n 2)
else ifeq ($(DATABASE),postgres)
test: dev
	$(BOOTSTRAP) postgres
	$(PY) $(WITH_CACHE) -m tests.postgres -n 2
else
test: dev chromium nginx redis
	$(PY) $(WITH_CACHE) -m pytest -n $(PROCESSES) --dist worksteal
endif

test-fast: dev
	$(PY) -m pytest -n 2 --dist worksteal $(FAST) -m "not thorough"

coverage: dev
	$(PY) -m coverage erase
	$(PY) -m coverage run -m pytest -n 2 --dist worksteal $(FAST)
	$(PY) -m coverage combine --quiet
	$(PY) -m coverage report

bench: dev
	$(PY) -m tests.bench --record

TO ?= .venv/screenshots
screenshots: dev chromium
	$(PY) -m tests.screenshots $(TO)

staff-guide: dev chromium
	$(PY) -m tests.screenshots .github --guide

# Look at what the test says of the difference first.
accept-pictures: dev chromium
	ACCEPT_PICTURES=1 $(PY) -m pytest -q -n 0 tests/browser/test_kept_pictures.py

# The archive of one version, what it consists of and what changed, in dist/. DRAFT=yes: before the day of a release.
release: dev
	$(BOOTSTRAP) release
	$(PY) clinic_site/deploy/pack.py dist $(if $(DRAFT),--draft)

format: dev
	$(PY) -m ruff check --fix .
	$(PY) -m ruff format .

requirements: dev
	$(COMPILE) requirements.in -o requirements.txt
	$(COMPILE) requirements-dev.in -o requirements-dev.txt
	$(COMPILE) requirements-postgres.in -o requirements-postgres.txt
	$(COMPILE) requirements-release.in -o requirements-release.txt
	$(COMPILE) requirements-scale.in -o requirements-scale.txt
	$(COMPILE) requirements-s3.in -o requirements-s3.txt

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .coverage .coverage.*
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
