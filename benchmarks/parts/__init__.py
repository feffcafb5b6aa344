"""The parts of the table, a module each; `PARTS` names them in the order of the page."""
