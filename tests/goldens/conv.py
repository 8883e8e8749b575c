"""Convolutions: forward, and gradients of input, kernel and bias; every padding, strides, dilation, groups, odd sizes."""

import numpy as np
from golden import Draw, Golden, jax, keras, layer_vjp, set_uniform, weights

layers = keras.layers
ROWS = 3


def add(golden, draw, case, layer, *shape, rows=ROWS):
    layer.build((None, *shape))
    set_uniform(layer, draw)
    arguments = {name: value for name, value in layer.get_config().items() if name in ARGUMENTS}
    golden.add(case, {"input": list(shape), **arguments}, **layer_vjp(layer, draw.uniform(rows, *shape), draw))


ARGUMENTS = [
    "filters",
    "kernel_size",
    "strides",
    "padding",
    "dilation_rate",
    "groups",
    "depth_multiplier",
    "activation",
    "use_bias",
]


def one_axis(golden):
    draw, conv = Draw(70), layers.Conv1D
    add(golden, draw, "conv1d/valid", conv(5, 3), 11, 2)
    add(golden, draw, "conv1d/same", conv(5, 4, padding="same"), 11, 2)
    add(golden, draw, "conv1d/same/strides", conv(3, 3, strides=2, padding="same"), 10, 3)
    add(golden, draw, "conv1d/causal", conv(5, 3, padding="causal"), 7, 2)
    add(golden, draw, "conv1d/causal/strides", conv(5, 2, strides=3, padding="causal"), 8, 2)
    add(golden, draw, "conv1d/causal/dilation", conv(17, 3, padding="causal", dilation_rate=2), 9, 1)
    add(golden, draw, "conv1d/groups", conv(6, 3, groups=2, use_bias=False, activation="tanh"), 7, 4)


def two_axes(golden):
    draw, conv = Draw(71), layers.Conv2D
    add(golden, draw, "conv2d/1x1", conv(7, 1), 3, 5, 4)
    add(golden, draw, "conv2d/valid", conv(6, 5), 12, 11, 1, rows=2)
    add(golden, draw, "conv2d/valid/wide", conv(19, (2, 3), activation="relu"), 5, 7, 3)
    add(golden, draw, "conv2d/valid/strides", conv(3, (3, 2), strides=(2, 3)), 8, 9, 2)
    add(golden, draw, "conv2d/valid/dilation", conv(5, 3, dilation_rate=(2, 3)), 7, 9, 2)
    add(golden, draw, "conv2d/valid/groups", conv(9, 3, groups=3), 5, 4, 6)
    add(golden, draw, "conv2d/valid/each", conv(10, 3, groups=5, use_bias=False), 4, 5, 5)
    for size in [2, 3]:
        add(golden, draw, f"conv2d/same/{size}", conv(4, size, padding="same"), 5, 6, 3)
        for n in [6, 7]:
            add(golden, draw, f"conv2d/same/{size}/strides/{n}", conv(4, size, strides=2, padding="same"), n, 5, 3)
    add(golden, draw, "conv2d/same/larger", conv(2, (7, 5), padding="same"), 3, 2, 2)
    add(golden, draw, "conv2d/same/dilation", conv(3, 3, padding="same", dilation_rate=2), 6, 5, 2)
    add(golden, draw, "conv2d/same/groups", conv(4, 3, padding="same", groups=2), 4, 4, 2)
    add(golden, draw, "conv2d/same/skips", conv(4, 1, strides=2, padding="same"), 6, 5, 2)


def each_channel(golden):
    draw = Draw(72)
    conv = layers.DepthwiseConv2D
    add(golden, draw, "depthwise_conv1d/valid", layers.DepthwiseConv1D(3, depth_multiplier=2), 7, 3)
    add(golden, draw, "depthwise_conv2d/valid", conv(3), 5, 6, 11)
    add(golden, draw, "depthwise_conv2d/valid/one", conv(3, depth_multiplier=3), 5, 6, 1)
    add(golden, draw, "depthwise_conv2d/valid/multiplier", conv((3, 2), depth_multiplier=2, activation="relu"), 5, 6, 3)
    add(golden, draw, "depthwise_conv2d/same/strides", conv(3, strides=2, padding="same", use_bias=False), 7, 6, 4)
    add(golden, draw, "depthwise_conv2d/same/dilation", conv(3, padding="same", dilation_rate=2), 6, 5, 5)


def chain(golden):
    """A small LeNet: a batch of 7, the loss on the logits, and every gradient."""
    draw = Draw(73)
    model = keras.Sequential(
        [
            keras.Input((8, 8, 1)),
            layers.Conv2D(6, 3, activation="relu", name="conv2d"),
            layers.MaxPooling2D(2),
            layers.Conv2D(16, 3, padding="same", activation="relu", name="conv2d_1"),
            layers.AveragePooling2D(2, strides=1, padding="same"),
            layers.Flatten(),
            layers.Dense(10, name="dense"),
        ],
        name="lenet",
    )
    set_uniform(model, draw, low=-0.3, high=0.3)
    x, target = draw.uniform(7, 8, 8, 1, low=0, high=1), draw.classes(10, 7)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)

    def value(parameters, x):
        logits, _ = model.stateless_call(parameters, [], x)
        return loss(target, logits), logits

    parameters = [v.value for v in model.trainable_variables]
    (total, logits), gradients = jax.value_and_grad(value, has_aux=True)(parameters, jax.numpy.asarray(x))
    names = weights(model)
    golden.add(
        "lenet",
        x=x,
        target=target,
        y=keras.activations.softmax(logits),
        loss=total,
        start={n: np.asarray(p) for n, p in zip(names, parameters)},
        gradient={n: np.asarray(g) for n, g in zip(names, gradients)},
    )


golden = Golden("conv")
one_axis(golden)
two_axes(golden)
each_channel(golden)
chain(golden)
golden.write()
