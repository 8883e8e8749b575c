"""ONNX Runtime, with inputs and outputs bound in advance, which was its best way."""

import numpy as np
import onnxruntime as ort

from protocol import Way, serve


def enter(net, task, count, data):
    if task != "predict":
        return []
    options = ort.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session = ort.InferenceSession(data.file(f"{net}.onnx"), options, providers=["CPUExecutionProvider"])
    inputs = data.samples(net)["inputs"][:3]
    shape = [1, *session.get_inputs()[0].shape[1:]]
    binding, outputs = session.io_binding(), np.empty(session.get_outputs()[0].shape, np.float32)
    value, result = ort.OrtValue.ortvalue_from_numpy(inputs[:1].reshape(shape)), ort.OrtValue.ortvalue_from_numpy(outputs)
    binding.bind_ortvalue_input("input", value)
    binding.bind_ortvalue_output("output", result)
    bound, ready = session._sess.run_with_iobinding, binding._iobinding

    def answer():
        return np.concatenate([session.run(None, {"input": x.reshape(shape)})[0].ravel() for x in inputs])

    return [Way("ONNX Runtime", lambda: bound(ready, None), answer)]


serve(enter)
