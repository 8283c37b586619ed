"""The data of a training (lib/contract/train-data.ts): which sets, how they are mixed, and what is held out."""

from typing import Annotated, Literal

from pydantic import Field

from trainer.spec_types import DatasetId, Int, Strict

MAX_SETS = 32
Rows = Annotated[Int, Field(ge=1, le=1_000_000_000)]


class TrainSet(Strict):
    """One set of a mixture."""

    dataset_id: DatasetId
    weight: Annotated[float, Field(ge=0.001, le=1000)]
    max_rows: Rows | None


class NoValidation(Strict):
    type: Literal["none"]


class ShareHeldOut(Strict):
    type: Literal["fraction"]
    fraction: Annotated[float, Field(gt=0, le=0.5)]
    stratified: bool


class RowsHeldOut(Strict):
    type: Literal["rows"]
    rows: Rows
    stratified: bool


class SetsHeldOut(Strict):
    type: Literal["sets"]
    dataset_ids: Annotated[list[DatasetId], Field(min_length=1, max_length=MAX_SETS)]


class TrainData(Strict):
    """Counts follow trainer/data/mix.py, which says the same as lib/domain/mix.ts."""

    sets: Annotated[list[TrainSet], Field(min_length=1, max_length=MAX_SETS)]
    mix: Literal["concatenate", "interleave_first", "interleave_all"]
    validation: Annotated[NoValidation | ShareHeldOut | RowsHeldOut | SetsHeldOut, Field(discriminator="type")]


def check_sets(data: TrainData) -> None:
    """Every set is either trained or judges what was learned, once."""
    trained = [one.dataset_id for one in data.sets]
    held = data.validation.dataset_ids if isinstance(data.validation, SetsHeldOut) else []
    for at, name in enumerate(trained):
        if name in trained[:at]:
            raise ValueError(f"data.sets.{at}.datasetId: {name} is in the mixture already; give it a larger weight instead.")
    for at, name in enumerate(held):
        if name in held[:at]:
            raise ValueError(f"data.validation.datasetIds.{at}: {name} is already among the sets for validation.")
        if name in trained:
            raise ValueError(f"data.validation.datasetIds.{at}: {name} is trained, so it can't judge what was learned.")
