"""How grave a line of a log is, by the words, numbers and places that say so."""
