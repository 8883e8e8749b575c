"""Activation functions: values, and products of a cotangent with the derivative, kinks and extremes included."""

from golden import Draw, Golden, floats, keras, pull_back

activations = keras.activations

KINKS = [0.0, -0.0, 3.0, -3.0, 6.0, 1.0, -1.0, 1.5, -1.5, 2.25, 0.5, -0.5, 0.25]
LARGE = [30.0, -30.0, 100.0, -100.0, 20.0, -20.0, 10.0, -10.0, 87.0, -87.0]
TINY = [1e-3, -1e-3, 1e-6, -1e-6, 1e-12, -1e-12, 1e-30, -1e-30, 1.2e-38, -1.2e-38, 1e-40, -1e-40]

# Arguments are exact in binary, so that a kink lies at the same place in both precisions.
ELEMENTWISE = {
    "linear": {},
    "relu": {},
    "relu/slope": {"negative_slope": 0.25},
    "relu/max": {"max_value": 2.25},
    "relu/six": {"max_value": 6.0},
    "relu/threshold": {"threshold": 1.5},
    "relu/below": {"threshold": -0.5},
    "relu/below_max": {"max_value": 2.25, "threshold": -0.5},
    "relu/below_all": {"negative_slope": 0.25, "max_value": 2.25, "threshold": -0.5},
    "relu/all": {"negative_slope": 0.25, "max_value": 3.0, "threshold": 1.5},
    "relu6": {},
    "leaky_relu": {},
    "leaky_relu/slope": {"negative_slope": 0.5},
    "elu": {},
    "elu/alpha": {"alpha": 0.5},
    "celu": {},
    "celu/alpha": {"alpha": 0.5},
    "selu": {},
    "gelu": {},
    "gelu/approximate": {"approximate": True},
    "silu": {},
    "mish": {},
    "sigmoid": {},
    "hard_sigmoid": {},
    "hard_silu": {},
    "hard_tanh": {},
    "tanh": {},
    "softplus": {},
    "log_sigmoid": {},
    "softsign": {},
    "exponential": {},
}


def elementwise(golden):
    draw = Draw(1)
    x = floats(KINKS + LARGE + TINY + list(draw.uniform(30, low=-8, high=8)))
    dy = draw.uniform(*x.shape)
    golden.add("elementwise", x=x, dy=dy)
    for case, arguments in ELEMENTWISE.items():
        function = getattr(activations, case.split("/")[0])
        y, (dx,) = pull_back(lambda x: function(x, **arguments), [x], dy)
        golden.add(case, arguments, y=y, dx=dx)


def rows(golden):
    draw = Draw(2)
    for name in ["softmax", "log_softmax"]:
        function = getattr(activations, name)
        for width in [1, 2, 3, 10, 17]:
            x = draw.uniform(5, width, low=-5, high=5)
            dy = draw.uniform(5, width)
            y, (dx,) = pull_back(function, [x], dy)
            golden.add(f"{name}/{width}", {"width": width}, x=x, dy=dy, y=y, dx=dx)
        x = floats([[100, 99, -100, 0], [0, 0, 0, 0], [-100, -100, -100, -99], [1e-30, 0, 80, -80], [30, -30, 30, -30]])
        dy = draw.uniform(5, 4)
        y, (dx,) = pull_back(function, [x], dy)
        golden.add(f"{name}/extreme", {"width": 4}, x=x, dy=dy, y=y, dx=dx)


golden = Golden("activations")
elementwise(golden)
rows(golden)
golden.write()
