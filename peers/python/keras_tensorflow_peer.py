"""Keras on TensorFlow: `train_on_batch`, which was its best way for a step, and `fit`."""

import os

os.environ["KERAS_BACKEND"] = "tensorflow"
import tensorflow as tf

tf.config.threading.set_intra_op_parallelism_threads(1)
tf.config.threading.set_inter_op_parallelism_threads(1)

from keras_ways import NAME, enter_with, losses
from protocol import Way, serve


def step(training, x, y):
    x, y = tf.constant(x), tf.constant(y)
    once = lambda: training.model.train_on_batch(x, y)

    def reset():
        training.reset()
        training.model.reset_metrics()

    def answer():
        # The loss that it reports is the mean since metrics were reset.
        return losses(lambda: (training.model.reset_metrics(), once())[1])

    return [Way(f"{NAME}, train_on_batch", once, answer, reset)]


serve(enter_with(step))
