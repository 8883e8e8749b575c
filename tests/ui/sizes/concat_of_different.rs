use graven::model;

model! { pub Net(x: 3x4, y: 2x4) < Concat(x, y) > }

fn main() {}
