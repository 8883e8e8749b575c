"""BatchNormalization: forward and gradients in training and at inference, moving values after a step; and `fit`, where it stands
in a chain, shared, frozen and nested."""

import numpy as np
from golden import Draw, Golden, jax, keras, pull_back
from training import run

layers = keras.layers
SHAPES = [(1,), (7,), (5, 3), (4, 3, 6), (3, 5, 17)]


def set_all(model, draw):
    """Overwrites every variable; variances are positive."""
    for variable in model.weights:
        positive = variable.path.endswith("moving_variance")
        low, high = (0.25, 2.0) if positive else (-1.0, 1.0)
        variable.assign(draw.uniform(*variable.shape, low=low, high=high))


def passes(golden):
    draw = Draw(80)
    options = [{}, {"scale": False, "momentum": 0.9}, {"center": False, "epsilon": 0.01}, {"center": False, "scale": False}]
    for shape in SHAPES:
        for option in options if shape in [(7,), (4, 3, 6)] else options[:1]:
            layer = keras.layers.BatchNormalization(**option)
            layer.build((None, *shape))
            set_all(layer, draw)
            x, dy = draw.uniform(6, *shape, low=-2, high=3), draw.uniform(6, *shape)
            trained, fixed = ([v.value for v in each] for each in [layer.trainable_variables, layer.non_trainable_variables])
            names = [v.name for v in layer.trainable_variables]
            case = "x".join(map(str, shape)) + "".join("/" + key for key in option if key != "momentum" and key != "epsilon")
            kept = {v.name: np.asarray(v.value) for v in layer.weights}
            arguments = {"momentum": layer.momentum, "epsilon": layer.epsilon, "center": layer.center, "scale": layer.scale}
            golden.add(case, arguments, x=x, dy=dy, start=kept)
            for training in [True, False]:

                def call(x, *parameters):
                    return layer.stateless_call(list(parameters), fixed, x, training=training)[0]

                y, (dx, *gradients) = pull_back(call, [x, *trained], dy)
                mode = "training" if training else "inference"
                golden.add(case, None, **{mode: {"y": y, "dx": dx} | dict(zip((f"d_{n}" for n in names), gradients))})
            _, moved = layer.stateless_call(trained, fixed, jax.numpy.asarray(x), training=True)
            golden.add(case, None, end={v.name: np.asarray(m) for v, m in zip(layer.non_trainable_variables, moved)})


def block(name):
    """A model of its own, to be a layer of another."""
    x = keras.Input((6,))
    y = layers.Dense(6, name=f"{name}.dense", use_bias=False)(x)
    y = layers.ReLU()(layers.BatchNormalization(momentum=0.8, name=f"{name}.batch_normalization")(y))
    return keras.Model(x, layers.Add()([x, y]), name=name)


def nets():
    """Each case's net, and what it shows."""
    x = keras.Input((6,))
    y = layers.Dense(9, name="dense")(x)
    y = layers.Activation("tanh")(layers.BatchNormalization(momentum=0.9, name="batch_normalization")(y))
    yield "fit/chain", keras.Model(x, layers.Dense(2, name="dense_1")(y), name="net")

    y = layers.BatchNormalization(momentum=0.7, name="first")(x)
    frozen = layers.BatchNormalization(momentum=0.7, name="second", trainable=False)
    y = frozen(layers.Dense(7, activation="tanh", name="dense")(y))
    yield "fit/frozen", keras.Model(x, layers.Dense(2, name="dense_1")(y), name="net")

    norm = layers.BatchNormalization(momentum=0.6, name="norm")
    y = norm(layers.Dense(6, activation="tanh", name="dense")(norm(x)))
    yield "fit/shared", keras.Model(x, layers.Dense(2, name="dense_1")(y), name="net")

    inner, still = block("block"), block("still")
    still.trainable = False
    y = still(inner(inner(x)))
    yield "fit/nested", keras.Model(x, layers.Dense(2, name="dense_1")(y), name="net")

    y = layers.Dense(5, name="dense")(layers.Reshape((3, 2))(x))
    y = layers.Flatten()(layers.BatchNormalization(momentum=0.9, center=False, name="batch_normalization")(y))
    yield "fit/rows", keras.Model(x, layers.Dense(2, name="dense_1")(y), name="net")


def fits(golden):
    draw = Draw(81)
    x = draw.uniform(53, 6, low=-1, high=2)
    target = np.tanh(x.astype(np.float64) @ draw.uniform(6, 2).astype(np.float64)).astype(np.float32).astype(x.dtype)
    for case, model in nets():
        set_all(model, Draw(82))
        compiled = {"loss": keras.losses.MeanSquaredError(), "metrics": ["mae"], "optimizer": keras.optimizers.SGD(0.05, momentum=0.5)}
        run(golden, case, model, (x, target), compiled, {"optimizer": "sgd", "learning_rate": 0.05, "momentum": 0.5}, batch_size=16)


if __name__ == "__main__":
    golden = Golden("batch_norm")
    passes(golden)
    fits(golden)
    golden.write()
