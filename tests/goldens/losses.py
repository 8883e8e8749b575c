"""Losses: the value over a batch and its gradient with respect to the predictions, saturated ones included."""

import numpy as np
from golden import FLOAT, Draw, Golden, floats, jax, keras

losses = keras.losses

BATCHES = [1, 5]


def add(golden, case, loss, target, prediction, arguments):
    """Value and gradient of the batch, and each sample's value."""
    value, gradient = jax.value_and_grad(lambda p: loss(target, p))(jax.numpy.asarray(prediction))
    each = [loss(target[i : i + 1], prediction[i : i + 1]) for i in range(len(target))]
    golden.add(
        case,
        arguments,
        target=target,
        prediction=prediction,
        value=value,
        each=np.stack(each),
        gradient=gradient,
    )


def distances(golden):
    draw = Draw(10)
    for name, loss in [("mse", losses.MeanSquaredError()), ("mae", losses.MeanAbsoluteError())]:
        for batch in BATCHES:
            for width in [1, 3, 7]:
                target, prediction = draw.uniform(batch, width, low=-2, high=2), draw.uniform(batch, width)
                # A perfect prediction: the kink of the absolute value.
                prediction[-1, 0] = target[-1, 0]
                add(golden, f"{name}/{batch}x{width}", loss, target, prediction, {})
        target, prediction = floats([[100, -1e4], [1e-30, 0]]), floats([[-100, 1e4], [0, 1e-20]])
        add(golden, f"{name}/extreme", loss, target, prediction, {})


def binary(golden):
    draw = Draw(11)
    for smoothing in [0.0, 0.1]:
        for logits in [False, True]:
            loss = losses.BinaryCrossentropy(from_logits=logits, label_smoothing=smoothing)
            arguments = {"from_logits": logits, "label_smoothing": smoothing}
            case = f"binary_crossentropy/{'logits' if logits else 'probabilities'}/{smoothing}"
            for batch in BATCHES:
                for width in [1, 4]:
                    target = draw.classes(2, batch, width).astype(FLOAT)
                    low, high = (-4, 4) if logits else (0.01, 0.99)
                    prediction = draw.uniform(batch, width, low=low, high=high)
                    add(golden, f"{case}/{batch}x{width}", loss, target, prediction, arguments)
            if logits:
                points = floats([[100], [-100], [100], [-100], [30], [-30], [0], [0], [1e-20], [17], [-17]])
            else:
                points = floats([[0], [0], [1], [1], [1e-8], [1e-8], [1 - 6e-8], [1 - 6e-8], [0.5], [1e-6], [1 - 1e-6]])
            target = floats([[0], [0], [1], [1], [0], [1], [0], [1], [0.25], [1], [0]])
            add(golden, f"{case}/extreme", loss, target, points, arguments)


def distribution(scores):
    """Rows that add up to 1, the same in both precisions."""
    powers = np.exp(scores.astype(np.float64))
    return floats(powers / powers.sum(-1, keepdims=True))


def categorical(golden):
    draw = Draw(12)
    extreme_logits = floats([[100, -100, 0], [100, -100, 0], [-100, 100, 100], [0, 0, 0], [30, -30, 1]])
    extreme_probabilities = floats([[1, 0, 0], [1, 0, 0], [0, 0.5, 0.5], [0.25, 0.25, 0.5], [2, 4, 2]])
    classes = np.array([0, 1, 0, 2, 1])
    for logits in [False, True]:
        kind = "logits" if logits else "probabilities"
        sparse = losses.SparseCategoricalCrossentropy(from_logits=logits)
        for batch in BATCHES:
            for width in [2, 3, 10]:
                prediction = draw.uniform(batch, width, low=-4, high=4)
                if not logits:
                    prediction = distribution(prediction)
                target = draw.classes(width, batch)
                case = f"sparse_categorical_crossentropy/{kind}/{batch}x{width}"
                add(golden, case, sparse, target, prediction, {"from_logits": logits})
                for smoothing in [0.0, 0.1]:
                    dense = losses.CategoricalCrossentropy(from_logits=logits, label_smoothing=smoothing)
                    arguments = {"from_logits": logits, "label_smoothing": smoothing}
                    case = f"categorical_crossentropy/{kind}/{smoothing}/{batch}x{width}"
                    add(golden, case, dense, np.eye(width, dtype=FLOAT)[target], prediction, arguments)
        points = extreme_logits if logits else extreme_probabilities
        add(golden, f"sparse_categorical_crossentropy/{kind}/extreme", sparse, classes, points, {"from_logits": logits})
        for smoothing in [0.0, 0.1]:
            dense = losses.CategoricalCrossentropy(from_logits=logits, label_smoothing=smoothing)
            arguments = {"from_logits": logits, "label_smoothing": smoothing}
            target = np.eye(3, dtype=FLOAT)[classes]
            add(golden, f"categorical_crossentropy/{kind}/{smoothing}/extreme", dense, target, points, arguments)
        target = floats([[0.5, 0.25, 0.25], [0.0, 0.75, 0.25]])
        dense = losses.CategoricalCrossentropy(from_logits=logits)
        arguments = {"from_logits": logits, "label_smoothing": 0.0}
        prediction = floats([[1, -2, 0.5], [0, 3, -1]]) if logits else floats([[0.5, 0.25, 0.25], [0.125, 0.125, 0.75]])
        add(golden, f"categorical_crossentropy/{kind}/0.0/soft", dense, target, prediction, arguments)


golden = Golden("losses")
distances(golden)
binary(golden)
categorical(golden)
golden.write()
