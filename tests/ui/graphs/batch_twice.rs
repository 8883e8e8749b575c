use graven::model;

model! { #[batch(64)] #[batch(128)] pub Net(x: 4) < BatchNorm, Dense(2) > }

fn main() {}
