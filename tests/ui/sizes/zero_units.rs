use graven::model;

model! { pub Net < Dense(64 -> 0) > }

fn main() {}
