use graven::model;

model! { pub Net < Dense(64 => 32) > }

fn main() {}
