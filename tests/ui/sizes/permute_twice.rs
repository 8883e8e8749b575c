use graven::model;

model! { pub Net(x: 3x4) < Permute((1, 1)), Flatten > }

fn main() {}
