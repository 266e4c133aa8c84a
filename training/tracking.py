"""Sends a run of training to MLflow as well, by the logger that spaCy has for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from confection import Config
from spacy.language import Language

from ..corpus.errors import ModelError


def log_to_mlflow(nlp: Language, experiment: str, *, run_name: str, tags: Mapping[str, str]) -> None:
    """Add MLflow to the loggers of a pipeline that is to be trained.

    Its config goes there as parameters, losses and scores of the dev part as metrics, each best pipeline as the model
    ``best`` (``spacy.MLflowLogger.v2`` of spacy-loggers). ``MLFLOW_TRACKING_URI`` says where, as MLflow documents it.

    Parameters
    ----------
    experiment
        Name; MLflow makes it where it has none of this name.
    run_name, tags
        Of the run.

    Raises
    ------
    ModelError
        When MLflow is not installed, or its store cannot be reached or does not take the experiment.
    """
    try:
        import mlflow
    except ImportError:
        raise ModelError("needs MLflow: pip install 'tongbao[mlflow]'", where="--mlflow") from None
    with mlflow_errors():
        number = mlflow.set_experiment(experiment).experiment_id
    config = nlp.config
    logger: dict[str, Any] = {
        "@loggers": "spacy.ChainLogger.v1",
        "logger1": config["training"]["logger"],
        "logger2": {
            "@loggers": "spacy.MLflowLogger.v2",
            "experiment_id": number,
            "run_name": run_name,
            "tags": dict(tags),
        },
    }
    nlp.config = Config({**config, "training": {**config["training"], "logger": logger}})


@contextmanager
def mlflow_errors() -> Iterator[None]:
    """Turn what MLflow raises into one line that says what it wants."""
    from mlflow.exceptions import MlflowException

    try:
        yield
    except MlflowException as error:
        first = (str(error).strip() or type(error).__name__).splitlines()[0]
        raise ModelError(f"MLflow: {first}", where="MLFLOW_TRACKING_URI") from None
