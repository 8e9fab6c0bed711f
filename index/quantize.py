"""The model file with its weights rounded to one byte: a quarter of the size, half the work.

Dynamic quantisation of ONNX Runtime: weights are rounded once for each output channel, inputs of
every product when it runs. Made on this machine from the pinned file and kept beside it, so that
nothing else has to be fetched.
"""

from __future__ import annotations

import logging
import os
import tempfile
from pathlib import Path

from index.adapter import Adapter
from index.errors import EncoderLoadError
from index.model import MODEL_FILES

_FLOAT = 1  # onnx.TensorProto.FLOAT
_HOW = "把模型舍入为 int8 要先安装：pip install 'tiaowen[train]'"


def quantized(folder: Path, adapter: Adapter | None) -> Path:
    """Return the rounded model in ``folder``, making it where it is not there.

    :param adapter: a trained update that is added before rounding.
    :raises EncoderLoadError: it has to be made, and `onnx` is not installed.
    """
    source = MODEL_FILES[1]
    which = f"{adapter.name}-" if adapter else ""
    target = folder / f"int8-{which}{source.sha256[:12]}.onnx"
    if target.is_file():
        return target
    data = (folder / source.name).read_bytes()
    with tempfile.TemporaryDirectory(dir=folder, prefix=".int8-") as name:
        plain, rounded = Path(name) / "plain.onnx", Path(name) / "rounded.onnx"
        plain.write_bytes(adapter.applied(data) if adapter else data)
        _quantize(plain, rounded)
        os.replace(rounded, target)  # whole or not at all, whoever else makes it too
    return target


def _quantize(source: Path, target: Path) -> None:
    """Round the weights of one file.

    :raises EncoderLoadError: `onnx` is not installed.
    """
    try:
        from onnxruntime.quantization import QuantType, quantize_dynamic  # type: ignore[import-untyped]
    except ImportError as error:
        raise EncoderLoadError("int8", _HOW) from error
    root = logging.getLogger()
    level = root.level
    root.setLevel(logging.ERROR)  # it advises on the root logger to prepare the model
    try:
        # Of rounding by tensor and by channel, with and without a sign, this keeps vectors nearest.
        quantize_dynamic(
            str(source), str(target), weight_type=QuantType.QInt8, per_channel=True,
            extra_options={"DefaultTensorType": _FLOAT},
        )  # fmt: skip
    finally:
        root.setLevel(level)
