"""The walls between branches: what people of one are shown of another's, asked as they would ask themselves."""

from hypercare.branch_isolation.noun import Walls

__all__ = ["Walls"]
