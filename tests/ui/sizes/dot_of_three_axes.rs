use graven::model;

model! { pub Net(x: 3x4x2, y: 4) < Dot(x, y) > }

fn main() {}
