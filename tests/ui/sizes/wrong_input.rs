use graven::model;

model! { pub Net < Dense(64 -> 256, relu), Dense(128 -> 10, softmax) > }

fn main() {}
