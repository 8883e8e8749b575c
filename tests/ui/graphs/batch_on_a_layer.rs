use graven::model;

model! { pub Net(x: 4) < #[batch(64)] BatchNorm, Dense(2) > }

fn main() {}
