"""The exact dense index: a flat FAISS index of inner products, mapped from its file."""

from __future__ import annotations

from pathlib import Path
from typing import Any, TypeAlias

import faiss
import numpy as np
from numpy.typing import NDArray

Vectors: TypeAlias = NDArray[np.float32]
FLAT = "vectors.faiss"


def only(allowed: NDArray[np.bool_] | None) -> Any:  # noqa: ANN401
    """Search parameters that keep a flat search to the allowed vectors; None for all."""
    if allowed is None:
        return None
    library: Any = faiss  # the stubs describe the C++ constructors, not the Python ones
    bits = np.packbits(allowed, bitorder="little")
    selector = library.IDSelectorBitmap(bits)
    parameters = library.SearchParameters(sel=selector)
    parameters.keep_alive = (bits, selector)  # faiss holds bare pointers to both
    return parameters


def held(flat: Any) -> Vectors:  # noqa: ANN401
    """The vectors of a flat index, float32 (n, dim), without copying; the index must live on."""
    library: Any = faiss
    if not flat.ntotal:
        return np.empty((0, flat.d), dtype=np.float32)
    view: Vectors = library.rev_swig_ptr(flat.get_xb(), flat.ntotal * flat.d)
    return view.reshape(flat.ntotal, flat.d)


def open_flat(folder: Path) -> Any:  # noqa: ANN401
    """Map the flat index; None where the vectors are too many for one."""
    file = folder / FLAT
    return faiss.read_index(str(file), faiss.IO_FLAG_MMAP_IFC) if file.is_file() else None


def write_flat(folder: Path, vectors: Vectors) -> None:
    """Write float32 (n, dim) vectors as a flat index in ``folder``."""
    flat = faiss.IndexFlatIP(vectors.shape[1])
    flat.add(np.ascontiguousarray(vectors, dtype=np.float32))
    faiss.write_index(flat, str(folder / FLAT))
