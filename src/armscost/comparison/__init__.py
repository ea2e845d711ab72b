"""Unit cost, cost per capability, frontier, ranking."""
