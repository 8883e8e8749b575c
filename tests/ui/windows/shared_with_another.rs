use graven::model;

model! { pub Net(a: 8x8x1, b: 9x9x1) -> (y, z) < conv: Conv2d(2, 3x3), y = conv(a), z = conv(b) > }

fn main() {}
