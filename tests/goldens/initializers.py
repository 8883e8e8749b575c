"""Initializers: draws differ between libraries, so what is kept are the limits and deviations of the distributions.

They are taken from Keras at the place where it asks its backend for numbers, and checked against Keras' own draws.
"""

import math

import numpy as np
from golden import Golden, keras
from keras.src.initializers import random_initializers

SHAPES = {
    "dense": (64, 32),
    "wide": (10, 200),
    "one": (1, 1),
    "conv": (3, 3, 8, 16),
    "depthwise": (3, 3, 8, 1),
    "vector": (7,),
}
INITIALIZERS = {
    "glorot_uniform": {},
    "glorot_normal": {},
    "he_uniform": {},
    "he_normal": {},
    "lecun_uniform": {},
    "lecun_normal": {},
    "variance_scaling": {},
    "variance_scaling/fan_out": {"scale": 0.5, "mode": "fan_out", "distribution": "uniform"},
    "variance_scaling/untruncated": {"scale": 3.0, "mode": "fan_avg", "distribution": "untruncated_normal"},
    "random_uniform": {},
    "random_uniform/shifted": {"minval": -0.25, "maxval": 1.0},
    "random_normal": {},
    "random_normal/shifted": {"mean": 0.5, "stddev": 2.0},
    "truncated_normal": {},
    "truncated_normal/shifted": {"mean": -1.0, "stddev": 0.5},
}
# The variance of a standard normal that is confined to ±2: 1 − 2·2·φ(2) / (2Φ(2) − 1).
CUT_VARIANCE = 1 - 4 * math.exp(-2) / math.sqrt(2 * math.pi) / math.erf(math.sqrt(2))


def expected(kind, asked):
    """Bounds, mean and standard deviation of what Keras asks its backend for."""
    if kind == "uniform":
        low, high = asked["minval"], asked["maxval"]
        return low, high, (low + high) / 2, (high - low) / math.sqrt(12)
    mean, deviation = asked["mean"], asked["stddev"]
    if kind == "normal":
        return -math.inf, math.inf, mean, deviation
    return mean - 2 * deviation, mean + 2 * deviation, mean, deviation * math.sqrt(CUT_VARIANCE)


def asked_of_backend(initializer, shape):
    """The distribution's name and arguments that a call ends in."""
    seen = []
    real = random_initializers.random

    class Recorder:
        def __getattr__(self, kind):
            def record(*arguments, **named):
                seen.append((kind, named))
                return getattr(real, kind)(*arguments, **named)

            return record

    random_initializers.random = Recorder()
    values = initializer(shape)
    random_initializers.random = real
    ((kind, named),) = seen
    return kind, named, np.asarray(values)


def check_draws(make, shape, low, high, mean, deviation):
    """Keras' own values have to follow what is written down."""
    needed = max(1, 20_000 // math.prod(shape))
    values = np.concatenate([np.asarray(make(seed)(shape), np.float64).ravel() for seed in range(min(needed, 400))])
    error = 5 / math.sqrt(values.size)
    assert low - 1e-6 <= values.min() and values.max() <= high + 1e-6
    assert abs(values.mean() - mean) <= error * deviation
    assert abs(values.std() / deviation - 1) <= error


def random(golden):
    for case, arguments in INITIALIZERS.items():
        def make(seed):
            return keras.initializers.get(
                {"class_name": case.split("/")[0], "config": arguments | {"seed": seed}}
            )

        for name, shape in SHAPES.items():
            kind, asked, _ = asked_of_backend(make(0), shape)
            low, high, mean, deviation = expected(kind, asked)
            check_draws(make, shape, low, high, mean, deviation)
            fixed = arguments | {"distribution": kind, "shape": list(shape)}
            golden.add(f"{case}/{name}", fixed, low=low, high=high, mean=mean, deviation=deviation)


def orthogonal(golden):
    """Which products are `gain²` times the identity: of the columns, or of the rows where they are fewer."""
    for rows, columns, gain in [(5, 5, 1.0), (7, 3, 1.0), (3, 7, 1.0), (16, 64, 1.0), (6, 4, 0.5)]:
        values = np.asarray(keras.initializers.Orthogonal(gain=gain, seed=1)((rows, columns)), np.float64)
        product = values @ values.T if rows < columns else values.T @ values
        expected_product = gain * gain * np.eye(min(rows, columns))
        assert np.allclose(product, expected_product, atol=1e-5)
        arguments = {"gain": gain, "shape": [rows, columns], "of": "rows" if rows < columns else "columns"}
        golden.add(f"orthogonal/{rows}x{columns}", arguments, product=expected_product)


golden = Golden("initializers")
random(golden)
orthogonal(golden)
golden.write()
