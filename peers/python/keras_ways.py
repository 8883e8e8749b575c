"""Keras 3 on the backend that KERAS_BACKEND names: steps and epochs of training."""

import os

import keras
import numpy as np

from protocol import CHECKED_STEPS, EPSILON, RATE, Way, pairs

CLASSES = ("mlp", "lenet")

NAME = {"jax": "Keras on JAX", "tensorflow": "Keras on TensorFlow"}[os.environ["KERAS_BACKEND"]]


def network(net, parameters):
    """The network without its softmax: the loss works on logits."""
    activation, layers = "relu" if net in CLASSES else "tanh", []
    if net == "lenet":
        layers.append(keras.layers.Reshape((28, 28, 1)))
    for kernel, _ in pairs(parameters):
        if kernel.ndim == 4:
            layers += [keras.layers.Conv2D(kernel.shape[3], kernel.shape[:2], activation=activation), keras.layers.MaxPooling2D()]
        else:
            if layers and isinstance(layers[-1], keras.layers.MaxPooling2D):
                layers.append(keras.layers.Flatten())
            layers.append(keras.layers.Dense(kernel.shape[1], activation=activation))
    layers[-1].activation = keras.activations.linear
    width = 784 if net == "lenet" else pairs(parameters)[0][0].shape[0]
    return keras.Sequential([keras.Input((width,)), *layers])


class Training:
    """A compiled model that can go back to its start."""

    def __init__(self, net, data):
        self.parameters = list(data.parameters(net).values())
        self.model = network(net, data.parameters(net))
        self.classes = net in CLASSES
        self.loss = (
            keras.losses.SparseCategoricalCrossentropy(from_logits=True) if self.classes else keras.losses.MeanSquaredError()
        )
        self.model.compile(keras.optimizers.Adam(RATE, epsilon=EPSILON), self.loss)
        self.model.optimizer.build(self.model.trainable_variables)
        self.start = [np.array(variable) for variable in self.model.optimizer.variables]
        self.reset()

    def reset(self):
        self.model.set_weights(self.parameters)
        for variable, value in zip(self.model.optimizer.variables, self.start):
            variable.assign(value)

    def batch(self, samples, count):
        targets = samples["labels"].astype("int32") if self.classes else samples["targets"]
        return samples["inputs"][:count], targets[:count]


def epoch(net, batch, data):
    training, losses = Training(net, data), []
    x, y = training.batch(data.samples("epoch"), None)

    def once():
        history = training.model.fit(x, y, batch_size=batch, epochs=1, verbose=0)
        losses.append(history.history["loss"][-1])

    # Compiles.
    training.model.fit(x[: 2 * batch], y[: 2 * batch], batch_size=batch, epochs=1, verbose=0)
    return [Way(f"{NAME}, fit", once, lambda: losses[-1:], training.reset)]


def enter_with(step):
    """The workloads of training; `step` gives the ways of one step on this backend."""

    def enter(net, task, count, data):
        match task:
            case "step":
                training = Training(net, data)
                return step(training, *training.batch(data.samples(net), count))
            case "epoch":
                return epoch(net, count, data)
        return []

    return enter


def losses(once):
    """The losses of the first steps, each given by `once()`."""
    return [float(once()) for _ in range(CHECKED_STEPS)]
