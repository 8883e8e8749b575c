"""Optimizers: twenty steps over given gradients, and over the gradients of a small net that learns."""

import numpy as np
from golden import FLOAT, Draw, Golden, jax, keras, set_uniform, weights

STEPS = 20
KEPT = [1, 2, 20]

RULES = {
    "sgd": ("SGD", {"learning_rate": 0.05}),
    "sgd/default": ("SGD", {}),
    "sgd/momentum": ("SGD", {"learning_rate": 0.05, "momentum": 0.9}),
    "sgd/nesterov": ("SGD", {"learning_rate": 0.05, "momentum": 0.9, "nesterov": True}),
    "adam": ("Adam", {}),
    "adam/fast": ("Adam", {"learning_rate": 0.05}),
    "adam/other": ("Adam", {"learning_rate": 0.02, "beta_1": 0.8, "beta_2": 0.95, "epsilon": 1e-3}),
}
SHOWN = ["learning_rate", "momentum", "nesterov", "beta_1", "beta_2", "epsilon"]


def make(rule):
    """The optimizer and all its arguments, defaults included."""
    kind, arguments = RULES[rule]
    optimizer = getattr(keras.optimizers, kind)(**arguments)
    config = optimizer.get_config()
    # A learning rate is a variable of the run's precision; what was asked for is what a user writes.
    default = 0.01 if kind == "SGD" else 0.001
    shown = {name: config[name] for name in SHOWN if name in config}
    return optimizer, shown | {"learning_rate": arguments.get("learning_rate", default)}


def given_gradients(golden):
    """One vector, gradients of every size; some entries never get one, some only at first."""
    draw = Draw(40)
    start = draw.uniform(12)
    scale = 10.0 ** np.arange(-6, 6)
    gradients = (draw.uniform(STEPS, 12) * scale).astype(np.float32).astype(FLOAT)
    gradients[:, [1, 4, 9]] = 0
    gradients[3:, [0, 7]] = 0
    golden.add("vector", {"steps": STEPS}, start=start, gradients=gradients)
    for rule in RULES:
        optimizer, arguments = make(rule)
        variable = keras.Variable(start)
        optimizer.build([variable])
        kept = {}
        for step in range(1, STEPS + 1):
            optimizer.apply([jax.numpy.asarray(gradients[step - 1])])
            if step in KEPT:
                kept[f"step_{step}"] = np.asarray(variable.value)
        golden.add(f"vector/{rule}", arguments, **kept)


def net(start):
    model = keras.Sequential(
        [
            keras.Input((5,)),
            keras.layers.Dense(4, activation="tanh", name="dense"),
            keras.layers.Dense(3, name="dense_1"),
        ],
        name="net",
    )
    for variable, value in zip(model.weights, start):
        variable.assign(value)
    return model


def learning(golden):
    """5-4-3 with tanh and mean squared error. One input is always 0: its kernel's row never has a gradient."""
    draw = Draw(41)
    model = net([])
    set_uniform(model, draw)
    start = [np.asarray(v.value) for v in model.weights]
    xs, targets = draw.uniform(STEPS, 6, 5), draw.uniform(STEPS, 6, 3)
    xs[:, :, 2] = 0
    loss = keras.losses.MeanSquaredError()
    names = weights(model)
    golden.add("net", {"steps": STEPS, "batch": 6}, x=xs, target=targets, start=dict(zip(names, start)))

    def value(parameters, x, target):
        return loss(target, model.stateless_call(parameters, [], x)[0])

    step_loss = jax.value_and_grad(value)
    for rule in RULES:
        optimizer, arguments = make(rule)
        model = net(start)
        optimizer.build(model.trainable_variables)
        values, gradients = [], []
        for step in range(1, STEPS + 1):
            parameters = [v.value for v in model.trainable_variables]
            total, gradient = step_loss(parameters, xs[step - 1], targets[step - 1])
            optimizer.apply(gradient)
            values.append(np.asarray(total))
            gradients.append([np.asarray(g) for g in gradient])
            if step in KEPT:
                now = {n: np.asarray(v.value) for n, v in zip(names, model.trainable_variables)}
                golden.add(f"net/{rule}", arguments, **{f"step_{step}": now})
        all_gradients = {n: np.stack([g[i] for g in gradients]) for i, n in enumerate(names)}
        golden.add(f"net/{rule}", loss=np.stack(values), gradients=all_gradients)


golden = Golden("optimizers")
given_gradients(golden)
learning(golden)
golden.write()
