"""What a row is."""
import dataclasses
from typing import Callable


@dataclasses.dataclass(frozen=True)
class Row:
    """`run(bench)` is a generator: what comes before its first `yield` is the set-up, each `yield` a round with every
    side's figures, and leaving its `with` blocks is the tear-down, also when it is stopped in between.
    """
    name: str
    run: Callable
    lines: list
    unit: str                       # of the figures
    targets: tuple = ('qtable',)    # what must be built
    packages: tuple = ()            # what must be installed
    is_short: bool = True           # also in the short form
