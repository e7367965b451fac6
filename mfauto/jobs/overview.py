"""The board: one page of where every case stands, made anew by each run."""

from mfauto.jobs.done import Done
from mfauto.jobs.run import Run
from mfauto.model import Review
from mfauto.parts import part


def board(run: Run, found: Review) -> Done:
    """Make the board in the output folder, in the place of the one before."""
    from mfauto.board import BOARD, board_of, board_page  # noqa: PLC0415 - not always needed
    from mfauto.saving import made_beside, put_in_place  # noqa: PLC0415

    target = run.settings.output / BOARD
    if run.dry_run:
        return Done(said=[f"The board would be made: {target}."])
    with part("Making the board"):
        text = board_page(board_of(found), run.settings)
        target.parent.mkdir(parents=True, exist_ok=True)
        with made_beside(target, [text.encode()]) as made:
            put_in_place(made, target)
    return Done(said=[f"The board is made: {target}. Open it in a browser."], made=[target])
