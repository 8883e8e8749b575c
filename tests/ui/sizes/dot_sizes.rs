use graven::model;

model! { pub Net(x: 3, y: 4) < Dot(x, y) > }

fn main() {}
