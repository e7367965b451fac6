"""What people read can be read by everybody: axe in Chromium finds nothing wrong."""
