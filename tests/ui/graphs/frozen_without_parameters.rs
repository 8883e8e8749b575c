use graven::model;

model! { pub Net(x: 3) < #[frozen] Relu, Dense(3) > }

fn main() {}
