"""tract from Python, by its C functions with everything prepared: for where the feature `tract` is too long to build."""

import ctypes

import numpy as np
import tract

from protocol import CHECKED_FRAMES, Way, serve

run, release = tract.lib.tract_state_run, tract.lib.tract_tensor_destroy


def state(net, data):
    return tract.onnx().load(data.file(f"{net}.onnx")).into_model().into_runnable().spawn_state()


def call(state, inputs):
    """A call without arguments that gives its outputs to nobody."""
    values = [tract.Tensor.from_numpy(value) for value in inputs]
    given = (ctypes.c_void_p * len(values))(*(value.ptr for value in values))
    made = (ctypes.c_void_p * state.output_count())()
    made_of = [ctypes.c_void_p() for _ in made]
    pointer = state.ptr

    def once():
        run(pointer, given, made)
        for place, value in enumerate(made_of):
            value.value = made[place]
            release(ctypes.byref(value))

    once.kept = values
    return once


def predict(net, data):
    model = state(net, data)
    shape = [3, 1, 1, 28, 28] if net == "lenet" else [3, 1, -1]
    inputs = data.samples(net)["inputs"][:3].reshape(shape)
    answer = lambda: np.concatenate([model.run([x])[0].to_numpy().ravel() for x in inputs])
    return [Way("tract, from Python", call(model, inputs[:1]), answer)]


def stream(net, data):
    """Timed from zero states each time: what is remembered is not read back."""
    model, units = state(net, data), 32 if net == "lstm32" else 16
    zeros = [np.zeros((1, 1, units), np.float32)] * (1 if net == "gru16" else 2)
    frames = data.samples(net)["inputs"][:CHECKED_FRAMES]

    def answer():
        states, outputs = zeros, []
        for frame in frames:
            output, *states = [value.to_numpy() for value in model.run([frame[None], *states])]
            outputs.append(output.item())
        return outputs

    return [Way("tract, from Python", call(model, [frames[:1], *zeros]), answer)]


def enter(net, task, count, data):
    return {"predict": predict, "stream": stream}[task](net, data) if task in ("predict", "stream") else []


serve(enter)
