"""Writes every golden file again: each family in a process of its own, most of them in both precisions."""

import pathlib
import subprocess
import sys

BOTH = ["activations", "losses", "dense", "merges", "conv", "pool", "batch_norm", "optimizers", "recurrent", "training"]
SINGLE = ["metrics", "initializers"]

here = pathlib.Path(__file__).parent
for family, precision in [(f, p) for f in BOTH for p in ([], ["--f64"])] + [(f, []) for f in SINGLE]:
    subprocess.run([sys.executable, "-W", "ignore", here / f"{family}.py", *precision], check=True)
