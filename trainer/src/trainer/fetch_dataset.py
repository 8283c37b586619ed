"""Files of a data set of the hub, from the network or the cache.

Only files of rows are fetched (Parquet first); scripts never are, and nothing of the data set is run.
"""

import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

ENDINGS = (".parquet", ".jsonl", ".json", ".csv", ".tsv", ".arrow", ".txt")
PACKED = (".gz", ".zst")
# The hub itself converts what it can to Parquet, one folder a subset, one a split.
CONVERTED = "refs/convert/parquet"


Watch = Callable[[int, int], None]
"""Is told bytes that came and how many all files have, and may end the work."""


class Refused(Exception):
    pass


def fetch(folder: Path, repo: str, subset: str | None, split: str | None, revision: str | None, watch: Watch) -> list[str]:
    from huggingface_hub.errors import GatedRepoError, HfHubHTTPError, LocalEntryNotFoundError, OfflineModeIsEnabled, RepositoryNotFoundError
    from httpx import HTTPError
    from huggingface_hub.errors import HFValidationError, RevisionNotFoundError

    try:
        found = from_network(repo, subset, split, revision, watch)
    except HFValidationError as error:
        raise Refused(f"{repo} is no name of a data set on the hub: {error}") from error
    except (GatedRepoError, RepositoryNotFoundError, RevisionNotFoundError) as error:
        raise Refused(f"The hub does not show a data set {repo} at {revision or 'main'}. Check the spelling; a gated one needs HF_TOKEN.") from error
    except (HfHubHTTPError, LocalEntryNotFoundError, OfflineModeIsEnabled, HTTPError, OSError) as error:
        found = from_cache(repo, subset, split, revision)
        if not found:
            reason = f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}"
            raise Refused(f"{repo} is not in the local cache and the hub can't be reached ({reason[:200]}).") from error
    return keep(found, folder)


def from_network(repo: str, subset: str | None, split: str | None, revision: str | None, watch: Watch) -> dict[str, Path]:
    from huggingface_hub import HfApi, hf_hub_download

    api = HfApi()
    for candidate in [revision] if revision else [CONVERTED, None]:
        try:
            names = api.list_repo_files(repo, repo_type="dataset", revision=candidate)
        except Exception as error:
            if candidate == CONVERTED and type(error).__name__ == "RevisionNotFoundError":
                continue
            raise
        chosen = choose(names, subset, split)
        if chosen:
            break
    else:
        raise Refused(f"{repo} has no files of rows for subset {subset or '(any)'} and split {split or '(any)'}.")
    sizes = {info.path: info.size for info in api.get_paths_info(repo, chosen, repo_type="dataset", revision=candidate)}
    bar = telling(watch, sum(sizes.get(name, 0) for name in chosen))
    return {name: Path(hf_hub_download(repo, name, repo_type="dataset", revision=candidate, tqdm_class=bar)) for name in chosen}


def telling(watch: Watch, total: int) -> type[Any]:
    """A progress bar that shows nothing and tells `watch`."""
    from huggingface_hub.utils import tqdm

    class Bar(tqdm):  # type: ignore[misc]
        def __init__(self, *arguments: Any, **options: Any):
            super().__init__(*arguments, **{**options, "disable": True})

        def update(self, n: float | None = 1) -> None:
            watch(int(n or 0), total)

    return Bar


def from_cache(repo: str, subset: str | None, split: str | None, revision: str | None) -> dict[str, Path]:
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import LocalEntryNotFoundError

    for candidate in [revision] if revision else [CONVERTED, None]:
        try:
            root = Path(snapshot_download(repo, repo_type="dataset", revision=candidate, local_files_only=True))
        except (LocalEntryNotFoundError, OSError, ValueError):
            continue
        chosen = choose([str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()], subset, split)
        if chosen:
            return {name: root / name for name in chosen}
    return {}


def choose(names: list[str], subset: str | None, split: str | None) -> list[str]:
    """Files of one ending, Parquet before others, whose path names the subset and the split."""
    rows = [name for name in sorted(names) if ending(name) and not Path(name).name.startswith((".", "dataset_info"))]
    rows = [name for name in rows if (subset is None or says(name, subset)) and (split is None or says(name, split))] or without_words(rows, subset, split)
    if subset is None and split is None:
        training = [name for name in rows if says(name, "train")]
        rows = training or rows
        folders = sorted({name.split("/")[0] for name in rows if "/" in name})
        if len(folders) > 1 and all("/" in name for name in rows) and "default" in folders:
            rows = [name for name in rows if name.startswith("default/")]
    best = next((kind for kind in ENDINGS if any(ending(name) == kind for name in rows)), None)
    return [name for name in rows if ending(name) == best]


def without_words(rows: list[str], subset: str | None, split: str | None) -> list[str]:
    """A single file that names no split is the split `train`, as the hub's own rule has it."""
    return rows if subset is None and split == "train" and len(rows) == 1 else []


def says(name: str, word: str) -> bool:
    return re.search(rf"(^|[/_.-]){re.escape(word)}([/_.-]|$)", name) is not None


def ending(name: str) -> str | None:
    plain = name
    for packed in PACKED:
        plain = plain.removesuffix(packed)
    return next((kind for kind in ENDINGS if plain.endswith(kind)), None)


def keep(found: dict[str, Path], folder: Path) -> list[str]:
    names = []
    for name, path in found.items():
        # A name from outside never decides about folders here, and names that become the same are told apart.
        flat = re.sub(r"[^\w.-]+", "_", name)[-60:]
        if flat in names or not flat[0].isalnum():
            flat = f"{len(names)}-{flat}"
        target = folder / flat
        shutil.copyfile(path.resolve(), target)
        names.append(flat)
    return names

