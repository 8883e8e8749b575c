use graven::model;

model! { pub Net < Dense(64 -> 32, relu, activation = tanh) > }

fn main() {}
