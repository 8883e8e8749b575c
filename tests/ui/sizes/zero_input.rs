use graven::model;

model! { pub Net < Dense(0 -> 3) > }

fn main() {}
