"""PyTorch: frozen TorchScript for predictions; eager mode with the fused Adam for training, which were its best ways."""

import torch
from torch import nn

from protocol import CHECKED_STEPS, EPSILON, RATE, Way, serve

torch.set_num_threads(1)
torch.set_num_interop_threads(1)


def network(net, parameters):
    """Dense layers with everybody's parameters; without the softmax."""
    activation = nn.ReLU if net == "mlp" else nn.Tanh
    tensors, layers = list(parameters.values()), []
    for kernel, bias in zip(tensors[::2], tensors[1::2]):
        layer = nn.Linear(*kernel.shape)
        layer.weight.data = torch.from_numpy(kernel.T.copy())
        layer.bias.data = torch.from_numpy(bias.copy())
        layers += [layer, activation()]
    return nn.Sequential(*layers[:-1])


def tensors(samples, count):
    targets = samples["labels"].astype("int64") if "labels" in samples else samples["targets"]
    return torch.from_numpy(samples["inputs"][:count]), torch.from_numpy(targets[:count])


def predict(net, data):
    model = network(net, data.parameters(net))
    if net == "mlp":
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


class Training:
    """A network, its optimizer and its batch."""

    def __init__(self, net, data):
        self.net, self.parameters = net, data.parameters(net)
        self.loss = nn.CrossEntropyLoss() if net == "mlp" else nn.MSELoss()
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
        case "step":
            return step(net, count, data)
        case "epoch":
            return epoch(net, count, data)
        case "product":
            return product(net, count, data)


serve(enter)
