"""What a job did."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from mfauto.errors import MfautoError


@dataclass(kw_only=True)
class Done:
    """What a job did: sentences for people, files for programs."""

    said: list[str] = field(default_factory=list)
    asks: list[str] = field(default_factory=list)
    #: those of `said` that a person must know of, also with --quiet
    made: list[Path] = field(default_factory=list)
    failed: list[MfautoError] = field(default_factory=list)  #: what did not work; the rest did
    bugs: list[Exception] = field(default_factory=list)  #: what a job of several stumbled over

    def ask(self, *sentences: str) -> None:
        """Say what a person must know of, or has to do something about."""
        self.said += sentences
        self.asks += sentences

    def __iadd__(self, other: "Done") -> Self:
        """Add what another job did. What several ask of a person is said once."""
        self.said += [one for one in other.said if one not in self.asks]
        self.asks += [one for one in other.asks if one not in self.asks]
        self.made += other.made
        self.failed += other.failed
        self.bugs += other.bugs
        return self

    @property
    def exit_code(self) -> int:
        """The worst of what did not work; 0 where all did."""
        return max((error.exit_code for error in self.failed), default=0)

    def as_json(self, command: str) -> dict[str, Any]:
        """Give what was done for other programs."""
        return {
            "command": command,
            "said": self.said,
            "made": [str(path) for path in self.made],
            "failed": [str(error) for error in self.failed],
        }
