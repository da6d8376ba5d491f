"""Weights in and out: from a base, from a trained detector's 8 bits, and into 8 bits again."""

import logging
import tempfile
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic
from safetensors.torch import load_file
from torch import Tensor

from pipeline.errors import RuleError
from pipeline.invocation import install
from pipeline.rules.manifest import manifest
from pipeline.ties.network import INPUTS, OUTPUTS
from pipeline.training.network import Network, config_of
from pipeline.training.ties_network import TiesNetwork

MODEL = "detector.onnx"
_LAYER = "encoder.layer."
_INPUTS = ["ids", "shapes", "mask"]
_Axes = dict[str, dict[int, str]]


def base_folder() -> Path:
    """Return where the base of `MANIFEST.yml` is installed; a RuleError says what to install."""
    found = find_spec(manifest().detector.base.replace("-", "_"))
    if found is None or found.origin is None:
        raise RuleError(f"MANIFEST.yml: the package {manifest().detector.base} is not installed: {install('train')}")
    return Path(found.origin).parent / "model"


def from_base(network: Network, folder: Path, layers: Sequence[int] | None = None) -> Network:
    """Give *network*'s encoder the weights of the base in *folder*, but for its pooler, which nothing here asks.

    *layers* are those that it takes over, in order; None: all.
    """
    stored = {name: values for name, values in load_file(folder / "model.safetensors").items() if not name.startswith("pooler.")}
    if layers is not None:
        stored = dict(_taken(stored, layers))
    network.encoder.load_state_dict(stored, strict=False)
    lacking = set(dict(network.encoder.named_parameters())) - set(stored)
    if lacking:
        raise RuleError(f"{folder}: the base lacks {', '.join(sorted(lacking)[:3])} …")
    return network


def _taken(stored: dict[str, Tensor], layers: Sequence[int]) -> Iterator[tuple[str, Tensor]]:
    """Yield the weights outside the layers, and those of some of the layers, numbered anew."""
    for name, values in stored.items():
        if not name.startswith(_LAYER):
            yield name, values
            continue
        number, _, rest = name.removeprefix(_LAYER).partition(".")
        if int(number) in layers:
            yield f"{_LAYER}{layers.index(int(number))}.{rest}", values


def from_detector(folder: Path) -> Network:
    """Return the network of a trained detector, its weights read back from their 8 bits; a RuleError if it is of another form."""
    stored = dequantized(folder / MODEL)
    layers = {int(name.split(".")[3]) for name in stored if name.startswith("encoder.encoder.layer.")}
    network = Network(config_of(base_folder(), num_hidden_layers=len(layers)))
    try:
        network.load_state_dict({name: torch.from_numpy(values.copy()) for name, values in stored.items()})
    except RuntimeError as error:
        raise RuleError(f"{folder / MODEL}: not a detector that this version can go on from; --from-base starts anew") from error
    return network


def ties_from_detector(folder: Path) -> TiesNetwork:
    """Return a network of the ties that begins with what a trained detector knows of words and sentences."""
    detector = from_detector(folder)
    network = TiesNetwork(detector.encoder.config)
    network.encoder.load_state_dict(detector.encoder.state_dict())
    network.shape.load_state_dict(detector.shape.state_dict())
    return network


def dequantized(path: Path) -> dict[str, NDArray[np.float32]]:
    """Return the weights of an exported network under the names that they have in it.

    Embeddings and biases keep their names in the file; a matrix is known by the node that multiplies with it.
    """
    graph = onnx.load(str(path)).graph
    held = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}
    found = {
        name: values
        for name, values in held.items()
        if name.startswith(("encoder.", "heads.")) and name.endswith(("weight", "bias"))
    }
    for node in graph.node:
        if node.op_type == "Gather" and node.input[0] in held:
            found[node.input[0].removesuffix("_quantized")] = _plain(node.input[0], held)
        elif node.op_type in {"MatMulInteger", "MatMul"} and node.input[1] in held:
            module = node.name.strip("/").rpartition("/")[0].replace("/", ".")
            found[f"{module}.weight"] = _plain(node.input[1], held).T
    return found


def _plain(name: str, held: dict[str, NDArray[np.generic]]) -> NDArray[np.float32]:
    """Return a tensor in single precision: 8-bit ones less their zero point, times the scale (of each column, or one)."""
    stem = name.removesuffix("_quantized")
    values = held[name].astype(np.float32)
    if stem != name:
        values = (values - held[f"{stem}_zero_point"].astype(np.float32)) * held[f"{stem}_scale"].astype(np.float32)
    return values


@contextmanager
def _quietly() -> Iterator[None]:
    """Keep from users what the exporter and the quantiser always say, of shapes and steps that the tests compare."""
    logging.disable(logging.WARNING)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(logging.NOTSET)


def export(network: Network, path: Path) -> None:
    """Write *network* as an ONNX file with 8-bit weights."""
    sample = tuple(torch.ones((2, 16), dtype=torch.long) for _ in _INPUTS)
    _write(network, path, sample, _INPUTS, ["scores"], {name: {0: "rows", 1: "width"} for name in (*_INPUTS, "scores")})


def export_ties(network: TiesNetwork, path: Path) -> None:
    """Write the network of the ties as an ONNX file with 8-bit weights; it reads one window at a time."""
    words, rows = torch.ones((1, 16), dtype=torch.long), torch.zeros(3, dtype=torch.long)
    sample = {
        **dict.fromkeys(("ids", "shapes", "marks"), words),
        "anchors": torch.full((2, 16), 1 / 16),
        **dict.fromkeys(("owners", "fields", "values", "lands"), rows),
        "places": torch.full((3, 16), 1 / 16),
        "steps": torch.zeros((3, 4), dtype=torch.long),
        "known": torch.zeros((3, 3)),
        "far": torch.zeros((2, 16), dtype=torch.long),
    }
    axes = {name: {1: "width"} for name in ("ids", "shapes", "marks")}
    axes |= {name: {0: "anchors", 1: "width"} for name in ("anchors", "far", "speaks")}
    axes |= {name: {0: "candidates"} for name in ("owners", "fields", "steps", "known", "values", "lands", "fits")}
    axes |= {"places": {0: "candidates", 1: "width"}, "none": {0: "anchors"}}
    _write(network, path, tuple(sample[name] for name in INPUTS), list(INPUTS), list(OUTPUTS), axes)


def _write(
    network: torch.nn.Module, path: Path, sample: tuple[Tensor, ...], inputs: list[str], outputs: list[str], axes: _Axes
) -> None:
    with tempfile.TemporaryDirectory() as folder, _quietly():
        full = Path(folder) / "full.onnx"
        torch.onnx.export(
            network,
            sample,
            str(full),
            input_names=inputs,
            output_names=outputs,
            dynamic_axes=axes,
            dynamo=False,
            opset_version=17,
        )
        options = {"MatMulConstBOnly": True}
        # seven bits of the eight: processors without VNNI add pairs of products in 16 bits and would cut larger sums off
        quantize_dynamic(full, path, weight_type=QuantType.QInt8, per_channel=True, reduce_range=True, extra_options=options)
