"""PyTorch: frozen TorchScript for predictions; eager mode with the fused Adam for training, which were its best ways."""

import torch
from torch import nn

from protocol import CHECKED_FRAMES, CHECKED_STEPS, EPSILON, RATE, Way, pairs, serve

FIRST, CLASSES = ".channels_first", ("mlp", "lenet")

torch.set_num_threads(1)
torch.set_num_interop_threads(1)


def network(net, parameters):
    """Layers with everybody's parameters; without the softmax."""
    activation, layers, images = nn.Tanh if net == "control" or net == "curve" else nn.ReLU, [], False
    for kernel, bias in pairs(parameters):
        if kernel.ndim == 4:
            layer = nn.Conv2d(kernel.shape[1], kernel.shape[0], kernel.shape[2:])
            layer.weight.data = torch.from_numpy(kernel.copy())
            if not images:
                layers.append(nn.Unflatten(1, (1, 28, 28)))
            layers += [layer, nn.ReLU(), nn.MaxPool2d(2)]
            images = True
        else:
            if images:
                layers.append(nn.Flatten())
                images = False
            layer = nn.Linear(*kernel.shape)
            layer.weight.data = torch.from_numpy(kernel.T.copy())
            layers += [layer, activation()]
        layer.bias.data = torch.from_numpy(bias.copy())
    return nn.Sequential(*layers[:-1])


def tensors(samples, count):
    targets = samples["labels"].astype("int64") if "labels" in samples else samples["targets"]
    return torch.from_numpy(samples["inputs"][:count]), torch.from_numpy(targets[:count])


def predict(net, data):
    model = network(net, data.parameters(net, FIRST))
    if net in CLASSES:
        model.append(nn.Softmax(dim=-1))
    inputs, _ = tensors(data.samples(net), 3)
    rows = [row[None] for row in inputs]
    with torch.inference_mode():
        model = torch.jit.freeze(torch.jit.trace(model.eval(), rows[0]))

    @torch.inference_mode()
    def answer():
        return torch.cat([model(row) for row in rows]).flatten().tolist()

    def once():
        model(rows[0])

    way = Way("PyTorch", once, answer)
    way.run = torch.inference_mode()(way.run)
    return [way]


class Recurrent(nn.Module):
    """A cell and the dense layer behind it, frame by frame; Keras' gates in PyTorch's order."""

    def __init__(self, net, parameters):
        super().__init__()
        kernel, recurrent, bias, dense, dense_bias = [torch.from_numpy(tensor.copy()) for tensor in parameters.values()]
        units, order = len(recurrent), [1, 0, 2] if net == "gru16" else [0, 1, 2, 3]
        ordered = lambda tensor: torch.cat([tensor.split(units, -1)[gate] for gate in order], -1).T.contiguous()
        biases = bias if bias.ndim == 2 else [bias, torch.zeros_like(bias)]
        self.lstm = net != "gru16"
        self.cell = nn.LSTMCell(1, units) if self.lstm else nn.GRUCell(1, units)
        self.cell.weight_ih.data, self.cell.weight_hh.data = ordered(kernel), ordered(recurrent)
        self.cell.bias_ih.data, self.cell.bias_hh.data = ordered(biases[0]), ordered(biases[1])
        self.dense = nn.Linear(units, 1)
        self.dense.weight.data, self.dense.bias.data = dense.T.contiguous(), dense_bias
        self.zeros = torch.zeros(1, units)

    def forward(self, frame, hidden, cell):
        if self.lstm:
            hidden, cell = self.cell(frame, (hidden, cell))
        else:
            hidden = self.cell(frame, hidden)
        return self.dense(hidden), hidden, cell


def stream(net, data):
    model = Recurrent(net, data.parameters(net)).eval()
    frames = [torch.from_numpy(frame[None]) for frame in data.samples(net)["inputs"][:CHECKED_FRAMES]]
    start = model.zeros, model.zeros
    with torch.inference_mode():
        step = torch.jit.freeze(torch.jit.trace(model, (frames[0], *start)))
    state = start

    @torch.inference_mode()
    def answer():
        state, outputs = start, []
        for frame in frames:
            output, *state = step(frame, *state)
            outputs.append(output.item())
        return outputs

    def once():
        nonlocal state
        _, *state = step(frames[0], *state)

    way = Way("PyTorch", once, answer)
    way.run = torch.inference_mode()(way.run)
    return [way]


class Training:
    """A network, its optimizer and its batch."""

    def __init__(self, net, data):
        self.net, self.parameters = net, data.parameters(net, FIRST)
        self.loss = nn.CrossEntropyLoss() if net in CLASSES else nn.MSELoss()
        self.reset()

    def reset(self):
        self.model = network(self.net, self.parameters)
        self.optimizer = torch.optim.Adam(self.model.parameters(), lr=RATE, eps=EPSILON, fused=True)

    def step(self, inputs, targets):
        loss = self.loss(self.model(inputs), targets)
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        self.optimizer.step()
        return loss.detach()


def step(net, batch, data):
    training = Training(net, data)
    inputs, targets = tensors(data.samples(net), batch)
    answer = lambda: [training.step(inputs, targets).item() for _ in range(CHECKED_STEPS)]
    return [Way("PyTorch", lambda: training.step(inputs, targets), answer, training.reset)]


def epoch(net, batch, data):
    training = Training(net, data)
    inputs, targets = tensors(data.samples("epoch"), None)
    losses = []

    def once():
        total = torch.zeros(())
        for batch_of in torch.randperm(len(inputs)).split(batch):
            total += training.step(inputs[batch_of], targets[batch_of]) * len(batch_of)
        losses.append(total.item() / len(inputs))

    def way(name, flush):
        way = Way(name, once, lambda: losses[-1:], training.reset)
        run = way.run

        def flushed(times):
            torch.set_flush_denormal(flush)
            time = run(times)
            torch.set_flush_denormal(False)
            return time

        way.run = flushed
        return way

    return [way("PyTorch", False), way("PyTorch, subnormals flushed", True)]


def product(net, batch, data):
    kernel = torch.from_numpy(next(iter(data.parameters(net).values())))
    inputs, _ = tensors(data.samples(net), batch)
    outputs = torch.empty(batch, kernel.shape[1])
    once = lambda: torch.mm(inputs, kernel, out=outputs)
    return [Way("PyTorch", once, lambda: once().flatten().tolist())]


def enter(net, task, count, data):
    match task:
        case "predict":
            return predict(net, data)
        case "stream":
            return stream(net, data)
        case "step":
            return step(net, count, data)
        case "epoch":
            return epoch(net, count, data)
        case "product":
            return product(net, count, data)


serve(enter)
