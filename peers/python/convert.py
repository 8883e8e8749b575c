"""Writes the networks as LiteRT models: only TensorFlow can."""

import os
import sys
from pathlib import Path

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import tensorflow as tf

from protocol import Data

NETS = {"mlp": tf.nn.relu, "control": tf.tanh, "curve": tf.tanh}


def chain(net, data):
    """Dense layers as a function of one sample."""
    tensors = list(data.parameters(net).values())

    def forward(x):
        for place, (kernel, bias) in enumerate(zip(tensors[::2], tensors[1::2])):
            x = tf.matmul(x, kernel) + bias
            if 2 * place + 2 < len(tensors):
                x = NETS[net](x)
        return tf.nn.softmax(x) if net == "mlp" else x

    return tf.function(forward, input_signature=[tf.TensorSpec([1, tensors[0].shape[0]])])


def main(directory):
    data = Data(Path(directory))
    for net in NETS:
        function = chain(net, data).get_concrete_function()
        converter = tf.lite.TFLiteConverter.from_concrete_functions([function])
        Path(data.file(f"{net}.tflite")).write_bytes(converter.convert())


main(sys.argv[1])
