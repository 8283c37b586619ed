"""Chat templates to look at rows with in place of a model's own: those that trl brings, and files of the person."""

import importlib.util
from pathlib import Path
from typing import Any

from trainer.data.sentences import say
from trainer.failures import Failure

MAX_BYTES = 1_000_000
ENDING = ".jinja"


def bundled_templates() -> list[str]:
    """Names only: trl itself is not imported, which would take seconds."""
    return sorted(path.stem for path in bundled_folder().glob(f"*{ENDING}")) if bundled_folder().is_dir() else []


def read_template(choice: dict[str, Any]) -> str:
    """`choice` is `{"name"}` of a bundled one, or `{"path"}` of a file that the server has found inside the allowed roots."""
    if "name" in choice:
        if choice["name"] not in bundled_templates():
            raise Failure("template_refused", say("template_unknown", name=choice["name"]), say("take_template"))
        return (bundled_folder() / f"{choice['name']}{ENDING}").read_text(encoding="utf-8")
    path = Path(choice["path"])
    try:
        if path.stat().st_size > MAX_BYTES:
            raise ValueError("it has more than 1 MB")
        return path.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise Failure("template_refused", say("template_unreadable", path=str(path), words=str(error)), say("take_template")) from error


def bundled_folder() -> Path:
    found = importlib.util.find_spec("trl")
    places = list(found.submodule_search_locations or []) if found is not None else []
    return Path(places[0] if places else "/nowhere") / "chat_templates"
