"""Method freeze: some of the model's own weights learn, the others stand still. Counted alike by lib/domain/trainable.ts."""

from collections import Counter
from typing import Any

from trainer.failures import Failure
from trainer.names import IN_LAYER, quoted, stands_in
from trainer.spec_settings import FreezeSettings


def freeze(model: Any, settings: FreezeSettings) -> Any:
    """Leaves `requires_grad` to the chosen weights only."""
    names = [name for name, _ in model.named_parameters()]
    stack = main_stack(names)
    within = [(match, name) for name in names if (match := IN_LAYER.match(name)) and match["stack"] == stack]
    count = 1 + max((int(match["layer"]) for match, _ in within), default=-1)
    layers = chosen_layers(settings.layers, count)
    outside = [name for name in names if not IN_LAYER.match(name)]
    refuse_unknown("modules", settings.modules, [match["inner"] for match, _ in within])
    refuse_unknown("extras", settings.extras, outside)
    wanted = {name for match, name in within if int(match["layer"]) in layers and is_chosen(match["inner"], settings.modules)}
    wanted |= {name for name in outside if settings.extras and is_chosen(name, settings.extras)}
    for name, parameter in model.named_parameters():
        parameter.requires_grad_(name in wanted)
    return model


def main_stack(names: list[str]) -> str:
    """A model that also sees has layers of two kinds; those of the larger part are meant."""
    stacks = Counter(match["stack"] for name in names if (match := IN_LAYER.match(name)))
    return stacks.most_common(1)[0][0] if stacks else ""


def chosen_layers(wanted: int, count: int) -> range:
    if abs(wanted) > count:
        raise Failure("spec_invalid", f"freeze.layers: {wanted} layers are to be trained, and the model has {count}.", f"Choose {-count} to {count}.")
    return range(count - wanted, count) if wanted >= 0 else range(-wanted)


def is_chosen(path: str, names: list[str]) -> bool:
    return not names or any(stands_in(path, name) for name in names)


def refuse_unknown(field: str, names: list[str], paths: list[str]) -> None:
    missing = [name for name in names if not any(stands_in(path, name) for path in paths)]
    if missing:
        known = sorted({path.removesuffix(".weight").removesuffix(".bias") for path in paths})
        place = "in its layers" if field == "modules" else "outside its layers"
        raise Failure("spec_invalid", f"freeze.{field}: this model has no {quoted(missing)} {place}.", f"There are: {', '.join(known)}.")
