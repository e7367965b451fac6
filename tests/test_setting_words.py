"""Each setting in words: none left out, and each example may stand in the file."""

import tomllib
from pathlib import Path

import pytest

from mfauto.setting_words import GROUPS, OWN_NAMES, Setting, as_toml, settings_in_words
from mfauto.settings import CONFIG, KEYS, Settings, read_settings

SETTINGS = list(settings_in_words())


def read_with(folder: Path, section: str, key: str, value: str) -> Settings:
    heading = f"[{section}]\n" if section else ""
    (folder / CONFIG).write_text(f"{heading}{key} = {value}\n", encoding="utf-8")
    return read_settings(None, folder)


def test_every_setting_has_its_words_and_nothing_else_has() -> None:
    described = [(one.section, one.key) for one in SETTINGS]
    known = [(section, key) for section, keys in KEYS.items() for key in keys]
    assert sorted(described) == sorted(known)
    assert set(GROUPS) == set(KEYS)


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda one: one.name)
def test_the_words_are_one_line_and_the_example_may_stand_in_the_file(
    setting: Setting, tmp_path: Path
) -> None:
    assert setting.meaning.isprintable()
    assert not setting.meaning.endswith(".")
    assert (setting.default is None) == bool(setting.unset)
    example = as_toml(setting.example)
    assert tomllib.loads(f"value = {example}")
    read_with(tmp_path, setting.section, setting.key, example)


@pytest.mark.parametrize(
    "setting",
    [one for one in SETTINGS if one.default is not None],
    ids=lambda one: one.name,
)
def test_a_default_written_down_changes_nothing(setting: Setting, tmp_path: Path) -> None:
    assert setting.default is not None
    written = read_with(tmp_path, setting.section, setting.key, as_toml(setting.default))
    assert written == Settings(folder=tmp_path)


@pytest.mark.parametrize("section", OWN_NAMES)
def test_the_trackers_own_names_are_shown_by_an_example_that_is_read(
    section: str, tmp_path: Path
) -> None:
    _, name, own = OWN_NAMES[section]
    assert read_with(tmp_path, section, as_toml(name), as_toml(own)) != Settings(folder=tmp_path)
