"""Where the evaluation texts lie that may be measured but not copied into the project."""

from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest

SHARED = Path(__file__).parents[1].parent / "shared"

needs_shared = pytest.mark.skipif(
    not (SHARED / "eval" / "score.py").is_file(),
    reason=f"{SHARED} is not there: the evaluation texts do not belong to the project",
)


def scorer() -> ModuleType:
    """Return ../shared/eval/score.py as a module."""
    spec = spec_from_file_location("shared_score", SHARED / "eval" / "score.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
