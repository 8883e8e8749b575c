use graven::model;

const A: usize = 5;
const B: usize = 6;

model! { pub Net < Dense(3 -> A), Dense(B -> 2) > }

fn main() {}
