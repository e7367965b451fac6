"""The words in which a file is refused: what it is, and what to do."""

from mfauto.errors import TrackerError

SAVE_AS = "Open it in Excel and use Save As, Excel Workbook (.xlsx)."


def damaged(file: str, why: str) -> TrackerError:
    """Refusal of a file that is not whole, or was tampered with."""
    return TrackerError(
        f"{file} is damaged: {why}.\n"
        "It was left as it is. Restore the last good copy, or let Excel repair it and save it."
    )


def unsupported(file: str, what: str, to_do: str = SAVE_AS) -> TrackerError:
    """Refusal of a file of another type."""
    return TrackerError(f"{file} is {what}, not an Excel workbook (.xlsx).\n{to_do}")


def not_written(file: str, sheet: str, ref: str, why: str, to_do: str) -> TrackerError:
    """Refusal to write one cell."""
    return TrackerError(f'{file}, sheet "{sheet}", cell {ref}: {why}.\n{to_do}')


def differs(file: str, what: str) -> TrackerError:
    """Refusal of a new file that, read back, is not what it should be."""
    return TrackerError(
        f"{file}: read back after writing, {what}.\n"
        "The new file was thrown away; nothing was changed. Please report this."
    )
