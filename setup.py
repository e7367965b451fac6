"""What `pyproject.toml` cannot say: the templates, which stand beside the package, go with it."""

from setuptools import find_namespace_packages, find_packages, setup

setup(
    packages=[
        *find_packages(include=["mfauto", "mfauto.*"]),
        "mfauto.templates",
        *(f"mfauto.templates.{name}" for name in find_namespace_packages("templates")),
    ],
    package_dir={"mfauto.templates": "templates"},
    package_data={"mfauto": ["py.typed", "*.txt"], "mfauto.templates": ["*.docx", "*/*"]},
)
