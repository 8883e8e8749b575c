"""ONNX Runtime, with inputs and outputs bound in advance, which was its best way."""

import itertools

import numpy as np
import onnxruntime as ort

from protocol import CHECKED_FRAMES, Way, serve


def session(net, data):
    options = ort.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    return ort.InferenceSession(data.file(f"{net}.onnx"), options, providers=["CPUExecutionProvider"])


def bound(session, values):
    """A call without arguments: inputs and outputs, by name, are memory that stays."""
    binding = session.io_binding()
    for place in session.get_inputs():
        binding.bind_ortvalue_input(place.name, values[place.name])
    for place in session.get_outputs():
        binding.bind_ortvalue_output(place.name, values[place.name])
    run, ready = session._sess.run_with_iobinding, binding._iobinding
    return lambda: run(ready, None)


def memory(shape):
    return ort.OrtValue.ortvalue_from_numpy(np.zeros(shape, np.float32))


def predict(net, data):
    model = session(net, data)
    place, result = model.get_inputs()[0], model.get_outputs()[0]
    inputs = data.samples(net)["inputs"][:3].reshape(3, *place.shape)
    values = {"input": ort.OrtValue.ortvalue_from_numpy(inputs[0]), "output": memory(result.shape)}
    answer = lambda: np.concatenate([model.run(None, {"input": x})[0].ravel() for x in inputs])
    return [Way("ONNX Runtime", bound(model, values), answer)]


def stream(net, data):
    model = session(net, data)
    states = {place.name: place.shape for place in model.get_inputs()[1:]}
    frames = data.samples(net)["inputs"][:CHECKED_FRAMES]
    here, there = [{name: memory(shape) for name, shape in states.items()} for _ in range(2)]
    common = {"input": ort.OrtValue.ortvalue_from_numpy(frames[:1]), "output": memory([1, 1])}
    # What one call writes, the next one reads: two calls that take turns.
    next_of = lambda values: {f"{name}_next": value for name, value in values.items()}
    turns = itertools.cycle([bound(model, common | here | next_of(there)), bound(model, common | there | next_of(here))])

    def answer():
        values, outputs = {name: np.zeros(shape, np.float32) for name, shape in states.items()}, []
        for frame in frames:
            output, *after = model.run(None, {"input": frame[None]} | values)
            values = dict(zip(states, after))
            outputs.append(output.item())
        return outputs

    return [Way("ONNX Runtime", lambda: next(turns)(), answer)]


def enter(net, task, count, data):
    return {"predict": predict, "stream": stream}[task](net, data) if task in ("predict", "stream") else []


serve(enter)
