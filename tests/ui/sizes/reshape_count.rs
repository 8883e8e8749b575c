use graven::model;

model! { pub Net(x: 12) < Reshape(5x2), Flatten > }

fn main() {}
