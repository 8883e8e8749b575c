use graven::model;

model! { pub Net < Dense(64 -> 32, use_bias = maybe) > }

fn main() {}
