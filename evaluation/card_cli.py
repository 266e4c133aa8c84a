"""The command ``tongbao card``: measures what is kept in ``evaluation/results``, and writes the model card of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ..corpus.console import reported, say
from ..corpus.errors import InputError
from ..corpus.folder import HELDOUT, TRAIN, read_gold
from .results import AGREEMENT, CURVE, RESULTS, SHIPPED, Curve, read_result, write_result

if TYPE_CHECKING:
    from spacy.language import Language

    from ..corpus.notice import Notice

app = typer.Typer(no_args_is_help=True, help="Measure learners for the model card, and write it.")

Name = Annotated[str, typer.Argument(help="Of the learner: its file in the results is NAME.json.")]
Model = Annotated[Path, typer.Argument(help="Folder of a trained model.")]
Gold = Annotated[Path, typer.Option(help="Gold notices that it is scored on.")]
Results = Annotated[Path, typer.Option(help="Folder of the files of results.")]
Group = Annotated[str | None, typer.Option(help="Table of the card: learner, or the name of a group of ablations.")]
Note = Annotated[str | None, typer.Option(help="What the card says beside the name.")]
Draws = Annotated[int, typer.Option(min=0, help="Number of draws for the intervals.")]


@app.command("folds")
def folds_command(
    name: Name,
    output: Annotated[Path, typer.Argument(help="Folder that train --folds wrote.")],
    *,
    gold: Gold = TRAIN,
    results: Results = RESULTS,
    group: Group = None,
    note: Note = None,
    n_boot: Draws = 1000,
) -> None:
    """Keep the figures of a cross-validation: ``train --folds K --output OUTPUT``."""
    from .figures import figures_of
    from .recording import keep, read_run

    with reported():
        run = read_run(output)
        predicted = read_gold(output / "predicted")
        figures = figures_of(
            read_gold(gold), predicted, n_boot=n_boot, folds=run.folds or None, made_from=run.made_from
        )
        keep(results, name, {"folds": figures}, run=run, group=group, note=note)
        say(f"{name}: folds, strict F1 {figures.micro.f:.4f}")


@app.command("heldout")
def heldout_command(
    name: Name,
    model: Model,
    *,
    predicted: Annotated[
        bool, typer.Option("--predicted", help="MODEL is a folder of notices that a model has marked.")
    ] = False,
    gold: Gold = HELDOUT,
    results: Results = RESULTS,
    group: Group = None,
    note: Note = None,
    n_boot: Draws = 1000,
) -> None:
    """Keep the figures of a model on the held-out notices."""
    from .figures import figures_of
    from .recording import keep, read_run

    with reported():
        notices = read_gold(gold)
        run = read_run(model if predicted else model.parent)
        if predicted:
            marked, made_from = read_gold(model), run.made_from
        else:
            marked, made_from = _mark(model, notices)
        figures = figures_of(notices, marked, n_boot=n_boot, made_from=made_from)
        keep(results, name, {"heldout": figures}, run=run, group=group, note=note)
        say(f"{name}: held-out, strict F1 {figures.micro.f:.4f}")


@app.command("baseline")
def baseline_command(
    name: Annotated[
        str, typer.Argument(metavar="NAME", help="gazetteer, rules, crfsuite, jieba or lac; all without.")
    ] = "",
    *,
    gold: Gold = HELDOUT,
    train: Annotated[Path, typer.Option(help="Gold notices that the gazetteer is made of.")] = TRAIN,
    results: Results = RESULTS,
    n_boot: Draws = 1000,
) -> None:
    """Keep the figures of baselines on the held-out notices."""
    from .baselines import BASELINES, mark_with
    from .figures import figures_of
    from .recording import Run, keep

    with reported():
        if name and name not in BASELINES:
            raise InputError(f"no such baseline: it is one of {', '.join(BASELINES)}", where=name)
        notices, known = read_gold(gold), read_gold(train)
        for each in (name,) if name else BASELINES:
            note, make = BASELINES[each]
            figures = figures_of(notices, mark_with(make(known), notices), n_boot=n_boot)
            keep(results, each, {"heldout": figures}, run=Run(), note=note)
            say(f"{each}: held-out, strict F1 {figures.micro.f:.4f}")


@app.command("public")
def public_command(
    name: Name,
    public_set: Annotated[str, typer.Argument(metavar="SET", help="resume or cluener.")],
    model: Model,
    gold: Annotated[Path, typer.Argument(help="The set's part that is scored, as corpus convert makes it.")],
    *,
    results: Results = RESULTS,
    group: Group = None,
    note: Note = None,
    n_boot: Draws = 1000,
) -> None:
    """Keep the strict F1 of a model that was trained on a public set."""
    from .card_tables import public_sets
    from .figures import micro_rate
    from .pairs import pair_notices
    from .recording import Run, keep, kept_public

    with reported():
        if public_set not in public_sets():
            raise InputError(f"no such set: it is one of {', '.join(public_sets())}", where=public_set)
        notices = read_gold(gold)
        marked, _ = _mark(model, notices, any_labels=True)
        rate = micro_rate(pair_notices(notices, marked), n_boot=n_boot)
        public = {**kept_public(results, name), public_set: rate}
        keep(results, name, {"public": public}, run=Run(), group=group, note=note)
        say(f"{name}: {public_set}, strict F1 {100 * rate.f:.2f}")


@app.command("cost")
def cost_command(
    name: Name,
    model: Model,
    *,
    gold: Gold = HELDOUT,
    results: Results = RESULTS,
    group: Group = None,
    note: Note = None,
) -> None:
    """Keep how fast a model tags, beside jieba.posseg, how large it is, and how long its fit took."""
    from ..pipeline.load import load
    from .recording import keep, read_run
    from .speed import cost_of

    with reported():
        run = read_run(model.parent)
        texts = [notice.text for notice in read_gold(gold)]
        cost = cost_of(load(model), texts, folder=model, seconds_fit=run.seconds)
        keep(results, name, {"cost": cost}, run=run, group=group, note=note)
        say(f"{name}: {cost.chars_per_second:,.0f} characters a second, {cost.model_bytes:,} bytes")


@app.command("agreement")
def agreement_command(
    a: Annotated[Path, typer.Argument(help="Gold.")],
    b: Annotated[Path, typer.Argument(help="A second annotation of some of its notices.")],
    *,
    results: Results = RESULTS,
    note: Annotated[str, typer.Option(help="What the card says of the two annotations.")] = "",
    n_boot: Draws = 1000,
) -> None:
    """Keep how far two annotations agree."""
    from .figures import agreed

    with reported():
        found = agreed(read_gold(a), read_gold(b), note=note, n_boot=n_boot)
        write_result(results / f"{AGREEMENT}.json", found)
        say(f"agreement on {found.notices} notices: strict F1 {found.micro.f:.4f}")


@app.command("curve")
def curve_command(
    output: Annotated[Path, typer.Argument(help="Folder that train --curve wrote.")],
    *,
    results: Results = RESULTS,
) -> None:
    """Keep a learning curve: ``train --curve 45,90 --output OUTPUT``."""
    with reported():
        curve = read_result(output / "curve.json", Curve)
        write_result(results / f"{CURVE}.json", curve)
        say(f"learning curve of {len(curve.points)} models")


@app.command("shipped")
def shipped_command(*, results: Results = RESULTS, n_boot: Draws = 1000) -> None:
    """Keep the figures of the model that ships, on the held-out notices."""
    from ..pipeline.load import load
    from .recording import measure_shipped

    with reported():
        found = measure_shipped(load(), read_gold(TRAIN), read_gold(HELDOUT), n_boot=n_boot)
        write_result(results / f"{SHIPPED}.json", found)
        say(f"{found.model}: held-out, strict F1 {found.figures.micro.f:.4f}")


@app.command("write")
def write_command(
    output: Annotated[Path, typer.Argument(help="The card.")] = Path("MODEL_CARD.md"),
    *,
    results: Results = RESULTS,
) -> None:
    """Write the card from the files of results, and draw the learning curve beside it."""
    from .card import PICTURE, read_stored, render
    from .curve_plot import draw_curve

    with reported():
        stored = read_stored(results)
        if stored.curve is not None:
            # Before the card, which shows it.
            draw_curve(stored.curve, output.parent / PICTURE)
        try:
            output.write_text(render(stored), "utf-8", newline="\n")
        except OSError as error:
            raise InputError(f"cannot be written: {error.strerror}", where=str(output)) from None
        say(f"{output}: written; learners compared: {len(stored.learners)}")


def _mark(
    model: Path, notices: list[Notice], *, any_labels: bool = False
) -> tuple[list[Notice], dict[str, str] | None]:
    """Run a model over notices; the second value is the fingerprint of what it was made from."""
    from ..pipeline.load import load
    from .evaluate import predict

    nlp: Language = load(model, any_labels=any_labels)
    return [prediction.notice for prediction in predict(nlp, notices)], nlp.meta.get("tongbao")
