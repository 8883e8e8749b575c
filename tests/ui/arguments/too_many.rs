use graven::model;

model! { pub Net < Dense(64 -> 32), Flatten(3) > }

fn main() {}
