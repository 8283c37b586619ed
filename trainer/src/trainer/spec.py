"""`spec.json` as lib/contract/worker-spec.ts describes it: frozen, complete, and strict about unknown fields.

Both sides check the same files in tests/fixtures/specs, so that what the form accepts is what the worker accepts.
"""

import json
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

from pydantic import Field, TypeAdapter, ValidationError, model_validator

from trainer.spec_data import DataInputs, DataSpec
from trainer.spec_judged import DpoSettings, KtoSettings, OrpoSettings, RewardSettings, SimpoSettings, cross_problem
from trainer.spec_mix import MAX_SETS, TrainData, check_sets
from trainer.spec_settings import (
    PARTS, FreezeSettings, LoraSettings, Method, QuantizationSettings, Stage, StartFrom, TrainingSettings, method_problems, part_applies,
)  # fmt: skip
from trainer.spec_types import AbsolutePath, CheckpointName, Int, ModelId, ModelInput, RunId, RunName, Strict

SPEC_VERSION = 2


class SpecError(Exception):
    """The spec is refused; `problems` are sentences that begin with the user's field."""

    def __init__(self, problems: list[str]):
        super().__init__("; ".join(problems))
        self.problems = problems


def load_spec(path: Path) -> "WorkerSpec":
    try:
        raw = json.loads(path.read_bytes())
    except (OSError, ValueError) as error:
        raise SpecError([f"{path.name} cannot be read: {error}"]) from error
    return parse_spec(raw)


def parse_spec(raw: Any) -> "WorkerSpec":
    try:
        return _adapter.validate_python(raw)
    except ValidationError as error:
        raise SpecError([describe(problem) for problem in error.errors(include_url=False)]) from error


def describe(problem: Any) -> str:
    """`training.learningRate: … (was 0)`. The kind, the word `job` and the tags of unions are ours, not the user's."""
    place = problem["loc"]
    tags = {0} | {at for at in range(2, len(place)) if place[at - 1] in ("target", "task", "validation") and isinstance(place[at], str)}
    kept = [str(part) for at, part in enumerate(place) if at not in tags and (at, part) != (1, "job")]
    value = problem.get("input")
    was = f" (was {json.dumps(value, ensure_ascii=False)})" if isinstance(value, (str, int, float, bool)) else ""
    message = str(problem["msg"]).removeprefix("Value error, ")
    return f"{'.'.join(kept)}: {message}{was}" if kept else f"{message}{was}"


class TrainSpec(Strict):
    """What the person asked for in the launch form."""

    kind: Literal["train"]
    stage: Stage
    name: RunName
    model_id: ModelId
    data: TrainData
    method: Method
    lora: LoraSettings | None
    quantization: QuantizationSettings | None = None
    freeze: FreezeSettings | None = None
    start_from: StartFrom | None = None
    training: TrainingSettings
    rm: RewardSettings | None = None
    dpo: DpoSettings | None = None
    kto: KtoSettings | None = None
    orpo: OrpoSettings | None = None
    simpo: SimpoSettings | None = None

    @model_validator(mode="after")
    def parts_fit_each_other(self) -> "TrainSpec":
        check_sets(self.data)
        for part in PARTS:
            settings, applies = getattr(self, part), part_applies(part, self.stage, self.method)
            if applies and settings is None:
                raise ValueError(f"{part}: Stage {self.stage} with method {self.method} needs its settings: {', '.join(names_of(type(self), part))}.")
            if not applies and settings is not None:
                raise ValueError(f"{part}: Stage {self.stage} with method {self.method} has no such settings; leave them null.")
        problems = method_problems(self.method, self.lora, self.quantization, self.freeze, self.start_from)
        problem = problems[0] if problems else cross_problem(self)
        if problem is not None:
            raise ValueError(problem)
        return self


def names_of(spec: type[TrainSpec], part: str) -> list[str]:
    """The names of a part's settings, as people write them."""
    kinds = [one for one in get_args(spec.model_fields[part].annotation) if one is not type(None)]
    return [field.alias or name for kind in kinds for name, field in kind.model_fields.items()]


class ModelTarget(Strict):
    type: Literal["model"]
    model_id: ModelId


class CheckpointTarget(Strict):
    type: Literal["checkpoint"]
    run_id: RunId
    checkpoint: CheckpointName


class ExportTarget(Strict):
    type: Literal["export"]
    run_id: RunId


class ChatSpec(Strict):
    """A conversation with a model, a checkpoint or an export."""

    kind: Literal["chat"]
    name: RunName
    target: Annotated[ModelTarget | CheckpointTarget | ExportTarget, Field(discriminator="type")]
    idle_seconds: Annotated[Int, Field(ge=1, le=86_400)]


class ExportSpec(Strict):
    """Weights to take away: merged into one model, or the adapter alone."""

    kind: Literal["export"]
    name: RunName
    run_id: RunId
    checkpoint: CheckpointName
    form: Literal["merged", "adapter"]
    dtype: Literal["auto", "float32", "bfloat16", "float16"]
    max_shard_bytes: Annotated[Int, Field(ge=1_000_000, le=100_000_000_000)]


class DatasetInput(Strict):
    label: str
    rows_path: AbsolutePath
    usable_rows: Annotated[Int, Field(ge=1)]
    sha256: Annotated[str, Field(min_length=64, max_length=64)]


class TrainInputs(Strict):
    model: ModelInput
    datasets: Annotated[list[DatasetInput], Field(min_length=1, max_length=MAX_SETS)]
    validation: Annotated[list[DatasetInput], Field(max_length=MAX_SETS)]
    resume_from: AbsolutePath | None
    start_from: AbsolutePath | None = None


class ChatInputs(Strict):
    model: ModelInput
    socket_path: AbsolutePath


class ExportInputs(Strict):
    model: ModelInput
    output_path: AbsolutePath


class Envelope(Strict):
    spec_version: Annotated[Int, Field(ge=SPEC_VERSION, le=SPEC_VERSION)]
    run_id: RunId
    attempt: Annotated[Int, Field(ge=1)]
    token: Annotated[str, Field(min_length=16)]
    device: Literal["auto", "cpu"]


class TrainWorkerSpec(Envelope):
    kind: Literal["train"]
    job: TrainSpec
    inputs: TrainInputs


class ChatWorkerSpec(Envelope):
    kind: Literal["chat"]
    job: ChatSpec
    inputs: ChatInputs


class ExportWorkerSpec(Envelope):
    kind: Literal["export"]
    job: ExportSpec
    inputs: ExportInputs


class DataWorkerSpec(Envelope):
    kind: Literal["data"]
    job: DataSpec
    inputs: DataInputs


WorkerSpec = Annotated[TrainWorkerSpec | ChatWorkerSpec | ExportWorkerSpec | DataWorkerSpec, Field(discriminator="kind")]
_adapter: TypeAdapter[Any] = TypeAdapter(WorkerSpec)
