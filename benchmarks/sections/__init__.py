"""The sections in their order. A new one: its data in a module here, and its line below."""

from benchmarks.sections.documents import DOCUMENTS
from benchmarks.sections.flagging import FLAGGING
from benchmarks.sections.many import MANY
from benchmarks.sections.packs import PACKS
from benchmarks.sections.reading import READING
from benchmarks.sections.running import RUNNING
from benchmarks.sections.starting import STARTING
from benchmarks.sections.writing import WRITING

SECTIONS = (READING, WRITING, FLAGGING, DOCUMENTS, PACKS, RUNNING, STARTING, MANY)
