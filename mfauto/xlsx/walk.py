"""A worksheet part gone through by a full parse: where it is, and which row and cell that is.

Knows prefixed names, rows and cells without `r`, in any order, and alternative contents:
of those it takes the first that Excel itself would take.
"""

import functools

from mfauto.addresses import letters
from mfauto.xlsx import markup
from mfauto.xlsx.refs import LAST_COLUMN, LAST_ROW, position, reference
from mfauto.xlsx.refusals import damaged

ROWS = ["worksheet", "sheetData"]  #: the path on which rows stand
CELLS = [*ROWS, "row"]
CONTENTS = [*CELLS, "c"]

_OFFICE = "http://schemas.microsoft.com/office/spreadsheetml"
_UNDERSTOOD = frozenset(  #: namespaces of Excel's own additions
    {
        *markup.MAIN,
        f"{_OFFICE}/2009/9/main",
        f"{_OFFICE}/2009/9/ac",
        f"{_OFFICE}/2010/11/main",
        f"{_OFFICE}/2010/11/ac",
        f"{_OFFICE}/2014/11/main",
        f"{_OFFICE}/2014/revision",
        f"{_OFFICE}/2015/02/main",
        f"{_OFFICE}/2015/revision2",
        f"{_OFFICE}/2016/revision3",
    }
)
_ALTERNATIVES, _CHOICE, _FALLBACK = (
    f"{markup.COMPATIBILITY} {name}" for name in ("AlternateContent", "Choice", "Fallback")
)
_WRAPPERS = frozenset({_ALTERNATIVES, _CHOICE, _FALLBACK})

_COLUMNS = {letters(at): at for at in range(1, 703)}
_DEEP = 16  #: elements within elements, from where on they are counted
_local_name = functools.lru_cache(maxsize=4096)(markup.local_name)


class Places:
    """Works out row and column numbers, stated or counted."""

    def __init__(self, file: str, part: str) -> None:
        self.row = 0
        self.column = 0
        self._file, self._part = file, part
        self.shifted = False  #: whether some row's number was told by its first cell alone
        self._digits = ""  #: of the row's number
        self._counted = False  #: whether the row does not state its number

    def enter_row(self, attributes: dict[str, str]) -> None:
        """Take the next row."""
        stated = attributes.get("r")
        number = self.row + 1
        if stated is not None:
            number = int(stated) if stated.isdecimal() and stated.isascii() else 0
        if not 0 < number <= LAST_ROW:
            raise damaged(
                self._file, f'its part "{self._part}" has a row {stated or number}, which is none'
            )
        self.row, self.column = number, 0
        self._counted = stated is None
        self._digits = str(number)

    def enter_cell(self, attributes: dict[str, str]) -> None:
        """Take the next cell of the row."""
        stated = attributes.get("r")
        row, column = self.row, self.column + 1
        quick = _COLUMNS.get(stated.removesuffix(self._digits)) if stated else None
        if quick is not None:
            column = quick
        elif stated is not None:
            try:
                row, column = position(stated)
            except ValueError:
                row = 0
        if row > self.row and self._counted and not self.column:  # the cell knows better
            self.row, self.shifted = row, True
            self._digits = str(row)
        if row != self.row or not 0 < column <= LAST_COLUMN:
            ref = stated or reference(self.row, column)
            raise damaged(self._file, f'its part "{self._part}" has cell {ref} in the wrong place')
        self.column = column


class Walk(Places):
    """Follows one parse; its parser's handlers call `start` and `end` first."""

    def __init__(self, file: str, part: str, encoding: str | None = None) -> None:
        super().__init__(file, part)
        self.path: list[str] = []  #: names of the open elements, alternatives' wrappers left out
        self.parser = markup.parser(file, part, encoding)
        self.parser.StartNamespaceDeclHandler = self._declare
        self._spaces: dict[str, str] = {}
        self._open: list[str] = []  #: every open element, as the parser names it
        self._taken: list[bool] = []  #: of the open alternatives, whether one has been taken
        self._left_out = 0  #: how deep the alternative stands that is not taken; 0 for none

    @property
    def among_alternatives(self) -> bool:
        """Whether it stands in one of several alternative contents."""
        return bool(self._taken)

    def _declare(self, prefix: str | None, space: str | None) -> None:
        self._spaces[prefix or ""] = space or ""

    def start(self, name: str, attributes: dict[str, str]) -> str | None:
        """Enter an element: its plain name, or None where it is not to be read."""
        self._open.append(name)
        if len(self._open) > _DEEP:
            markup.check_depth(len(self._open), self._file, self._part)
        if self._left_out:
            return None
        if name in _WRAPPERS:
            self._start_wrapper(name, attributes)
            return None
        local = _local_name(name)
        if local == "c" and self.path == CELLS:
            self.enter_cell(attributes)
        elif local == "row" and self.path == ROWS:
            self.enter_row(attributes)
        self.path.append(local)
        return local

    def end(self, name: str) -> str | None:
        """Leave an element, likewise."""
        self._open.pop()
        if self._left_out:
            if len(self._open) < self._left_out:
                self._left_out = 0
            return None
        if name in _WRAPPERS:
            if name == _ALTERNATIVES:
                self._taken.pop()
            return None
        return self.path.pop()

    def _start_wrapper(self, name: str, attributes: dict[str, str]) -> None:
        if name == _ALTERNATIVES:
            self._taken.append(False)
            return
        if not self._taken:
            raise damaged(self._file, f'its part "{self._part}" has a choice among nothing')
        wanted = attributes.get("Requires", "").split()
        known = all(self._spaces.get(prefix) in _UNDERSTOOD for prefix in wanted)
        if self._taken[-1] or (name == _CHOICE and not (wanted and known)):
            self._left_out = len(self._open)
        else:
            self._taken[-1] = True
