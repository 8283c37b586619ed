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


def convert(mapping: dict[str, Any], rows: list[Any]) -> Any:
    from trainer.data.row_maker import convert_rows

    return convert_rows(mapping, rows)


def inspect(row: dict[str, Any], model: dict[str, Any], cutoff: int) -> dict[str, Any]:
    from trainer.inspect.row import inspect_row
    from trainer.inspect.tokenizers import find_encoder

    try:
        return inspect_row(find_encoder(model["path"], model["trustRemoteCode"]), row, cutoff)
    except Failure as failure:
        remedy = f" {failure.remedy}" if failure.remedy else ""
        raise Refused(failure.code, f"{failure.message}{remedy}", "settings.modelId") from failure


METHODS = {"guess": guess, "convert": convert, "inspect": inspect}
