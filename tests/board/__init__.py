"""One page of where every case stands."""
