use graven::model;

model! { pub Net(x: 12) < Reshape((_, 5)), Flatten > }

fn main() {}
