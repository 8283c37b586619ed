"""For workers that have nothing to save: stop, abort and SIGTERM all mean an end at once."""

from collections.abc import Callable

from trainer.control import Control, Stopped


def stop_check(control: Control, refusal: str) -> Callable[[], None]:
    """A function that raises Stopped when an end is asked for; other verbs are refused with `refusal`."""

    def obey() -> None:
        ended = control.signalled
        for request in control.poll():
            if request.verb in ("stop", "abort"):
                control.done(request)
                ended = True
            else:
                control.refuse(request, refusal)
        if ended:
            raise Stopped

    return obey
