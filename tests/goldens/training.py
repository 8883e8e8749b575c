"""`fit` and `evaluate`: logs per epoch and the weights at the end, from given weights, on a small fixed problem.

53 samples, batches of 8 (the last one smaller), `validation_split=0.2`, `shuffle=False`.
"""

import numpy as np
from golden import FLOAT, Draw, Golden, floats, keras, set_uniform

SAMPLES = 53
EPOCHS = 5
layers, losses, optimizers = keras.layers, keras.losses, keras.optimizers


def problem(draw, classes):
    """Inputs, and targets that can be learned from them."""
    x = draw.uniform(SAMPLES, 6)
    scores = x.astype(np.float64) @ draw.uniform(6, classes).astype(np.float64)
    return x, scores


def build(activation, units, start=None):
    model = keras.Sequential(
        [
            keras.Input((6,)),
            layers.Dense(9, activation="tanh", name="dense"),
            layers.Dense(units, activation=activation, name="dense_1"),
        ],
        name="net",
    )
    if start is None:
        set_uniform(model, Draw(51 + units), low=-0.5, high=0.5)
    else:
        for variable, value in zip(model.weights, start):
            variable.assign(value)
    return model


def variables(model):
    """All by path, those of frozen layers too. Keras leaves out of it the model within a model: there, a layer is called `block.dense`."""
    return {v.path.removeprefix(model.name + "/").replace(".", "/"): np.asarray(v.value) for v in model.weights}


def run(golden, case, model, data, compiled, arguments, **fit):
    """Trains, and keeps all that came of it: `history/…`, `end/…`, `evaluate/…`, and the outputs."""
    x, target = data
    start = variables(model)
    model.compile(**compiled)
    options = {"batch_size": 8, "epochs": EPOCHS, "validation_split": 0.2} | fit
    history = model.fit(x, target, shuffle=False, verbose=0, **options)
    end = variables(model)
    golden.add(
        case,
        arguments | options,
        x=np.concatenate(x, -1) if isinstance(x, list) else x,
        target=target,
        start=start,
        end=end,
        history={name: np.asarray(values, np.float64) for name, values in history.history.items()},
        evaluate=model.evaluate(x, target, batch_size=8, verbose=0, return_dict=True),
        predict=model.predict(x, batch_size=8, verbose=0),
    )


def regression(golden):
    draw = Draw(50)
    x, scores = problem(draw, 2)
    target = floats(np.tanh(scores))
    compiled = {"loss": losses.MeanSquaredError(), "metrics": ["mae"]}
    shown = {"activation": "linear", "loss": "mse"}
    for case, optimizer, rule, fit in [
        ("mse/sgd", optimizers.SGD(0.1), {"optimizer": "sgd", "learning_rate": 0.1}, {}),
        ("mse/adam", optimizers.Adam(0.01), {"optimizer": "adam", "learning_rate": 0.01}, {}),
        # One batch holds everything; and no validation.
        ("mse/whole", optimizers.SGD(0.1), {"optimizer": "sgd", "learning_rate": 0.1}, {"batch_size": 64, "validation_split": 0.0}),
    ]:
        run(golden, case, build("linear", 2), (x, target), compiled | {"optimizer": optimizer}, shown | rule, **fit)


def sparse(golden):
    """Once from the logits and once through the probabilities of a softmax: equal but for clipping and rounding."""
    draw = Draw(52)
    x, scores = problem(draw, 4)
    target = scores.argmax(-1)
    for case, activation, logits in [("sparse/logits", "linear", True), ("sparse/softmax", "softmax", False)]:
        compiled = {
            "loss": losses.SparseCategoricalCrossentropy(from_logits=logits),
            "metrics": ["accuracy"],
            "optimizer": optimizers.Adam(0.02),
        }
        shown = {"activation": activation, "loss": "sparse_categorical_crossentropy", "from_logits": logits}
        shown |= {"optimizer": "adam", "learning_rate": 0.02}
        run(golden, case, build(activation, 4), (x, target), compiled, shown)


def binary(golden):
    draw = Draw(53)
    x, scores = problem(draw, 1)
    target = (scores > 0).astype(FLOAT)
    for case, activation, logits in [("binary/logits", "linear", True), ("binary/sigmoid", "sigmoid", False)]:
        threshold = keras.metrics.BinaryAccuracy(name="accuracy", threshold=0.0 if logits else 0.5)
        compiled = {
            "loss": losses.BinaryCrossentropy(from_logits=logits),
            "metrics": [threshold],
            "optimizer": optimizers.SGD(0.2, momentum=0.9),
        }
        shown = {"activation": activation, "loss": "binary_crossentropy", "from_logits": logits}
        shown |= {"optimizer": "sgd", "learning_rate": 0.2, "momentum": 0.9}
        run(golden, case, build(activation, 1), (x, target), compiled, shown)


def one_hot(golden):
    draw = Draw(54)
    x, scores = problem(draw, 3)
    target = np.eye(3, dtype=FLOAT)[scores.argmax(-1)]
    compiled = {
        "loss": losses.CategoricalCrossentropy(from_logits=True, label_smoothing=0.1),
        "metrics": ["accuracy"],
        "optimizer": optimizers.SGD(0.1, momentum=0.9, nesterov=True),
    }
    shown = {"activation": "linear", "loss": "categorical_crossentropy", "from_logits": True, "label_smoothing": 0.1}
    shown |= {"optimizer": "sgd", "learning_rate": 0.1, "momentum": 0.9, "nesterov": True}
    run(golden, "categorical/logits", build("linear", 3), (x, target), compiled, shown)


def graph(golden):
    """Two inputs through one shared layer, two outputs with weighted losses; then the same with the shared layer frozen."""
    draw = Draw(55)
    user, item = draw.uniform(SAMPLES, 4), draw.uniform(SAMPLES, 4)
    score = ((user * item).sum(-1, keepdims=True) > 0).astype(FLOAT)
    topic = (item @ draw.uniform(4, 3)).argmax(-1)
    for case, trainable in [("graph/shared", True), ("graph/frozen", False)]:
        inputs = [keras.Input((4,), name="user"), keras.Input((4,), name="item")]
        tower = layers.Dense(5, activation="tanh", name="tower", trainable=trainable)
        both = layers.Concatenate(name="both")([tower(x) for x in inputs])
        outputs = {
            "score": layers.Dense(1, activation="sigmoid", name="score")(both),
            "topic": layers.Dense(3, activation="softmax", name="topic")(both),
        }
        model = keras.Model(inputs, outputs, name="ranker")
        set_uniform(model, Draw(56), low=-0.5, high=0.5)
        compiled = {
            "loss": {"score": losses.BinaryCrossentropy(), "topic": losses.SparseCategoricalCrossentropy()},
            "loss_weights": {"score": 1.0, "topic": 0.25},
            "metrics": {"score": [keras.metrics.BinaryAccuracy(name="accuracy")], "topic": ["accuracy"]},
            "optimizer": optimizers.Adam(0.02),
        }
        data = [user, item], {"score": score, "topic": topic}
        run(golden, case, model, data, compiled, {"optimizer": "adam", "learning_rate": 0.02, "loss_weights": [1.0, 0.25]})


if __name__ == "__main__":
    golden = Golden("training")
    regression(golden)
    sparse(golden)
    binary(golden)
    one_hot(golden)
    graph(golden)
    golden.write()
