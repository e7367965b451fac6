"""Other versions of the tracker that stand beside it: a person has to know of them."""

from pathlib import Path

from mfauto.saving import siblings
from mfauto.wording import listed


def beside(path: Path) -> list[str]:
    """Say which other versions of the tracker stand beside it; only the tracker itself is read."""
    found = siblings(path)
    said = []
    if found.conflicts:
        names = listed([f'"{other.name}"' for other in found.conflicts])
        said.append(
            f"Warning: {names} beside {path.name} may be a second version that a sync program "
            f"made. Only {path.name} was read. Bring the two together."
        )
    if found.copies:
        names = listed([f'"{other.name}"' for other in found.copies])
        said.append(f"Beside {path.name}: {names}. Only {path.name} was read.")
    return said
