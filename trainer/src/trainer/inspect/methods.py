"""What the helper can be asked. Rows come as the server read them: parsed JSON, one value a row."""

from typing import Any

from trainer.failures import Failure


class Refused(Exception):
    """A question that has no answer; `field` is the person's field where one is at fault."""

    def __init__(self, code: str, message: str, field: str | None = None):
        super().__init__(message)
        self.code = code
        self.field = field


def guess(rows: list[Any]) -> Any:
    from trainer.data.guess import guess as guess_mappings

    return guess_mappings(rows)


def suggest(rows: list[Any]) -> Any:
    from trainer.data.suggest import suggest as suggest_mapping

    return suggest_mapping(rows)


def convert(mapping: dict[str, Any], rows: list[Any]) -> Any:
    from trainer.data.row_maker import convert_rows

    return convert_rows(mapping, rows)


def replace(change: dict[str, Any], rows: list[dict[str, Any]], tables: bool, mapping: dict[str, Any]) -> dict[str, Any]:
    from trainer.data.replace_preview import preview

    return preview(change, rows, tables, mapping)


def templates() -> list[str]:
    from trainer.inspect.templates import bundled_templates

    return bundled_templates()


def inspect(
    row: dict[str, Any], model: dict[str, Any], cutoff: int, template: dict[str, Any] | None = None, look: dict[str, bool] | None = None
) -> dict[str, Any]:
    from trainer.inspect.row import AS_TRAINED, Look, inspect_row

    return inspect_row(encoder_of(model, template), row, cutoff, AS_TRAINED if look is None else Look(**look))


def sample(rows: list[dict[str, Any]], model: dict[str, Any], cutoff: int) -> dict[str, Any]:
    """How much of these rows would be learned from, with the cutoff and without it."""
    from trainer.data.masks import RowRefused

    encoder = encoder_of(model)
    counts = {"rows": 0, "refused": 0, "tokens": 0, "trainedTokens": 0, "wholeTrainedTokens": 0}
    refusal = None
    for row in rows:
        try:
            encoded = encoder.encode_row(row)
        except RowRefused as error:
            refusal = refusal or {"code": error.reason, "message": f"row {row['index']}: {error}"}
            counts["refused"] += 1
            continue
        cut = encoded.cut(cutoff)
        counts["rows"] += 1
        counts["tokens"] += len(cut.input_ids)
        counts["trainedTokens"] += cut.trained_tokens
        counts["wholeTrainedTokens"] += encoded.trained_tokens
    return {**counts, "refusal": refusal}


def encoder_of(model: dict[str, Any], template: dict[str, Any] | None = None) -> Any:
    from trainer.inspect.templates import read_template
    from trainer.inspect.tokenizers import find_encoder

    try:
        text = None if template is None else read_template(template)
    except Failure as failure:
        raise Refused(failure.code, f"{failure.message} {failure.remedy}", "settings.template") from failure
    try:
        return find_encoder(model["path"], model["trustRemoteCode"], text)
    except Failure as failure:
        remedy = f" {failure.remedy}" if failure.remedy else ""
        raise Refused(failure.code, f"{failure.message}{remedy}", "settings.modelId") from failure


METHODS = {"guess": guess, "suggest": suggest, "convert": convert, "replace": replace, "inspect": inspect, "templates": templates, "sample": sample}
