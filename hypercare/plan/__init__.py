"""The plan as data: checklist, rounds, phases, the business calendar."""
