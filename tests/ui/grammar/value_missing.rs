use graven::model;

model! { pub Net < Dense(3 -> 2, use_bias = ) > }

fn main() {}
