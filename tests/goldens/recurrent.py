"""SimpleRNN, LSTM and GRU in both reset modes: forward and all gradients at odd shapes; and a net that trains with Adam."""

import numpy as np
from golden import Draw, Golden, floats, keras, layer_vjp, set_uniform

KINDS = {"simple_rnn": keras.layers.SimpleRNN, "lstm": keras.layers.LSTM, "gru": keras.layers.GRU}
# The name of the case, frames, features, units, and arguments.
SHAPES = [
    ("last/1x1x1", 1, 1, 1, {}),
    ("last/5x3x7", 5, 3, 7, {}),
    ("sequence/4x2x5", 4, 2, 5, {"return_sequences": True}),
    ("sequence/7x1x16", 7, 1, 16, {"return_sequences": True}),
    ("no_bias/3x2x3", 3, 2, 3, {"use_bias": False}),
    ("backwards/4x3x2", 4, 3, 2, {"go_backwards": True}),
    ("backwards_sequence/4x2x3", 4, 2, 3, {"go_backwards": True, "return_sequences": True}),
    ("relu/5x2x3", 5, 2, 3, {"activation": "relu"}),
]
GATED = [("functions/5x2x3", 5, 2, 3, {"activation": "softsign", "recurrent_activation": "hard_sigmoid"})]


def plain(tensors):
    """Without the name of the cell, which graven has none of."""
    return {name.replace("d_lstm_cell/", "d_").replace("d_gru_cell/", "d_").replace("d_simple_rnn_cell/", "d_").split("/")[-1]: value for name, value in tensors.items()}


def cases(golden, kind, draw, **more):
    name = kind + ("_reset_before" if more else "")
    for case, frames, features, units, arguments in SHAPES + (GATED if kind != "simple_rnn" else []):
        layer = KINDS[kind](units, **arguments, **more)
        layer.build((None, frames, features))
        set_uniform(layer, draw)
        x = draw.uniform(3, frames, features)
        golden.add(f"{name}/{case}", {"units": units} | arguments | more, **plain(layer_vjp(layer, x, draw)))


def training(golden):
    """An echo: the output at the last frame is a product of two frames. Adam, in order, with a smaller last batch."""
    draw = Draw(73)
    x = draw.uniform(21, 6, 2)
    target = floats(x[:, 1, :1] * x[:, 4, 1:])
    for kind in ["lstm", "gru"]:
        layers = [
            keras.Input((6, 2)),
            KINDS[kind](5, return_sequences=True, name="first"),
            keras.layers.SimpleRNN(4, name="second"),
            keras.layers.Dense(1, name="dense"),
        ]
        model = keras.Sequential(layers, name="echo")
        set_uniform(model, Draw(74), low=-0.5, high=0.5)
        cut = lambda path: "/".join(part for part in path.split("/") if not part.endswith("_cell"))
        variables = lambda: {cut(v.path.removeprefix("echo/")): np.asarray(v.value) for v in model.weights}
        start = variables()
        model.compile(optimizer=keras.optimizers.Adam(0.02), loss="mse")
        history = model.fit(x, target, batch_size=8, epochs=4, shuffle=False, verbose=0)
        losses = np.asarray(history.history["loss"], np.float64)
        predict = model.predict(x, verbose=0)
        golden.add(f"training/{kind}", {"learning_rate": 0.02}, x=x, target=target, start=start, end=variables(), loss=losses, predict=predict)


golden = Golden("recurrent")
cases(golden, "simple_rnn", Draw(70))
cases(golden, "lstm", Draw(71))
cases(golden, "gru", Draw(72))
cases(golden, "gru", Draw(75), reset_after=False)
training(golden)
golden.write()
