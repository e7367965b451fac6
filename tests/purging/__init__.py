"""What is old enough goes, and nothing else; the history stays whole."""
