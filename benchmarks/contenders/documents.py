"""Exception reports: 200 different ones, from the template that the product comes with."""

import zipfile
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

NUMBER = 200
_AS_AT = date(2026, 1, 31)


def reports(tracker: str) -> Iterator[None]:
    """Work out, fit and write each report and flush them to the disk, as `exceptions` does."""
    from mfauto.documents import exception_reports

    review, refs, settings = _reviewed(tracker)
    exception_reports(review, [(refs[0], _new("warm"))], settings)
    wanted = [(ref, _new(ref)) for ref in refs]
    yield
    exception_reports(review, wanted, settings)


def fitted(tracker: str) -> Iterator[None]:
    """Fit what is worked out already on the one page, fill the template and write each file."""
    from mfauto.report import TEMPLATE, on_one_page, worked_out
    from mfauto.word import render

    review, refs, settings = _reviewed(tracker)
    template = settings.templates / TEMPLATE
    said = [worked_out(review, ref, settings) for ref in refs]
    targets = [_new(str(number)) for number in range(len(said))]

    def make(number: int, target: Path) -> None:
        made = on_one_page(said[number], settings)
        fields = {name: getattr(made, name) for name in made.__slots__}
        render(template, fields, target, title="T", as_at=_AS_AT, flush=False)

    make(0, _new("warm"))
    yield
    for number, target in enumerate(targets):
        make(number, target)


def fitted_alone(tracker: str) -> Iterator[None]:
    """Fit what is worked out already on the one page, and fill nothing."""
    from mfauto.report import on_one_page, worked_out

    review, refs, settings = _reviewed(tracker)
    said = [worked_out(review, ref, settings) for ref in refs]
    on_one_page(said[0], settings)
    yield
    for one in said:
        on_one_page(one, settings)


def filled(tracker: str) -> Iterator[None]:
    """Fill the template with fields that are there, and write each file."""
    from mfauto.word import render

    template, contexts = _contexts(tracker)
    render(template, contexts[0], _new("warm"), title="T", as_at=_AS_AT)
    targets = [_new(str(number)) for number in range(len(contexts))]
    yield
    for target, context in zip(targets, contexts, strict=True):
        render(template, context, target, title="T", as_at=_AS_AT, flush=False)


def filled_in_memory(tracker: str) -> Iterator[None]:
    """Fill the template, and write nothing."""
    from mfauto.word import filled as in_memory

    template, contexts = _contexts(tracker)
    in_memory(template, contexts[0], title="T", as_at=_AS_AT)
    yield
    for context in contexts:
        in_memory(template, context, title="T", as_at=_AS_AT)


def docxtpl(tracker: str) -> Iterator[None]:
    """Fill the same template with the same fields, as docxtpl's documentation shows."""
    from docxtpl import DocxTemplate

    template, contexts = _contexts(tracker)
    yield
    for number, context in enumerate(contexts):
        document = DocxTemplate(template)
        document.render(dict(context), autoescape=True)
        document.save(f"{number}.docx")


def zipped(tracker: str) -> Iterator[None]:
    """Put members that are packed already into a zip file, and write it."""
    documents = [_packed(document) for document in _documents(tracker)]
    yield
    for number, members in enumerate(documents):
        with zipfile.ZipFile(f"{number}.docx", "w") as file:
            for name, data in members:
                file.writestr(zipfile.ZipInfo(name), data)


def written(tracker: str) -> Iterator[None]:
    """Write the bytes of each file."""
    documents = _documents(tracker)
    yield
    for number, document in enumerate(documents):
        Path(f"{number}.docx").write_bytes(document)


def _new(name: str) -> Path:
    """Give the path of a file that is not there."""
    path = Path(f"{name}.docx")
    path.unlink(missing_ok=True)
    return path


def _reviewed(tracker: str) -> tuple[Any, list[str], Any]:
    from mfauto.process import review
    from mfauto.settings import Settings
    from mfauto.workbook import read_tracker

    settings = Settings(folder=Path())
    found = review(read_tracker(Path(tracker), settings), settings.policy, _AS_AT)
    refs = [place.case for place in found.positions if place.grade == "Inadequate"]
    return found, refs[:NUMBER], settings


def _contexts(tracker: str) -> tuple[Path, list[Mapping[str, Any]]]:
    from mfauto.report import TEMPLATE, report
    from mfauto.word.values import plain

    review, refs, settings = _reviewed(tracker)
    template = settings.templates / TEMPLATE
    return template, [plain(report(review, ref, settings)) for ref in refs]


def _documents(tracker: str) -> list[bytes]:
    from mfauto.word import filled as in_memory

    template, contexts = _contexts(tracker)
    return [in_memory(template, context, title="T", as_at=_AS_AT) for context in contexts]


def _packed(document: bytes) -> list[tuple[str, bytes]]:
    """Give each member of a document as it is packed there."""
    from io import BytesIO

    with zipfile.ZipFile(BytesIO(document)) as file:
        members = []
        for info in file.infolist():
            start = info.header_offset + 30 + len(info.filename.encode())
            members.append((info.filename, document[start : start + info.compress_size]))
    return members
