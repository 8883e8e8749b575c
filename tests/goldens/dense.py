"""Dense: forward, and gradients of input, kernel and bias, at odd shapes; and the net of 64-32-10 with its loss."""

import numpy as np
from golden import Draw, Golden, jax, keras, layer_vjp, set_uniform, weights

SHAPES = [(1, 1), (3, 5), (7, 13), (64, 32), (17, 1)]
ACTIVATIONS = [None, "relu", "tanh", "sigmoid", "softmax", "gelu", "silu"]


def layers(golden):
    draw = Draw(30)
    count = 0
    for inputs, units in SHAPES:
        for use_bias in [True, False]:
            # The activations in turn; every one meets several shapes, and the plain layer meets all.
            for activation in [None, ACTIVATIONS[1 + count % (len(ACTIVATIONS) - 1)]]:
                if (inputs, activation) == (64, None):  # the chain has it
                    continue
                layer = keras.layers.Dense(units, activation=activation, use_bias=use_bias)
                layer.build((None, inputs))
                set_uniform(layer, draw)
                x = draw.uniform(1 if count == 3 else 5, inputs)
                bias = "bias" if use_bias else "no_bias"
                case = f"{inputs}x{units}/{bias}/{activation or 'linear'}"
                arguments = {"inputs": inputs, "units": units, "use_bias": use_bias, "activation": activation or "linear"}
                golden.add(case, arguments, **layer_vjp(layer, x, draw))
            count += 1


def rank_3(golden):
    draw = Draw(31)
    for activation in [None, "tanh", "softmax"]:
        layer = keras.layers.Dense(5, activation=activation)
        layer.build((None, 4, 3))
        set_uniform(layer, draw)
        arguments = {"inputs": 3, "units": 5, "use_bias": True, "activation": activation or "linear"}
        golden.add(f"rank3/{activation or 'linear'}", arguments, **layer_vjp(layer, draw.uniform(2, 4, 3), draw))


def chain(golden):
    """Digits as the README has it: a batch of 7, the loss on the logits, and every gradient."""
    draw = Draw(32)
    dense, dense_1 = keras.layers.Dense(32, activation="relu", name="dense"), keras.layers.Dense(10, name="dense_1")
    model = keras.Sequential([keras.Input((64,)), dense, dense_1], name="digits")
    for layer in [dense, dense_1]:
        set_uniform(layer, draw, low=-0.3, high=0.3)
    x, target = draw.uniform(7, 64, low=0, high=1), draw.classes(10, 7)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)

    def value(parameters, x):
        logits, _ = model.stateless_call(parameters, [], x)
        return loss(target, logits), logits

    parameters = [v.value for v in model.trainable_variables]
    (total, logits), (gradients, dx) = jax.value_and_grad(value, (0, 1), has_aux=True)(parameters, jax.numpy.asarray(x))
    names = weights(model)
    golden.add(
        "digits",
        x=x,
        target=target,
        logits=logits,
        y=keras.activations.softmax(logits),
        loss=total,
        dx=dx,
        start={n: np.asarray(p) for n, p in zip(names, parameters)},
        gradient={n: np.asarray(g) for n, g in zip(names, gradients)},
    )


golden = Golden("dense")
layers(golden)
rank_3(golden)
chain(golden)
golden.write()
