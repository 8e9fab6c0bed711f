"""Import Gradio without what it only does for its own developers.

While it is imported, Gradio parses the source of every component and rewrites the stub file beside
it (``create_or_modify_pyi``): 1.4 of the 3.8 processor seconds that its import takes, at every
start of the server. Nothing at run time reads those files. To be imported before Gradio is.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType

_MODULE = "gradio.component_meta"
_FUNCTION = "create_or_modify_pyi"


class _WithoutStubs(MetaPathFinder):
    """Finds one module as Python would, and empties one function of it once it is loaded."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname != _MODULE:
            return None
        spec = PathFinder.find_spec(fullname, path, target)
        loader = spec.loader if spec is not None else None
        if loader is not None:
            load = loader.exec_module

            def exec_module(module: ModuleType) -> None:
                load(module)
                if hasattr(module, _FUNCTION):
                    setattr(module, _FUNCTION, _nothing)

            loader.exec_module = exec_module  # type: ignore[method-assign]
        return spec


def _nothing(*_: object, **__: object) -> None:
    """Stand where stub files would be written."""


if _MODULE not in sys.modules:
    sys.meta_path.insert(0, _WithoutStubs())
