use graven::model;

model! { pub Net(x: 3, y: 3) < Concat(x, y)(y, x) > }

fn main() {}
