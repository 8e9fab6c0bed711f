"""Build the PyTorch model whose weights the fused ONNX file holds: an oracle for the encoder.

The optimiser of ONNX Runtime packed query, key and value into one (512, 1536) matrix per layer,
renamed the transposed weights of the dense layers (``onnx::MatMul_551`` …), and left the rest.
So the weights are found through the nodes that use them, in layer order.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from transformers import BertConfig, BertModel

LAYERS = 4
_DENSE = {  # node name in a layer → parameter; the initializer is transposed
    "attention/output/dense/MatMul": "attention.output.dense.weight",
    "intermediate/dense/MatMul": "intermediate.dense.weight",
    "output/dense/MatMul": "output.dense.weight",
}


def bert_from_onnx(path: Path, *, activation: str = "gelu") -> BertModel:
    """Return the model in evaluation mode.

    :param activation: ``gelu`` as the model was trained; ``gelu_pytorch_tanh`` as the file
        computes it (the optimiser put FastGelu, the tanh approximation, in its place).
    :raises AssertionError: a weight of the file was not used, or one of the model not filled.
    """
    graph = onnx.load(str(path)).graph
    weights = {t.name: numpy_helper.to_array(t) for t in graph.initializer}
    state = {name: array for name, array in weights.items() if name.startswith(("emb", "enc"))}
    nodes = {node.name: node for node in graph.node}
    for layer in range(LAYERS):
        prefix = f"encoder.layer.{layer}."
        for place, parameter in _DENSE.items():
            node = nodes[f"/encoder/layer.{layer}/{place}"]
            state[prefix + parameter] = weights[node.input[1]].T
        attention = nodes[f"Attention_{layer}"]
        for kind, weight, bias in zip(
            ("query", "key", "value"),
            np.split(weights[attention.input[1]], 3, axis=1),
            np.split(weights[attention.input[2]], 3),
            strict=True,
        ):
            state[f"{prefix}attention.self.{kind}.weight"] = weight.T
            state[f"{prefix}attention.self.{kind}.bias"] = bias
    floats = sum(array.size for array in weights.values() if array.dtype == np.float32)
    assert sum(array.size for array in state.values()) == floats, "a weight was left out"
    return _filled(state, activation)


def _filled(state: dict[str, np.ndarray], activation: str) -> BertModel:
    config = BertConfig(
        vocab_size=21128,
        hidden_size=512,
        num_hidden_layers=LAYERS,
        num_attention_heads=8,
        intermediate_size=2048,
        hidden_act=activation,
        layer_norm_eps=1e-12,
    )
    model = BertModel(config, add_pooling_layer=False)
    tensors = {name: torch.from_numpy(array.copy()) for name, array in state.items()}
    missing, unexpected = model.load_state_dict(tensors, strict=False)
    assert not missing, missing
    assert not unexpected, unexpected
    model.train(False)
    return model
