"""One page of where every case stands: nothing on it but what `check` says, put in order.

Pure. It holds case refs, service areas and Heads of Service; no other name and no free text.
"""

from mfauto.board.page import BOARD, board_page
from mfauto.board.told import Board, Card, Column, Day, Group, Left, Unsafe, board_of

__all__ = [
    "BOARD",
    "Board",
    "Card",
    "Column",
    "Day",
    "Group",
    "Left",
    "Unsafe",
    "board_of",
    "board_page",
]
