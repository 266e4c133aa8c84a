# Two commands for everybody: `make tag` and `make test`. Each sets up what it needs, from nothing.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
ACCURATE := $(VENV)/.accurate
RAY := $(VENV)/.ray
SHOWN := $(addprefix corpus/train/,t1_001.md t3_005.md u3_038.md t4_010.md)

.PHONY: tag test test-full model card segmenter kinds lock clean

tag: $(READY)
	@$(BIN)/tongbao show $(SHOWN)

test: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/pytest -m "not slow"

test-full: $(ACCURATE) $(RAY)
	$(BIN)/pytest -m slow

model: $(READY)
	rm -rf build/model
	$(BIN)/tongbao train --config configs/crf.cfg --output build/model --corpora.train.part all
	rm -rf pipeline/model
	cp -r build/model/model-last pipeline/model

card: $(READY)
	$(BIN)/tongbao card shipped
	$(BIN)/tongbao card write

segmenter: $(READY)
	rm -rf pipeline/segmenter
	$(BIN)/tongbao train --segmenter --output pipeline/segmenter

kinds: $(READY)
	$(BIN)/tongbao train --kinds --output pipeline/kinds.npz

lock: $(READY)
	$(BIN)/pip install --quiet uv
	$(BIN)/uv pip compile --quiet --universal --python-version 3.10 --extra dev --no-header --no-annotate \
		pyproject.toml --output-file requirements.lock

$(READY): pyproject.toml requirements.lock
	test -d $(VENV) || $(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --constraint requirements.lock --editable '.[dev]'
	# mypy knows the checkout by its package name through this link.
	mkdir -p $(VENV)/typing && ln -sfn ../.. $(VENV)/typing/tongbao
	touch $@

$(ACCURATE): $(READY)
	$(BIN)/pip install --quiet --disable-pip-version-check --constraint requirements.lock torch==2.13.0
	$(BIN)/pip install --quiet --disable-pip-version-check --constraint requirements.lock --editable '.[accurate]'
	touch $@

$(RAY): $(READY)
	$(BIN)/pip install --quiet --disable-pip-version-check --constraint requirements.lock --editable '.[ray]'
	touch $@

clean:
	rm -rf $(VENV) build dist *.egg-info
