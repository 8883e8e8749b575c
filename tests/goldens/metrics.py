"""Metrics: state and result after each of several updates; ties, thresholds and weights included."""

import numpy as np
from golden import FLOAT, Draw, Golden, floats, keras

metrics = keras.metrics


def run(golden, case, metric, batches, arguments):
    """Updates the metric with each batch of (target, prediction[, weight]) and keeps its result after each."""
    results, totals, counts = [], [], []
    for number, batch in enumerate(batches):
        metric.update_state(*batch)
        results.append(np.asarray(metric.result()))
        totals.append(np.asarray(metric.total.value))
        counts.append(np.asarray(metric.count.value))
        names = ["values", "weights"] if type(metric) is metrics.Mean else [
            "target",
            "prediction",
            "weights",
        ]
        golden.add(case, arguments | {"updates": len(batches)}, **{f"{n}{number}": v for n, v in zip(names, batch)})
    golden.add(case, result=np.stack(results), total=np.stack(totals), count=np.stack(counts))


def mean(golden):
    draw = Draw(20)
    run(golden, "mean", metrics.Mean(), [(draw.uniform(n),) for n in [1, 4, 7]], {})
    weighted = [(draw.uniform(n), draw.uniform(n, low=0, high=2)) for n in [3, 1, 5]]
    run(golden, "mean/weighted", metrics.Mean(), weighted, {})


def binary(golden):
    draw = Draw(21)
    for threshold in [0.5, 0.25]:
        metric = metrics.BinaryAccuracy(threshold=threshold)
        batches = [(draw.classes(2, n, 1).astype(FLOAT), draw.uniform(n, 1, low=0, high=1)) for n in [5, 8, 1]]
        # Exactly the threshold is not above it.
        batches.append((floats([[0], [1], [1], [0]]), floats([[threshold]] * 2 + [[0.75], [1]])))
        run(golden, f"binary_accuracy/{threshold}", metric, batches, {"threshold": threshold})
    batches = [(draw.classes(2, n, 3).astype(FLOAT), draw.uniform(n, 3, low=0, high=1)) for n in [5, 2]]
    run(golden, "binary_accuracy/wide", metrics.BinaryAccuracy(), batches, {"threshold": 0.5})


TIES = [[0.4, 0.4, 0.2], [0.2, 0.4, 0.4], [1, 1, 1], [0.4, 0.2, 0.4], [0, 0, 0], [-1, -1, -2]]


def categorical(golden):
    draw = Draw(22)
    ties = floats(TIES)
    sparse, dense = metrics.SparseCategoricalAccuracy(), metrics.CategoricalAccuracy()
    classes = [draw.classes(3, n) for n in [5, 8, 1]]
    batches = [(c, draw.uniform(len(c), 3)) for c in classes]
    for winners in [[0, 1, 0, 0, 0, 0], [1, 2, 2, 2, 1, 1]]:
        batches.append((np.array(winners), ties))
    run(golden, "sparse_categorical_accuracy", sparse, batches, {})
    one_hot = [(np.eye(3, dtype=FLOAT)[t], p) for t, p in batches]
    # A target with two maxima counts as its first one.
    one_hot.append((floats([[0.5, 0.5, 0], [0, 0.5, 0.5]]), floats([[1, 0, 0], [0, 0, 1]])))
    run(golden, "categorical_accuracy", dense, one_hot, {})


def errors(golden):
    draw = Draw(23)
    for name, metric in [("mse", metrics.MeanSquaredError()), ("mae", metrics.MeanAbsoluteError())]:
        batches = [(draw.uniform(n, 3), draw.uniform(n, 3)) for n in [5, 1, 2]]
        run(golden, name, metric, batches, {})


golden = Golden("metrics")
mean(golden)
binary(golden)
categorical(golden)
errors(golden)
golden.write()
