"""The walls between branches: what people of one are shown of another's, asked as they would ask themselves."""

from hypercare.target.walls.noun import Walls

__all__ = ["Walls"]
