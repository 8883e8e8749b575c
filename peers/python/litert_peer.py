"""LiteRT: its interpreter invoked on an input that was set in advance, which was its best way."""

import subprocess
import sys
from pathlib import Path

import numpy as np
from ai_edge_litert.interpreter import Interpreter

from protocol import CHECKED_FRAMES, Way, serve


class Model:
    """An interpreter, its inputs by their width and its outputs."""

    def __init__(self, net, data):
        self.interpreter = Interpreter(data.file(f"{net}.tflite"), num_threads=1)
        self.interpreter.allocate_tensors()
        # Without the check for views of its memory, which Python's `invoke` makes each time; there are none.
        self.invoke = self.interpreter._interpreter.Invoke
        width = lambda place: int(np.prod(place["shape"]))
        self.inputs = sorted(self.interpreter.get_input_details(), key=width)
        self.outputs = sorted(self.interpreter.get_output_details(), key=width)

    def set(self, place, value):
        self.interpreter.set_tensor(self.inputs[place]["index"], value.reshape(self.inputs[place]["shape"]))

    def get(self, place):
        return self.interpreter.get_tensor(self.outputs[place]["index"])


def predict(net, data):
    model, inputs = Model(net, data), data.samples(net)["inputs"][:3]

    def answer():
        answers = []
        for x in inputs:
            model.set(0, x)
            model.invoke()
            answers.append(model.get(0).ravel())
        return np.concatenate(answers)

    answer()
    return [Way("LiteRT", model.invoke, answer)]


def stream(net, data):
    """The frame is the narrower input, the state the wider one."""
    model, frames = Model(net, data), data.samples(net)["inputs"][:CHECKED_FRAMES]
    place, after = model.inputs[1]["index"], model.outputs[1]["index"]
    read, write = model.interpreter._interpreter.GetTensor, model.interpreter._interpreter.SetTensor
    subgraph = 0

    def once():
        model.invoke()
        write(place, read(after, subgraph), subgraph)

    def answer():
        model.set(1, np.zeros(model.inputs[1]["shape"], np.float32))
        outputs = []
        for frame in frames:
            model.set(0, frame)
            model.invoke()
            outputs.append(model.get(0).item())
            model.set(1, model.get(1))
        return outputs

    return [Way("LiteRT", once, answer)]


def enter(net, task, count, data):
    return {"predict": predict, "stream": stream}[task](net, data) if task in ("predict", "stream") else []


# In a process of its own, which ends: this one shall hold nothing but LiteRT.
subprocess.run([sys.executable, Path(__file__).with_name("convert.py"), sys.argv[1]], check=True, stdout=sys.stderr)
serve(enter)
