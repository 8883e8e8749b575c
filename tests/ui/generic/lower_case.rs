use graven::model;

model! { pub Net[const h: usize] < Dense(4 -> 2) > }

fn main() {}
