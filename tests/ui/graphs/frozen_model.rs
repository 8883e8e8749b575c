use graven::model;

model! { #[frozen] pub Net(x: 3) < Dense(3) > }

fn main() {}
