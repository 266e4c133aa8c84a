# Two commands for everybody: `make tag` and `make test`. Each sets up what it needs, from nothing.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
ACCURATE := $(VENV)/.accurate
DOCCANO := $(VENV)/doccano/.ready
RAY := $(VENV)/.ray
MLFLOW := $(VENV)/.mlflow
SPARK := $(VENV)/.spark
NOTEBOOK := $(VENV)/.notebook
# The root is a package too, and pytest would import it by the folder's name, which may be none (tongbao-main).
BELOW := --confcutdir tests
SHOWN := $(addprefix corpus/train/,t1_001.md t3_005.md u3_038.md t4_010.md)

.PHONY: tag test test-full browser screenshots model card bench fuzz load picture segmenter kinds links loop lock clean

tag: $(READY)
	@$(BIN)/tongbao show $(SHOWN)

test: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/pytest $(BELOW) -m "not slow"

test-full: $(ACCURATE) $(RAY) $(SPARK) $(MLFLOW) $(DOCCANO) $(NOTEBOOK) browser
	$(BIN)/pytest $(BELOW) -m slow
	$(BIN)/pytest --confcutdir docs --nbmake --nbmake-timeout 1200 docs/cases_by_year.ipynb

# Elsewhere than on Debian: install Chromium and the chromedriver of its version.
browser:
	@command -v chromium chromedriver >/dev/null || { apt-get update -qq && apt-get install -y -qq chromium chromium-driver fonts-noto-cjk; }

screenshots: $(READY) browser
	$(BIN)/python -m tests.evaluation.screenshots

model: $(READY)
	rm -rf build/model
	$(BIN)/tongbao train --config configs/crf.cfg --output build/model --corpora.train.part all
	rm -rf pipeline/model
	cp -r build/model/model-last pipeline/model

card: $(READY)
	$(BIN)/tongbao card shipped
	$(BIN)/tongbao card write

bench: $(READY)
	$(BIN)/pip install --quiet --disable-pip-version-check --constraint requirements.lock --editable '.[baselines,ray]'
	$(BIN)/tongbao bench

# So many seconds for each target, inputs kept in build/fuzz.
SECONDS ?= 60
fuzz: $(READY)
	$(BIN)/pip install --quiet --disable-pip-version-check --constraint requirements.lock atheris
	$(BIN)/python tests/fuzz/campaign.py $(SECONDS) build/fuzz

# Megabytes of the archives.
SIZES ?= 10 100 200
load: $(READY)
	$(BIN)/python tests/load/hold.py build/load $(SIZES) --page docs/reliability.md

picture: $(READY)
	$(BIN)/tongbao show corpus/heldout/b019.md --svg docs/show.svg

segmenter: $(READY)
	rm -rf pipeline/segmenter
	$(BIN)/tongbao train --segmenter --output pipeline/segmenter

kinds: $(READY)
	$(BIN)/tongbao train --kinds --output pipeline/kinds.npz

links: $(READY)
	$(BIN)/tongbao train --links --output pipeline/links.json

loop: $(READY) $(DOCCANO)
	$(BIN)/python tests/training/loop.py $(if $(RETRAIN),--retrain)

lock: $(READY)
	$(BIN)/pip install --quiet uv
	$(BIN)/uv pip compile --quiet --universal --python-version 3.10 --extra dev --no-header --no-annotate \
		pyproject.toml --output-file requirements.lock
	$(BIN)/uv pip compile --quiet --universal --python-version 3.10 --no-header --no-annotate \
		training/doccano-client.in --output-file training/doccano-client.lock

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

# A server to test against, in an environment of its own, for it wants older packages.
$(DOCCANO): | $(READY)
	test -d $(@D) || $(PYTHON) -m venv $(@D)
	$(@D)/bin/pip install --quiet --disable-pip-version-check doccano==1.8.4 'marshmallow<4' 'numpy<2'
	touch $@

$(RAY): $(READY)
	$(BIN)/pip install --quiet --disable-pip-version-check --constraint requirements.lock --editable '.[ray]'
	touch $@

$(MLFLOW): $(READY)
	$(BIN)/pip install --quiet --disable-pip-version-check --constraint requirements.lock --editable '.[mlflow]'
	touch $@

# Its test says so where there is no Java to run it on.
$(SPARK): $(READY)
	$(BIN)/pip install --quiet --disable-pip-version-check --constraint requirements.lock --editable '.[spark]'
	touch $@

$(NOTEBOOK): $(READY)
	$(BIN)/pip install --quiet --disable-pip-version-check --constraint requirements.lock --editable '.[notebook]' 'nbmake>=1.5,<2'
	touch $@

clean:
	rm -rf $(VENV) build dist *.egg-info
