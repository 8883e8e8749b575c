use graven::model;

model! { pub Net < Dense(64 -> 32, rellu), Dense(10, softmax) > }

fn main() {}
