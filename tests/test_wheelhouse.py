"""The folder that installs mfauto without internet: what goes in, and that it works."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tools import make_wheelhouse

PROJECT = Path(__file__).parent.parent
LOCK = (PROJECT / "requirements.lock").read_text(encoding="utf-8")
SCRIPTS = PROJECT / "tools" / "installing"
LONG = pytest.mark.skipif(
    not os.environ.get("MFAUTO_LONG") or sys.platform == "win32",
    reason="downloads every package; set MFAUTO_LONG=1",
)


def names(pins: str) -> dict[str, str]:
    return dict(re.findall(r"^([A-Za-z0-9._-]+)==(\S+)", pins, re.MULTILINE))


@pytest.mark.parametrize("version", make_wheelhouse.VERSIONS)
def test_each_python_gets_every_package_once_and_with_hashes(version: str) -> None:
    pins = make_wheelhouse.pins(LOCK, version, "win32")
    assert names(pins).keys() == names(LOCK).keys()
    assert ";" not in pins
    assert pins.count("--hash=") > len(names(pins))
    assert not [line for line in pins.splitlines() if not line.startswith((" ", *names(LOCK)))]


def test_a_package_of_two_versions_is_taken_by_the_python_it_is_for() -> None:
    lock = (
        "one==1.0 ; python_full_version < '3.12' \\\n    --hash=sha256:a\n"
        "one==2.0 ; python_full_version >= '3.12' \\\n    --hash=sha256:b\n"
        "two==1.0 ; sys_platform == 'win32' \\\n    --hash=sha256:c\n    # via one\n"
    )
    assert make_wheelhouse.pins(lock, "3.11", "linux") == "one==1.0 \\\n    --hash=sha256:a\n"
    assert make_wheelhouse.pins(lock, "3.13", "win32") == (
        "one==2.0 \\\n    --hash=sha256:b\ntwo==1.0 \\\n    --hash=sha256:c\n"
    )


def test_a_marker_that_is_not_understood_is_refused() -> None:
    with pytest.raises(SystemExit, match="not understood"):
        make_wheelhouse.pins("one==1.0 ; os_name == 'nt' \\\n", "3.11", "win32")


def test_every_file_that_the_program_reads_goes_into_the_wheel() -> None:
    """`setup.py` names text files of the package itself, Word files, and one folder deeper."""
    data = [
        path.relative_to(PROJECT / "mfauto").as_posix()
        for path in (PROJECT / "mfauto").rglob("*")
        if path.is_file() and path.suffix not in (".py", ".pyc")
    ]
    assert all("/" not in name and name.endswith((".txt", "py.typed")) for name in data)
    for path in (PROJECT / "templates").rglob("*"):
        parts = path.relative_to(PROJECT / "templates").parts
        assert path.is_dir() or len(parts) == 2 or path.suffix == ".docx"


def test_the_installer_for_windows_is_plain_and_goes_where_it_says() -> None:
    text = (SCRIPTS / "install.cmd").read_text(encoding="ascii")
    labels = set(re.findall(r"^:(\w+)$", text, re.MULTILINE))
    assert set(re.findall(r"(?:goto |call :)(\w+)", text)) == labels
    assert text.count("%FOUND%") == 1
    installs = [line for line in text.splitlines() if " -m pip install " in line]
    assert len(installs) == 2
    assert all("--no-index" in line and "--require-hashes" in line for line in installs)
    used = re.search(r"\\mfauto-program\\Scripts\\python\.exe", text)
    assert used is not None
    versions = {f"({version.replace('.', ',')})" for version in make_wheelhouse.VERSIONS}
    assert all(version in text for version in versions)


@LONG
def test_a_computer_without_internet_installs_it_and_makes_a_folder_and_a_demo(
    tmp_path: Path,
) -> None:
    home, wheelhouse = tmp_path / "home", tmp_path / "on a stick"
    home.mkdir()
    make_wheelhouse.main([str(wheelhouse), "--here"])
    assert b"\r\n" in (wheelhouse / "install.cmd").read_bytes()
    bare = {
        "HOME": str(home),
        "PATH": f"{home}/.local/bin:/usr/bin:/bin",
        "PYTHON": sys.executable,
        "PIP_CONFIG_FILE": os.devnull,
    }

    def ran(*command: str, folder: Path = home) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command, cwd=folder, env=bare, capture_output=True, text=True, check=False
        )

    for _ in range(2):  # a second time is how a newer version is put in its place
        done = ran(str(wheelhouse / "install.sh"))
        assert (done.returncode, done.stderr) == (0, "")
    made = ran("mfauto", "init", "new", "--yes")
    assert "\n  mfauto doctor\n" in made.stdout
    (home / "new" / "schedule.py").write_text("raise SystemExit(9)", encoding="utf-8")
    for command, code in ((["check"], 0), (["templates", "check"], 0), (["doctor"], 2)):
        done = ran("mfauto", *command, folder=home / "new")
        assert (done.returncode, done.stderr) == (code, ""), command
    assert "Packages: all " in done.stdout
    done = ran("mfauto", "demo")
    assert (done.returncode, done.stderr) == (0, "")
    cron = (home / "new" / "start-mfauto" / "mfauto.cron").read_text(encoding="utf-8")
    line = next(line for line in cron.splitlines() if line.startswith("30 6"))
    done = ran("/bin/sh", "-c", line.split("* * * ")[1])
    assert done.returncode == 5  # nobody stands on People yet
    log = (home / "new" / "mfauto-run.log").read_text(encoding="utf-8")
    assert "no flag had to change" in log


@LONG
def test_the_wheels_for_windows_can_all_be_had(tmp_path: Path) -> None:
    make_wheelhouse.main([str(tmp_path / "new")])
    wheels = [path.name for path in (tmp_path / "new" / "wheels").iterdir()]
    for package in ("pandas", "numpy", "lxml", "rapidfuzz"):
        for version in make_wheelhouse.VERSIONS:
            mark = f"-cp{version.replace('.', '')}-win_amd64.whl"
            assert [name for name in wheels if name.startswith(package) and name.endswith(mark)]
    assert any(name.startswith("tzdata-") for name in wheels)
