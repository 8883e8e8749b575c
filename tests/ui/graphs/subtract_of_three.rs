use graven::model;

model! { pub Net(x: 3, y: 3, z: 3) < Subtract(x, y, z) > }

fn main() {}
