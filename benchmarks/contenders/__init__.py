"""What is measured: plain functions that import what they need, and nothing before.

Each runs in a process of its own. A generator is timed from its `yield` on.
"""
