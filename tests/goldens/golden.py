"""What the generators share: Keras on JAX in one precision, seeded inputs, and a file of named tensors.

Take `keras` and `jax` from here: this sets the environment that they read when first imported. With `--f64` on the command line the same
program runs in double precision, over the same inputs, and writes `<family>.f64.safetensors` instead.
"""

import inspect
import json
import os
import pathlib
import sys

DOUBLE = "--f64" in sys.argv[1:]
os.environ["KERAS_BACKEND"] = "jax"
os.environ["JAX_ENABLE_X64"] = "1" if DOUBLE else "0"
os.environ["JAX_PLATFORMS"] = "cpu"
# One instruction set, so that machines with wider vectors write the same bytes.
os.environ["XLA_FLAGS"] = "--xla_cpu_max_isa=AVX2"

import jax
import keras
import numpy as np
from safetensors.numpy import save_file

if DOUBLE:
    # Keras' promotion rules turn float64 into float32 on JAX, even with `floatx` set; this is the table that does it.
    from keras.src.backend.common import dtypes

    dtypes.BIT64_TO_BIT32_DTYPE["float64"] = "float64"

FLOAT = np.float64 if DOUBLE else np.float32
keras.config.set_floatx("float64" if DOUBLE else "float32")


class Golden:
    """The tensors of one family under `case/name`, and each case's arguments."""

    def __init__(self, family):
        self.family = family
        self.tensors = {}
        self.cases = {}

    def add(self, case, arguments=None, **tensors):
        """Keeps tensors (nested dicts become paths) and arguments of a case; may be called again for more tensors."""
        self.cases.setdefault(case, {}).update(arguments or {})
        for name, value in tensors.items():
            self._keep(f"{case}/{name}", value)

    def _keep(self, name, value):
        if isinstance(value, dict):
            for key, inner in value.items():
                self._keep(f"{name}/{key}", inner)
            return
        assert name not in self.tensors, f"{name} is there already"
        value = np.asarray(value)
        if np.issubdtype(value.dtype, np.floating):
            # What Keras returns as Python numbers is kept in full; what it computed keeps its own precision.
            assert value.dtype in (FLOAT, np.float64), f"{name} is {value.dtype}"
            short = value.astype(np.float32)
            # Inputs, and whatever else loses nothing, take half the space; a reader widens them.
            value = short if np.array_equal(short, value) else value
        else:
            value = value.astype(np.int64)
        self.tensors[name] = np.ascontiguousarray(value).reshape(value.shape)

    def write(self):
        """Writes the file beside the generators. All metadata is one string: the format does not order its keys."""
        about = {"keras": keras.__version__, "jax": jax.__version__, "cases": self.cases}
        path = pathlib.Path(__file__).parent / f"{self.family}{'.f64' if DOUBLE else ''}.safetensors"
        metadata = {"goldens": json.dumps(about, sort_keys=True)}
        save_file(dict(sorted(self.tensors.items())), path, metadata=metadata)
        path.chmod(0o644)
        print(f"{path.name}: {len(self.cases)} cases, {path.stat().st_size} bytes")


class Draw:
    """Seeded inputs. Drawn in single precision whatever the run's, so both precisions start from the same values."""

    def __init__(self, seed):
        self.random = np.random.Generator(np.random.PCG64(seed))

    def uniform(self, *shape, low=-1.0, high=1.0):
        return self.random.uniform(low, high, shape).astype(np.float32).astype(FLOAT)

    def classes(self, count, *shape):
        return self.random.integers(0, count, shape)

    def one_hot(self, count, rows):
        return np.eye(count, dtype=FLOAT)[self.classes(count, rows)]


def floats(values):
    """Values given by hand, rounded to single precision first."""
    return np.asarray(values, np.float32).astype(FLOAT)


def pull_back(function, inputs, cotangent):
    """`function(*inputs)` and the products of `cotangent` with its derivatives by each input."""
    output, vjp = jax.vjp(function, *[jax.numpy.asarray(x) for x in inputs])
    return np.asarray(output), [np.asarray(d) for d in vjp(jax.numpy.asarray(cotangent))]


def weights(layer):
    """A layer's (or model's) variables by path from itself, such as `kernel` or `dense/kernel`."""
    return [v.path.removeprefix(layer.name + "/") for v in layer.trainable_variables]


def set_uniform(layer, draw, low=-1.0, high=1.0):
    """Overwrites every variable with drawn values."""
    for variable in layer.weights:
        variable.assign(draw.uniform(*variable.shape, low=low, high=high))


def layer_vjp(layer, inputs, draw, training=False):
    """A built layer's output, and the products of a drawn `dy` with its derivatives by inputs and parameters.

    `inputs` is one array, or a list for a merging layer.
    """
    many = isinstance(inputs, list)
    xs = inputs if many else [inputs]
    fixed = [v.value for v in layer.non_trainable_variables]
    # Not every layer takes it.
    how = {"training": training} if "training" in inspect.signature(layer.call).parameters else {}

    def call(*arguments):
        xs_, parameters = list(arguments[: len(xs)]), list(arguments[len(xs) :])
        output, _ = layer.stateless_call(parameters, fixed, xs_ if many else xs_[0], **how)
        return output

    parameters = [v.value for v in layer.trainable_variables]
    shape = jax.eval_shape(call, *xs, *parameters).shape
    dy = draw.uniform(*shape)
    y, derivatives = pull_back(call, xs + parameters, dy)
    names = weights(layer)
    d_inputs, d_parameters = derivatives[: len(xs)], derivatives[len(xs) :]
    result = {"y": y, "dy": dy}
    for i, (x, dx) in enumerate(zip(xs, d_inputs)):
        suffix = str(i) if many else ""
        result |= {f"x{suffix}": x, f"dx{suffix}": dx}
    for name, value, d in zip(names, parameters, d_parameters):
        result |= {name: np.asarray(value), f"d_{name}": d}
    return result
