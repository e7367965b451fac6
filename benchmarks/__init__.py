"""How fast the product is, beside its peers and the limits of the machine, in one run.

`python -m benchmarks` runs everything. A section is data, in `sections/`; what it
runs are plain functions, in `contenders/`, each in a process of its own.
"""
