use graven::model;

model! { pub Net(x: 3, y: 4) < Concat(x, y), Dense(8 -> 2) > }

fn main() {}
