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
    assert spec.model_dump(by_alias=True, exclude_unset=True) == said


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
    assert refused("unknown-field-in-training").startswith("training.warmUp: ")
    assert refused("lora-missing-for-lora") == "lora: Stage sft with method lora needs its settings: rank, alpha, dropout, targets, rsLora, dora, init, plusRatio, modulesToSave, trainableTokens, bias."
    assert refused("mix-cap-zero").startswith("data.sets.0.maxRows: ")
    assert refused("mix-set-twice").startswith("data.sets.1.datasetId: ")
    assert refused("mix-validation-rows-zero").startswith("data.validation.rows: ")
    assert refused("mix-set-trained-and-for-validation").startswith("data.validation.datasetIds.0: ")
    assert refused("rows-path-relative").startswith("inputs.datasets.0.rowsPath: ")


def test_a_spec_cannot_be_changed_afterwards():
    spec = parse_spec(json.loads((SPECS / "good" / "train-lora.json").read_text()))
    with pytest.raises(ValueError):
        spec.attempt = 2


def test_what_may_be_left_out_has_the_same_default_on_both_sides():
    """The schema comes from lib/contract; what is left out is filled in there, and here for a spec that somebody else wrote."""
    from trainer.spec_settings import TrainingSettings

    schema = json.loads((SPECS.parents[2] / "schema" / "WorkerSpec.json").read_text())
    training = find(schema, lambda node: "learningRate" in node.get("properties", {}))["properties"]
    ours = {field.alias: field for field in TrainingSettings.model_fields.values()}
    assert set(training) == set(ours)
    told = {name: one["default"] for name, one in training.items() if "default" in one}
    assert told == {name: field.default for name, field in ours.items() if not field.is_required()}


def find(node, fits):
    """The first object of a JSON document, depth first, that fits."""
    if isinstance(node, dict):
        if fits(node):
            return node
        node = list(node.values())
    return next((found for one in node if (found := find(one, fits)) is not None), None) if isinstance(node, list) else None
