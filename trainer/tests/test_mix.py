"""The counts of a mixture are those that the launch page shows: lib/domain/mix.test.ts reads the same file."""

import json
from pathlib import Path

import pytest

from trainer.data.mix import mix_counts
from trainer.spec_mix import TrainData

FIXTURES = json.loads((Path(__file__).parents[2] / "lib" / "domain" / "fixtures" / "mixtures.json").read_text())


def named(mixture: dict, validation: list[int]) -> dict:
    """The fixtures leave ids out, on which no count depends."""
    sets = [{"datasetId": f"ds_{at:012}", **one} for at, one in enumerate(mixture["sets"])]
    held = mixture["validation"]
    if held["type"] == "sets":
        held = {**held, "datasetIds": [f"ds_1{at:011}" for at in range(len(validation))]}
    return {**mixture, "sets": sets, "validation": held}


@pytest.mark.parametrize("case", FIXTURES, ids=lambda case: case["name"])
def test_the_trainer_counts_as_the_launch_page_does(case):
    counts = mix_counts(TrainData.model_validate(named(case["mixture"], case["validation"])), case["rows"], case["seed"])
    assert [vars(one) for one in counts] == case["counts"]["sets"]
