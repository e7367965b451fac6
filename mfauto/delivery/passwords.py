"""Secrets come from the environment, else from `.env` in the working folder; from nowhere else."""

import os
from pathlib import Path
from typing import Final

from mfauto.errors import SettingsError

ENV: Final = ".env"


def secret(folder: Path, name: str) -> str | None:
    """Give one secret of a working folder; None where it is not set.

    Raises:
        SettingsError: `.env` cannot be read.

    """
    from dotenv import dotenv_values  # noqa: PLC0415 - only live delivery needs it

    found = os.environ.get(name)
    path = folder / ENV
    if not found and path.is_file():
        try:
            found = dotenv_values(path, interpolate=False, encoding="utf-8-sig").get(name)
        except (UnicodeDecodeError, OSError) as error:
            raise SettingsError(
                f"{path}: it cannot be read as text. Save it again as UTF-8."
            ) from error
    hidden = folder / f"{ENV}.txt"
    if not found and not path.is_file() and hidden.is_file():
        raise SettingsError(
            f"{hidden}: its name ends in .txt, so {name} is not found.\nRename it to {ENV}."
        )
    return found or None
