"""Writes `tracker_template.xlsx`. A test says that the file is what this makes."""

from pathlib import Path

from mfauto.template import make_template

TARGET = Path(__file__).parent.parent / "tracker_template.xlsx"

if __name__ == "__main__":
    make_template(TARGET)
