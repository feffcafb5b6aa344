"""Branch isolation: what people of one branch are shown of another's, asked as they would ask themselves."""

from hypercare.branch_isolation.isolation import BranchIsolation

__all__ = ["BranchIsolation"]
