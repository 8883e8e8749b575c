"""Merges and layers that only move values: forward, and gradients of every input.

Several inputs stand side by side in `x` and `dx`, each flattened, as a graph's input does in memory.
"""

import numpy as np
from golden import Draw, Golden, keras, layer_vjp

layers = keras.layers
ROWS = 3


class Applied(layers.Layer):
    """A layer that doesn't take `training`, as one that does; perhaps on the same value twice."""

    def __init__(self, layer, twice=False):
        super().__init__()
        self.layer, self.twice = layer, twice

    def call(self, x, training=None):
        return self.layer([x, x] if self.twice else x)


def add(golden, draw, case, layer, *shapes, twice=False):
    layer = Applied(layer, twice)
    xs = [draw.uniform(ROWS, *shape) for shape in shapes]
    inputs = xs if len(xs) > 1 else xs[0]
    layer(inputs)  # builds it
    found = layer_vjp(layer, inputs, draw)
    if len(xs) > 1:
        for name in ["x", "dx"]:
            parts = [found.pop(f"{name}{i}") for i in range(len(xs))]
            found[name] = np.concatenate([np.asarray(part).reshape(ROWS, -1) for part in parts], axis=1)
    golden.add(case, {"shapes": [list(shape) for shape in shapes]}, **found)


def elementwise(golden):
    draw = Draw(60)
    for kind in ["Add", "Multiply", "Average", "Maximum", "Minimum"]:
        for shape in [(1,), (7,), (3, 2)]:
            count = 2 + len(shape) % 2
            size = "x".join(map(str, shape))
            add(golden, draw, f"{kind.lower()}/{count}/{size}", getattr(layers, kind)(), *[shape] * count)
        add(golden, draw, f"{kind.lower()}/twice", getattr(layers, kind)(), (5,), twice=True)
    add(golden, draw, "subtract/2/7", layers.Subtract(), (7,), (7,))
    add(golden, draw, "subtract/2/3x2", layers.Subtract(), (3, 2), (3, 2))


def concatenate(golden):
    draw = Draw(61)
    add(golden, draw, "concatenate/vectors", layers.Concatenate(), (3,), (1,), (7,))
    add(golden, draw, "concatenate/last", layers.Concatenate(), (4, 2), (4, 3))
    add(golden, draw, "concatenate/1", layers.Concatenate(axis=1), (2, 3), (4, 3))
    add(golden, draw, "concatenate/2", layers.Concatenate(axis=2), (2, 3, 2), (2, 1, 2))


def dot(golden):
    draw = Draw(62)
    for normalize in [False, True]:
        end = "/normalize" if normalize else ""
        add(golden, draw, f"dot/1{end}", layers.Dot(axes=1, normalize=normalize), (5,), (5,))
        add(golden, draw, f"dot/2,1{end}", layers.Dot(axes=(2, 1), normalize=normalize), (3, 4), (4, 2))
        add(golden, draw, f"dot/2,2{end}", layers.Dot(axes=2, normalize=normalize), (3, 4), (2, 4))
        add(golden, draw, f"dot/1,1{end}", layers.Dot(axes=1, normalize=normalize), (4, 3), (4, 5))
        add(golden, draw, f"dot/2,1 vector{end}", layers.Dot(axes=(2, 1), normalize=normalize), (3, 4), (4,))


def places(golden):
    draw = Draw(63)
    add(golden, draw, "permute/2,1", layers.Permute((2, 1)), (3, 5))
    add(golden, draw, "permute/3,1,2", layers.Permute((3, 1, 2)), (2, 3, 5))
    add(golden, draw, "repeat_vector/3", layers.RepeatVector(3), (5,))
    add(golden, draw, "reshape/-1,2", layers.Reshape((-1, 2)), (3, 4))
    add(golden, draw, "flatten", layers.Flatten(), (2, 3, 2))


golden = Golden("merges")
elementwise(golden)
concatenate(golden)
dot(golden)
places(golden)
golden.write()
