"""Which of what the history notes still counts, seen from a moment.

What was made for a day still to come is a look ahead: it says nothing of the days before,
and nothing any more once its day is there. Nor does what a wrong clock noted, once a person
has accepted that it was wrong. This is the only place that decides it.
"""

from datetime import date, datetime

from mfauto.ledger import Delivery, Entry, Ledger
from mfauto.schedule import LONDON, begins


class Recall:
    """The history as it counts at `now`."""

    def __init__(self, ledger: Ledger, now: datetime) -> None:
        self._today = now.astimezone(LONDON).date()
        self._put_right = ledger.last("accepted")
        self._ledger = ledger
        self._numbers: dict[str, int] | None = None

    def real(self, number: int, at: datetime, day: date | None) -> bool:
        """Say whether entry `number`, written `at`, was meant for a `day` that had come by then.

        A day of None is no question of time. An entry that a person has put right is not real.
        """
        if day is None:
            return True
        wrong_clock = (
            self._put_right is not None
            and number < self._put_right.number
            and day > self._put_right.at.astimezone(LONDON).date()
        )
        return not wrong_clock and day <= at.astimezone(LONDON).date()

    def counts(self, number: int, at: datetime, day: date | None) -> bool:
        """Say the same also of a look ahead, as long as its day has not come."""
        if self.real(number, at, day):
            return True
        wrong_clock = self._put_right is not None and number < self._put_right.number
        return not wrong_clock and day is not None and day > self._today

    def run(self, entry: Entry, as_at: date) -> bool:
        """Say whether an entry about a run tells something to a run for the day `as_at`."""
        meant = date.fromisoformat(str(entry.facts.get("as_at") or date.min))
        job, period = str(entry.facts.get("job") or entry.facts.get("kind")), entry.facts["period"]
        day = max(meant, begins(job, str(period)) or date.min)
        if self.real(entry.number, entry.at, day):
            return True
        return meant <= as_at and self.counts(entry.number, entry.at, day)

    def email(self, delivery: Delivery) -> bool:
        """Say whether an email, in whatever state, counts as that of its period."""
        number, day = self._number(delivery), begins(delivery.kind, delivery.period)
        return self.counts(number, delivery.changed, day)

    def real_email(self, delivery: Delivery) -> bool:
        """Say whether an email was made in a period that had begun."""
        number, day = self._number(delivery), begins(delivery.kind, delivery.period)
        return self.real(number, delivery.changed, day)

    def _number(self, delivery: Delivery) -> int:
        """Give the number of the entry that last spoke of an email; 0 where nobody asks for it."""
        if self._put_right is None:
            return 0
        if self._numbers is None:
            entries = self._ledger.entries("email")
            self._numbers = {str(one.facts.get("key")): one.number for one in entries}
        return self._numbers.get(delivery.key, 0)
