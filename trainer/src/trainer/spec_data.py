"""Work on a data set: how its rows are read (lib/contract/dataset.ts), and what is to be done with all of them."""

from typing import Annotated, Literal

from pydantic import Field

from trainer.spec_types import AbsolutePath, DatasetId, ModelId, ModelInput, RunName, Strict

Column = Annotated[str, Field(min_length=1, max_length=200)] | None
Key = Annotated[str, Field(min_length=1, max_length=100)]
Tags = Annotated[list[Key], Field(max_length=20)]
FileKind = Literal["json", "jsonl", "csv", "tsv", "parquet", "arrow", "text"]


class DatasetColumns(Strict):
    """Names of columns by their role."""

    prompt: Column
    query: Column
    response: Column
    history: Column
    system: Column
    messages: Column
    tools: Column
    chosen: Column
    rejected: Column
    label: Column
    responses: Column
    text: Column


class DatasetTags(Strict):
    """How a turn says who speaks."""

    role_key: Key
    content_key: Key
    system: Tags
    user: Tags
    assistant: Tags
    tool: Tags
    function_call: Tags


class DatasetMapping(Strict):
    """All that is needed to turn a raw row into a canonical one."""

    format: Literal["alpaca", "sharegpt", "messages", "prompt_completion", "preference", "kto", "ranked", "text", "xtuner"]
    columns: DatasetColumns
    tags: DatasetTags | None
    xtuner_map: (
        Literal[
            "conversation", "alpaca", "alpaca_zh", "default", "oasst1", "openai", "openorca", "wizardlm", "medical", "law_reference",
            "crime_kg_assitant", "sql", "code_alpaca", "tiny_codes", "stack_exchange", "arxiv", "colors", "msagent_react", "pretrain",
        ]
        | None
    )  # fmt: skip
    system_text: Annotated[str, Field(max_length=20_000)] | None


class CheckTask(Strict):
    """Read every row with a mapping; `actions` by reason, others take their default."""

    type: Literal["check"]
    mapping: DatasetMapping
    actions: dict[str, Literal["drop", "keep", "fix"]]


class MeasureTask(Strict):
    """Count the tokens of every row with one model's tokenizer and template."""

    type: Literal["measure"]
    model_id: ModelId


class ReplacePair(Strict):
    find: Annotated[str, Field(min_length=1, max_length=2000)]
    replace: Annotated[str, Field(max_length=20_000)]


class ReplaceScope(Strict):
    """Where text is replaced: keys from the row down, lists on the way left out; None is all text."""

    paths: Annotated[list[Annotated[list[Annotated[str, Field(max_length=200)]], Field(min_length=1, max_length=20)]], Field(min_length=1, max_length=200)] | None
    match_case: bool
    whole_word: bool


class ReplaceChange(Strict):
    type: Literal["replace"]
    pairs: Annotated[list[ReplacePair], Field(min_length=1, max_length=50)]
    scope: ReplaceScope


class SampleChange(Strict):
    type: Literal["sample"]
    rows: Annotated[int, Field(ge=1)]
    seed: Annotated[int, Field(ge=0, le=2_147_483_647)]


class LeaveOutChange(Strict):
    """Rows that also stand in validation, as a comparison found them: their numbers are in OUTPUT/leave-out.idx."""

    type: Literal["leave_out"]
    train_ids: Annotated[list[DatasetId], Field(min_length=1, max_length=32)]
    validation_ids: Annotated[list[DatasetId], Field(min_length=1, max_length=32)]


class ChangeTask(Strict):
    """Write the rows of another version anew, and check them."""

    type: Literal["change"]
    from_id: DatasetId
    change: Annotated[ReplaceChange | SampleChange | LeaveOutChange, Field(discriminator="type")]
    mapping: DatasetMapping
    actions: dict[str, Literal["drop", "keep", "fix"]]


class CompareTask(Strict):
    """Tell which rows are in one version and not in the other."""

    type: Literal["compare"]
    before_id: DatasetId
    by_number: bool


class OverlapTask(Strict):
    """Look for validation rows that also stand in training, and for prompts with two answers."""

    type: Literal["overlap"]
    train_ids: Annotated[list[DatasetId], Field(min_length=1, max_length=32)]
    validation_ids: Annotated[list[DatasetId], Field(max_length=32)]


class HubFiles(Strict):
    repo: Annotated[str, Field(min_length=1, max_length=200)]
    subset: Annotated[str, Field(max_length=200)] | None
    split: Annotated[str, Field(max_length=100)] | None
    revision: Annotated[str, Field(max_length=100)] | None


class BringTask(Strict):
    """Fetch files of the hub, and unpack packed ones."""

    type: Literal["bring"]
    hub: HubFiles | None


class DataSpec(Strict):
    """Work on a data set that reads all of it."""

    kind: Literal["data"]
    name: RunName
    dataset_id: DatasetId
    task: Annotated[BringTask | CheckTask | MeasureTask | ChangeTask | CompareTask | OverlapTask, Field(discriminator="type")]


class DataFile(Strict):
    name: str
    path: AbsolutePath
    kind: FileKind
    encoding: str


class DataInputs(Strict):
    files: list[DataFile]
    rows_path: AbsolutePath | None
    model: ModelInput | None
    output_path: AbsolutePath
