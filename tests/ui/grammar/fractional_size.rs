use graven::model;

model! { pub Net < Dense(2.5 -> 3) > }

fn main() {}
