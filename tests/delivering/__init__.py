"""Delivery to real servers."""
