use graven::model;

model! { #[batch] pub Net(x: 4) < BatchNorm, Dense(2) > }

fn main() {}
