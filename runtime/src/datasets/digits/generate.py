"""Writes digits.gz, the data of `datasets::digits()`, from scikit-learn's copy of UCI's handwritten digits.

    pip install scikit-learn==1.9.1
    python generate.py

Format: for each of the 1,797 images 64 pixels (0 to 16, row by row) and the digit, one byte each; then gzip.
"""

import gzip
import pathlib

import numpy
from sklearn.datasets import load_digits

images, digits = load_digits(return_X_y=True)
rows = numpy.column_stack([images, digits]).astype(numpy.uint8)
target = pathlib.Path(__file__).with_name("digits.gz")
# No name and no time in the header: the same bytes every time.
target.write_bytes(gzip.compress(rows.tobytes(), compresslevel=9, mtime=0))
print(f"{target.name}: {len(rows)} images, {target.stat().st_size} bytes")
