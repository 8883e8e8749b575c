use graven::model;

const NONE: usize = 0;

model! { pub Net < Dense(3 -> NONE) > }

fn main() {}
