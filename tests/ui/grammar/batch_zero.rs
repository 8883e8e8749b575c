use graven::model;

model! { #[batch(0)] pub Net(x: 4) < BatchNorm, Dense(2) > }

fn main() {}
