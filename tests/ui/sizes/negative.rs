use graven::model;

model! { pub Net < Dense(4 -> -2) > }

fn main() {}
