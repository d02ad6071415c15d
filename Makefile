# Works with GNU make 3.81 (macOS) and later.
#
#   make run    run the embedded study (ARGS="--draws 2000 --jobs 2" passes options on)
#   make test   run the test suite     (ARGS="-k house" passes options on)
#   make lint   style, types, layers
#   make bench  measure beside other packages, write docs/benchmarks.md (docs of each: benchmarks/)
#   make mutation  change the code in one place at a time; a test must fail (docs/mutation.md)
#   make lock   write requirements.lock again (needs uv; ARGS=--upgrade takes newer versions)
#   make wheel  build dist/: the source archive, and the wheel from it
#   make site   run the notebooks, write the documentation to site/ (python -m http.server -d site)
#   make sbom   write dist/sbom.cdx.json: what the lock pins, with licences (CycloneDX)
#   make clean  remove .venv, caches and builds; out/ stays

VENV = .venv
PYTHON =
UV = uv
BIN = $(VENV)/bin
STAMP = $(VENV)/installed
RUN_STAMP = $(VENV)/installed-run

# Two BLAS threads slow small systems down and may change last digits; work is split by processes.
OPENBLAS_NUM_THREADS = 1
OMP_NUM_THREADS = 1
MKL_NUM_THREADS = 1
export OPENBLAS_NUM_THREADS OMP_NUM_THREADS MKL_NUM_THREADS

.PHONY: run test lint bench mutation lock wheel site sbom clean install

PIP = $(BIN)/python -m pip install --quiet --disable-pip-version-check

# Sets $python and $version, or ends with what to install. 3.15 and later come last: some packages
# of the lock have no wheels for them yet and would be compiled.
FIND_PYTHON = python=; seen=; bare=; newer=; \
	for p in $(if $(PYTHON),$(PYTHON),python3 python3.14 python3.13 python3.12 python3.11); do \
	  v=`"$$p" -c 'import sys; print("%d.%d.%d" % sys.version_info[:3])' 2>/dev/null` || continue; \
	  case $$v in \
	    3.11.*|3.12.*|3.13.*|3.14.*) ;; \
	    3.1[5-9].*|3.[2-9][0-9].*) newer=$$p; continue ;; \
	    *) seen="$$seen $$p is $$v;"; continue ;; \
	  esac; \
	  if "$$p" -c 'import ensurepip, venv' 2>/dev/null; then python=$$p; version=$$v; break; fi; \
	  bare="$$p ($$v)"; \
	done; \
	if [ -z "$$python" ] && [ -n "$$newer" ]; then python=$$newer; version=`$$newer -V`; fi; \
	if [ -z "$$python" ] && [ -n "$$bare" ]; then \
	  echo "error: $$bare cannot make virtual environments." >&2; \
	  echo "On Debian or Ubuntu: sudo apt-get install python3-venv" >&2; \
	  echo "then again: make $(MAKECMDGOALS)" >&2; exit 1; \
	fi; \
	if [ -z "$$python" ]; then \
	  echo "error: Python 3.11 or later is needed; found:$${seen:- none}" >&2; \
	  echo "Debian or Ubuntu: sudo apt-get install python3 python3-venv" >&2; \
	  echo "macOS: brew install python, or the installer from python.org" >&2; exit 1; \
	fi

run: $(RUN_STAMP)
	@$(BIN)/forecast run $(ARGS)

test: $(STAMP)
	@$(BIN)/python -m pytest $(ARGS)

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

mutation: $(STAMP)
	$(BIN)/python benchmarks/mutation.py $(ARGS)

bench: $(STAMP)
	$(BIN)/python benchmarks/bench.py --write $(ARGS)

lock:
	$(UV) pip compile pyproject.toml --extra cluster --extra data --extra exchange --extra test \
	  --extra docs --universal --python-version 3.11 --fork-strategy fewest --generate-hashes \
	  --no-strip-extras --no-annotate --custom-compile-command "make lock" --quiet $(ARGS) \
	  -o requirements.lock
	$(UV) pip compile pyproject.toml --extra install --constraint requirements.lock --universal \
	  --python-version 3.11 --fork-strategy fewest --generate-hashes --no-strip-extras \
	  --no-annotate --custom-compile-command "make lock" --quiet -o requirements-run.lock

wheel: $(STAMP)
	$(BIN)/python -m build --no-isolation

site: $(STAMP)
	@$(BIN)/python .ci/notebooks.py
	@NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs build --strict --quiet $(ARGS)

sbom: $(STAMP)
	@mkdir -p dist
	$(BIN)/python .ci/sbom.py requirements.lock > dist/sbom.cdx.json

clean:
	rm -rf $(VENV) build dist site .pytest_cache .mypy_cache .ruff_cache .import_linter_cache \
	  .hypothesis .coverage
	find src tests -type d -name __pycache__ -prune -exec rm -rf {} +

install: $(STAMP)

# Sets up the virtual environment where there is none.
MAKE_VENV = if ! $(BIN)/python -m pip --version >/dev/null 2>&1; then \
	  $(FIND_PYTHON); \
	  echo "making $(VENV) with $$python ($$version)"; \
	  "$$python" -m venv --clear $(VENV) || exit 1; \
	fi

# A stamp is written last: an interrupted installation is taken up again by the next make.
$(RUN_STAMP): requirements-run.lock pyproject.toml
	@$(MAKE_VENV); \
	if [ ! $(STAMP) -nt requirements.lock ] || [ ! $(STAMP) -nt pyproject.toml ]; then \
	  echo "installing the packages of requirements-run.lock (once; about half a minute)"; \
	  $(PIP) -r requirements-run.lock && \
	  $(PIP) --no-deps --no-build-isolation --editable . || exit 1; \
	fi; \
	touch $(RUN_STAMP)

$(STAMP): requirements.lock pyproject.toml
	@$(MAKE_VENV); \
	echo "installing the packages of requirements.lock (once; one to three minutes)"; \
	$(PIP) -r requirements.lock && $(PIP) --no-deps --no-build-isolation --editable . || exit 1; \
	touch $(STAMP)
