"""The calendar of what falls due."""
