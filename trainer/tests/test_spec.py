"""The same files are checked by lib/contract/contract.test.ts: what the form accepts is what the worker accepts."""

import json
from pathlib import Path

import pytest

from trainer.spec import SpecError, load_spec, parse_spec

SPECS = Path(__file__).parent / "fixtures" / "specs"


@pytest.mark.parametrize("path", sorted((SPECS / "good").glob("*.json")), ids=lambda path: path.stem)
def test_good_specs_are_read_and_say_the_same_again(path):
    spec = load_spec(path)
    said = json.loads(path.read_text())
    said["job"]["name"] = said["job"]["name"].strip()
    assert spec.model_dump(by_alias=True) == said


@pytest.mark.parametrize("path", sorted((SPECS / "bad").glob("*.json")), ids=lambda path: path.stem)
def test_bad_specs_are_refused(path):
    with pytest.raises(SpecError):
        load_spec(path)


def refused(case: str) -> str:
    with pytest.raises(SpecError) as error:
        load_spec(SPECS / "bad" / f"{case}.json")
    return str(error.value)


def test_a_refusal_names_the_users_field_and_the_value():
    assert refused("learning-rate-above-one").startswith("training.learningRate: ")
    assert "(was 1.5)" in refused("learning-rate-above-one")
    assert refused("unknown-field-in-training").startswith("training.warmupSteps: ")
    assert refused("lora-missing-for-lora") == "lora: Stage sft with method lora needs its settings: rank, alpha, dropout, targets."
    assert refused("mix-cap-zero").startswith("data.sets.0.maxRows: ")
    assert refused("mix-set-twice").startswith("data.sets.1.datasetId: ")
    assert refused("mix-validation-rows-zero").startswith("data.validation.rows: ")
    assert refused("mix-set-trained-and-for-validation").startswith("data.validation.datasetIds.0: ")
    assert refused("rows-path-relative").startswith("inputs.datasets.0.rowsPath: ")


def test_a_spec_cannot_be_changed_afterwards():
    spec = parse_spec(json.loads((SPECS / "good" / "train-lora.json").read_text()))
    with pytest.raises(ValueError):
        spec.attempt = 2
