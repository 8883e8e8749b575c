use graven::model;

model! { pub Net(x: 3x4, y: 4x3) < Dot(x, y), Flatten > }

fn main() {}
