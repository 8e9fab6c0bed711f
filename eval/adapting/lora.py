"""Low-rank updates of a BERT encoder in PyTorch, and their way into `index.adapter`."""

from __future__ import annotations

from collections.abc import Iterator
from math import sqrt
from pathlib import Path

import onnx
import torch
from onnx import numpy_helper
from torch import Tensor, nn
from transformers import BertModel

from eval.adapting.bert import LAYERS, bert_from_onnx
from index.adapter import Adapter, Update
from index.model import MODEL_FILES

HIDDEN = 512
# Where a dense layer sits in the PyTorch model, and the node of the file that multiplies by it.
_DENSE = {
    "attention.output": "attention/output/dense/MatMul",
    "intermediate": "intermediate/dense/MatMul",
    "output": "output/dense/MatMul",
}
_PACKED = ("query", "key", "value")  # side by side in one matrix of the file


class LowRank(nn.Module):
    """A frozen linear layer plus ``scale · up(down(x))``; at the start the second part is 0."""

    SCALE = 2.0  # times the product: a higher rate for the factors alone

    def __init__(self, linear: nn.Linear, rank: int) -> None:
        """Take the layer to be updated, of shape (outputs, inputs)."""
        super().__init__()
        self.linear = linear
        self.down = nn.Parameter(torch.randn(linear.in_features, rank) / sqrt(linear.in_features))
        self.up = nn.Parameter(torch.zeros(rank, linear.out_features))
        self.scale = self.SCALE

    def forward(self, x: Tensor) -> Tensor:
        """Return the updated product."""
        base: Tensor = self.linear(x)
        return base + self.scale * (x @ self.down @ self.up)


def load_updatable(model: Path, rank: int) -> tuple[BertModel, dict[str, LowRank]]:
    """Return the frozen encoder with low-rank updates, by the name of the updated layer."""
    bert = bert_from_onnx(model, activation="gelu_pytorch_tanh")  # as the file computes
    for parameter in bert.parameters():
        parameter.requires_grad = False
    found: dict[str, LowRank] = {}
    for number in range(LAYERS):
        layer = bert.encoder.layer[number]
        for name, owner, attribute in _linears(layer):
            update = LowRank(getattr(owner, attribute), rank)
            setattr(owner, attribute, update)
            found[f"{number}.{name}"] = update
    return bert, found


def _linears(layer: nn.Module) -> Iterator[tuple[str, nn.Module, str]]:
    """Name, owner and attribute of every linear layer."""
    attention = layer.get_submodule("attention.self")
    for kind in _PACKED:
        yield kind, attention, kind
    for name in _DENSE:
        yield name, layer.get_submodule(name), "dense"


def to_adapter(model: Path, name: str, updates: dict[str, LowRank], strength: float) -> Adapter:
    """Find the place of every updated weight in the model file.

    :param strength: 0 to 1, how much of the update is kept; less than all of it generalises.
    """
    data = model.read_bytes()
    graph = onnx.load_from_string(data).graph
    weights = {tensor.name: tensor for tensor in graph.initializer}
    nodes = {node.name: node for node in graph.node}
    places = []
    for key, update in updates.items():
        number, layer = key.split(".", 1)
        packed = layer in _PACKED
        node = f"Attention_{number}" if packed else f"/encoder/layer.{number}/{_DENSE[layer]}"
        tensor = weights[nodes[node].input[1]]
        raw = numpy_helper.to_array(tensor).tobytes()
        offset = data.find(raw)
        if offset < 0 or data.find(raw, offset + 1) >= 0:
            raise ValueError(f"{tensor.name} does not stand exactly once in {model}")
        places.append(
            Update(
                offset=offset,
                columns=int(tensor.dims[1]),
                first=_PACKED.index(layer) * HIDDEN if packed else 0,
                down=update.down.detach().numpy(),
                up=(strength * update.scale * update.up).detach().numpy(),
            )
        )
    return Adapter(name, MODEL_FILES[1].sha256, tuple(places))
