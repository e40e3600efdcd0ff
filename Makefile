# Everhost: `make run` sets up and goes on air with the demo channel; `make test` sets up and runs every check.
CHANNEL ?= avatars/mia.yaml
PY := .venv/bin/python
MODEL ?= 1.5b

.PHONY: run test setup zh tongues coqui setup-test setup-measure llm lint unit e2e bench chaos soak clean

run: setup
	.venv/bin/everhost run '$(subst ','\'',$(CHANNEL))'

test: setup-test lint unit e2e

setup:
	@bash scripts/setup.sh run

setup-test:
	@bash scripts/setup.sh test

setup-measure:
	@bash scripts/setup.sh measure

# A Mandarin voice (and men's voices for English), and the font that Chinese pictures need.
zh:
	@bash scripts/setup.sh zh

# What voices of other languages need (Japanese, Spanish, French, Hindi, Italian, Portuguese; see docs/voices.md).
tongues:
	@bash scripts/setup.sh tongues

# A small language model for the writer (see "writer" in avatars/mia.yaml), and what runs it.
llm: setup
	@.venv/bin/python -m pip install --quiet --disable-pip-version-check -e ".[llm]"
	@.venv/bin/python scripts/fetch_llm.py $(MODEL)

# Coqui TTS (VITS, XTTS) for a voice made of weights, in an environment of its own (see docs/voices.md).
coqui:
	@bash scripts/setup_coqui.sh

lint:
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy

unit:
	.venv/bin/pytest -m "not e2e" -n 3 --dist worksteal

e2e:
	.venv/bin/pytest -m e2e

bench: setup-measure
	$(PY) scripts/bench_onair.py --seconds 600 --viewers 5

chaos: setup-measure
	$(PY) scripts/chaos.py

soak: setup-measure
	$(PY) scripts/soak.py --minutes 100

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache build *.egg-info
