use graven::model;

model! { pub Net(x: 3x4, y: 3x4) < Concat(x, y, axis = 3) > }

fn main() {}
