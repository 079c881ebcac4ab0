# Everything is set up in .venv on first use; nothing else need be installed but Python 3.11 or newer.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: help run test check bench faults fuzz endurance format demo-pair tour stages trial clean

help:
	@echo "make run     open the demo in the window; without a display, measure it"
	@echo "make test    set up and run the tests"
	@echo "make check   linters, types and import contracts"
	@echo "make bench   accuracy and speed, written to docs/benchmarks.md"
	@echo "make faults  kill, damage, fill the disk, contend; written to docs/validation.md; some hours"
	@echo "make fuzz    10,000 changed images, studies, tables and JSON files each; an hour"
	@echo "make endurance  eight hours of review, accelerated; an hour"
	@echo "make format  format the code"
	@echo "make demo-pair  draw the bundled demo pair anew"
	@echo "make tour    take the pictures of the window anew"
	@echo "make trial   make a synthetic trial and take it through the program, from images to the report"
	@echo "make stages  draw the pictures of how hairs are found anew"

run: runtime
	$(BIN)/trichodesk demo -o demo-output

test: develop
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m pytest -n auto

check: develop
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: develop
	$(BIN)/python -m tests.benchmarks

faults: develop
	QT_QPA_PLATFORM=offscreen OMP_NUM_THREADS=1 $(BIN)/python -W ignore -m tests.faults

fuzz: develop
	QT_QPA_PLATFORM=offscreen OMP_NUM_THREADS=1 $(BIN)/python -W ignore -m tests.fuzz

endurance: develop
	QT_QPA_PLATFORM=offscreen OMP_NUM_THREADS=1 $(BIN)/python -W ignore -m tests.endurance

format: develop
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

tour: develop
	$(BIN)/python tools/make_tour.py

stages: develop
	$(BIN)/python -m tools.make_stages
	$(BIN)/python -m tests.benchmarks.detection_reliability

trial: runtime
	$(BIN)/python tools/make_trial.py

demo-pair: develop
	$(BIN)/python tools/make_demo.py

clean:
	rm -rf demo-output trial-output build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

.PHONY: runtime develop
runtime:
	@$(PYTHON) tools/bootstrap.py

develop:
	@$(PYTHON) tools/bootstrap.py --develop
