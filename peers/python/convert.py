"""Writes the networks as LiteRT models: only TensorFlow can."""

import os
import sys
from pathlib import Path

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import tensorflow as tf

from protocol import Data, pairs

WIDTHS = {"mlp": [1, 784], "lenet": [1, 28, 28, 1], "control": [1, 4], "curve": [1, 1]}
UNITS = {"lstm16": 16, "gru16": 16, "lstm32": 32}


def chain(net, parameters):
    """Convolutions with a maximum of 2x2 behind each, then dense layers, as a function of one sample."""
    classes, layers = net in ("mlp", "lenet"), pairs(parameters)

    def forward(x):
        for place, (kernel, bias) in enumerate(layers):
            if kernel.ndim == 4:
                x = tf.nn.relu(tf.nn.conv2d(x, kernel, strides=1, padding="VALID") + bias)
                x = tf.nn.max_pool2d(x, 2, 2, "VALID")
                continue
            x = tf.reshape(x, [1, -1]) if x.shape.rank == 4 else x
            x = tf.matmul(x, kernel) + bias
            if place + 1 < len(layers):
                x = tf.nn.relu(x) if classes else tf.tanh(x)
        return tf.nn.softmax(x) if classes else x

    return tf.function(forward, input_signature=[tf.TensorSpec(WIDTHS[net])])


def lstm(units, kernel, recurrent, bias):
    def step(frame, state):
        hidden, cell = tf.split(state, 2, axis=1)
        i, f, g, o = tf.split(frame * kernel + tf.matmul(hidden, recurrent) + bias, 4, axis=1)
        cell = tf.sigmoid(f) * cell + tf.sigmoid(i) * tf.tanh(g)
        hidden = tf.sigmoid(o) * tf.tanh(cell)
        return hidden, tf.concat([hidden, cell], axis=1)

    return step, 2 * units


def gru(units, kernel, recurrent, bias):
    def step(frame, hidden):
        (z, r, g), (iz, ir, ig) = (
            tf.split(sums, 3, axis=1) for sums in (frame * kernel + bias[0], tf.matmul(hidden, recurrent) + bias[1])
        )
        z, r = tf.sigmoid(z + iz), tf.sigmoid(r + ir)
        hidden = z * hidden + (1 - z) * tf.tanh(g + r * ig)
        return hidden, hidden

    return step, units


def recurrent(net, parameters):
    """One frame of a cell and a dense layer, as a function of frame and state."""
    *weights, dense, bias = parameters.values()
    step, width = (gru if net == "gru16" else lstm)(UNITS[net], *weights)

    def forward(frame, state):
        hidden, state = step(frame, state)
        return tf.matmul(hidden, dense) + bias, state

    return tf.function(forward, input_signature=[tf.TensorSpec([1, 1]), tf.TensorSpec([1, width])])


def main(directory):
    data = Data(Path(directory))
    for net in [*WIDTHS, *UNITS]:
        function = (chain if net in WIDTHS else recurrent)(net, data.parameters(net))
        converter = tf.lite.TFLiteConverter.from_concrete_functions([function.get_concrete_function()], function)
        Path(data.file(f"{net}.tflite")).write_bytes(converter.convert())


main(sys.argv[1])
