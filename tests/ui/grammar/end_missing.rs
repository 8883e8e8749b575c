use graven::model;

model! { pub Net < Dense(64 -> 32), Dense(10) }

fn main() {}
