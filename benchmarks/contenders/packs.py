"""The whole `pack` command."""


def pack(config: str) -> None:
    """Make the assurance pack of January 2026."""
    from mfauto.cli import main

    main(["pack", "--config", config, "--month", "2026-01"])


def pack_without_small_numbers(config: str) -> None:
    """Make it with the small numbers kept back."""
    from pathlib import Path

    from mfauto.cli import main

    other = Path(config).with_name("kept-back.toml")
    main(["pack", "--config", str(other), "--month", "2026-01"])


def check(config: str) -> None:
    """Read and review the same tracker, without a document."""
    from mfauto.cli import main

    main(["check", "--config", config, "--as-at", "2026-01-31", "--format", "json"])


def import_libraries(_config: str) -> None:
    """Import every library that a pack needs, and nothing of the product."""
    import docx
    import docxtpl
    import jinja2
    import pandas as pd

    assert docx
    assert docxtpl
    assert jinja2
    assert pd


def import_pandas(_config: str) -> None:
    """Import pandas, which every pack needs."""
    import pandas as pd

    assert pd
