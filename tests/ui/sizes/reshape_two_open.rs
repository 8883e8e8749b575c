use graven::model;

model! { pub Net(x: 12) < Reshape((_, _)), Flatten > }

fn main() {}
