"""Keras on JAX: a step that is compiled whole, from Keras' stateless functions, and `fit`."""

import os

os.environ["KERAS_BACKEND"] = "jax"
import jax

from keras_ways import NAME, enter_with, losses
from protocol import Way, serve


def step(training, x, y):
    model, optimizer, loss = training.model, training.model.optimizer, training.loss
    x, y = jax.numpy.array(x), jax.numpy.array(y)

    def value(trainable, fixed):
        outputs, fixed = model.stateless_call(trainable, fixed, x, training=True)
        return loss(y, outputs), fixed

    def update(state):
        trainable, fixed, moments = state
        (value_, fixed), gradients = jax.value_and_grad(value, has_aux=True)(trainable, fixed)
        trainable, moments = optimizer.stateless_apply(moments, gradients, trainable)
        return value_, (trainable, fixed, moments)

    compiled = jax.jit(update, donate_argnums=0)
    state = None

    def reset():
        nonlocal state
        training.reset()
        variables = model.trainable_variables, model.non_trainable_variables, optimizer.variables
        state = tuple([jax.numpy.array(variable.value) for variable in some] for some in variables)

    def once():
        nonlocal state
        value_, state = compiled(state)
        return jax.block_until_ready((value_, state))[0]

    return [Way(f"{NAME}, jit", once, lambda: losses(once), reset)]


serve(enter_with(step))
