"""The line protocol of src/child.rs: a peer in Python answers what the program `bench` asks.

A peer is a function `enter(net, task, count, data)` that gives the ways in which it takes part in a workload. A way has a name,
`reset()`, `once()` and `answer()`; one that can time itself better has `run(times)`.
"""

import os
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from safetensors.numpy import load_file

CHECKED_STEPS, CHECKED_FRAMES = 5, 8
RATE, EPSILON = 0.001, 1e-7


@dataclass
class Data:
    """The files that `bench` wrote."""

    directory: Path

    def parameters(self, net, form=""):
        """Kernels `(inputs, outputs)` and biases by name, in the network's order; as Keras has them, or `.channels_first`."""
        tensors = load_file(self.directory / f"{net}{form}.parameters.safetensors")
        order = (self.directory / f"{net}.names").read_text().split()
        return {name: tensors[name] for name in order}

    def samples(self, name):
        """`inputs`, and `labels` or `targets`."""
        return load_file(self.directory / f"{name}.samples.safetensors")

    def file(self, name):
        return str(self.directory / name)


def pairs(parameters):
    """Kernels with their biases."""
    tensors = list(parameters.values())
    return list(zip(tensors[::2], tensors[1::2]))


class Way:
    """Something that is done once and once again."""

    def __init__(self, name, once, answer, reset=lambda: None):
        self.name, self.once, self.answer, self.reset = name, once, answer, reset

    def run(self, times):
        """Nanoseconds of processor time, of all threads of this process (there is one that works)."""
        once = self.once
        start = time.process_time_ns()
        for _ in range(times):
            once()
        return time.process_time_ns() - start


def serve(enter):
    """Answers until the input ends."""
    # What libraries print must not be taken for an answer.
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    data, ways, way = Data(Path(sys.argv[1])), [], None
    for line in sys.stdin:
        word, *rest = line.split()
        try:
            answer = ""
            if word == "enter":
                net, task, *count = rest
                ways = enter(net, task, int(count[0]) if count else 1, data)
                answer = "; ".join(way.name for way in ways)
            elif word == "select":
                way = ways[int(rest[0])]
            elif word == "reset":
                way.reset()
            elif word == "run":
                answer = str(way.run(int(rest[0])))
            elif word == "answer":
                answer = " ".join(repr(float(value)) for value in way.answer())
            print("ok", answer, file=answers, flush=True)
        except Exception as error:  # it belongs into the report, whatever it is
            print("error:", type(error).__name__, str(error).replace("\n", " "), file=answers, flush=True)
