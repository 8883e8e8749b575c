use graven::model;

model! { pub Net < Dense(4 -> 2x2) > }

fn main() {}
