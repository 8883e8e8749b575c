use graven::model;

model! { pub Net(x: 3x4, y: 4) < Multiply(x, y) > }

fn main() {}
