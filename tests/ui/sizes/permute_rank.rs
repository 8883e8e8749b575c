use graven::model;

model! { pub Net(x: 3x4) < Permute((3, 2, 1)), Flatten > }

fn main() {}
