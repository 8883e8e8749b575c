"""Pooling and zeros around: forward, and gradients of the input; ties, every padding, strides, odd sizes."""

import numpy as np
from golden import FLOAT, Draw, Golden, keras, layer_vjp

layers = keras.layers
ROWS = 3


def add(golden, draw, case, layer, *shape, ties=False):
    x = draw.uniform(ROWS, *shape)
    if ties:
        x = np.round(2 * x).astype(FLOAT)
    layer.build((None, *shape))
    golden.add(case, {"input": list(shape)}, **layer_vjp(layer, x, draw))


def windows(golden):
    draw = Draw(80)
    for name, one, two in [
        ("max_pooling", layers.MaxPooling1D, layers.MaxPooling2D),
        ("average_pooling", layers.AveragePooling1D, layers.AveragePooling2D),
    ]:
        add(golden, draw, f"{name}1d/valid", one(2), 7, 3)
        add(golden, draw, f"{name}1d/same", one(3, strides=2, padding="same"), 6, 5)
        add(golden, draw, f"{name}2d/valid", two(2), 5, 6, 6)
        add(golden, draw, f"{name}2d/valid/wide", two(2), 4, 4, 21)
        add(golden, draw, f"{name}2d/valid/overlapping", two((3, 2), strides=1), 5, 4, 2)
        add(golden, draw, f"{name}2d/valid/skips", two(1, strides=(2, 3)), 5, 6, 2)
        add(golden, draw, f"{name}2d/same", two(2, strides=1, padding="same"), 4, 3, 2)
        add(golden, draw, f"{name}2d/same/strides", two((2, 3), padding="same"), 5, 7, 3)
        add(golden, draw, f"{name}2d/same/larger", two(5, strides=2, padding="same"), 3, 4, 2)
    add(golden, draw, "max_pooling1d/ties", layers.MaxPooling1D(3, strides=1), 9, 2, ties=True)
    add(golden, draw, "max_pooling2d/ties", layers.MaxPooling2D(2), 6, 6, 3, ties=True)
    add(golden, draw, "max_pooling2d/ties/same", layers.MaxPooling2D(3, strides=1, padding="same"), 5, 4, 2, ties=True)


def whole(golden):
    draw = Draw(81)
    add(golden, draw, "global_max_pooling1d", layers.GlobalMaxPooling1D(), 7, 3)
    add(golden, draw, "global_max_pooling1d/ties", layers.GlobalMaxPooling1D(), 9, 3, ties=True)
    add(golden, draw, "global_max_pooling2d", layers.GlobalMaxPooling2D(), 3, 5, 9)
    add(golden, draw, "global_max_pooling2d/keepdims", layers.GlobalMaxPooling2D(keepdims=True), 3, 2, 4)
    add(golden, draw, "global_average_pooling1d", layers.GlobalAveragePooling1D(), 7, 3)
    add(golden, draw, "global_average_pooling1d/keepdims", layers.GlobalAveragePooling1D(keepdims=True), 5, 2)
    add(golden, draw, "global_average_pooling2d", layers.GlobalAveragePooling2D(), 3, 5, 9)


def zeros(golden):
    draw = Draw(82)
    add(golden, draw, "zero_padding1d", layers.ZeroPadding1D((2, 1)), 3, 2)
    add(golden, draw, "zero_padding2d", layers.ZeroPadding2D(), 3, 2, 2)
    add(golden, draw, "zero_padding2d/axes", layers.ZeroPadding2D((2, 0)), 2, 3, 1)
    add(golden, draw, "zero_padding2d/sides", layers.ZeroPadding2D(((0, 2), (1, 3))), 2, 3, 3)


golden = Golden("pool")
windows(golden)
whole(golden)
zeros(golden)
golden.write()
