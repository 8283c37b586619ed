"""Building blocks of every spec: numbers, names and paths as lib/contract checks them."""

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic.alias_generators import to_camel

SAFE_INTEGER = 2**53 - 1
JS_WHITESPACE = (
    "\t\n\v\f\r \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
)


def whole(value: Any) -> Any:
    """JavaScript writes 3.0 as 3, and both are whole there; so are they here."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) > SAFE_INTEGER:
        raise ValueError("the number is too large")
    return value


def trim_name(value: Any) -> Any:
    return value.strip(JS_WHITESPACE) if isinstance(value, str) else value


Int = Annotated[int, BeforeValidator(whole)]
RunId = Annotated[str, Field(pattern=r"^run_[0-9a-hjkmnp-tv-z]{12}$")]
DatasetId = Annotated[str, Field(pattern=r"^ds_[0-9a-hjkmnp-tv-z]{12}$")]
ModelId = Annotated[str, Field(pattern=r"^mod_[0-9a-hjkmnp-tv-z]{12}$")]
CheckpointName = Annotated[str, Field(pattern=r"^checkpoint-[0-9]{1,9}$")]
AbsolutePath = Annotated[str, Field(pattern=r"^/")]
RunName = Annotated[str, BeforeValidator(trim_name), Field(min_length=1, max_length=80, pattern=r"^[^\p{Cc}/\\]+$")]
ModuleName = Annotated[str, Field(pattern=r"^[A-Za-z0-9_.-]{1,80}$")]

TokenName = Annotated[str, Field(pattern=r"^\S([^\n\r\x{2028}\x{2029}]{0,78}\S)?$")]


class Strict(BaseModel):
    model_config = ConfigDict(
        frozen=True, extra="forbid", strict=True, alias_generator=to_camel, allow_inf_nan=False, protected_namespaces=()
    )


class ModelInput(Strict):
    """Weights as the server resolved them: a local folder or a hub id, and an adapter on top or none."""

    label: str
    path: AbsolutePath | None
    repo: str | None
    revision: str | None
    adapter_path: AbsolutePath | None
    trust_remote_code: bool
