"""How emails leave, with real servers on this computer."""
