use graven::model;

model! { pub Net < Dense(64 -> 32, leaky_relu(slope = 0.1)) > }

fn main() {}
