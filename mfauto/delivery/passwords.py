"""Secrets come from the environment, else from `.env` in the working folder; from nowhere else."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from mfauto.errors import SettingsError

ENV: Final = ".env"
SMTP_PASSWORD: Final = "MFAUTO_SMTP_PASSWORD"  # noqa: S105 - a name
GRAPH_SECRET: Final = "MFAUTO_GRAPH_SECRET"  # noqa: S105
CERTIFICATE_PASSWORD: Final = "MFAUTO_GRAPH_CERTIFICATE_PASSWORD"  # noqa: S105
#: each secret, and what it is, for `.env.example` and the docs
SECRETS: Final[Mapping[str, str]] = {
    GRAPH_SECRET: 'delivery = "graph": the value of the application\'s client secret',
    CERTIFICATE_PASSWORD: 'delivery = "graph": the password of the certificate\'s key, if any',
    SMTP_PASSWORD: 'delivery = "smtp": the password of [smtp] user; a relay needs none',
}


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
    return found or None
