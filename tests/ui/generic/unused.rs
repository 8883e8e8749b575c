use graven::model;

model! { pub Net[const H: usize, const UNITS: usize] < Dense(4 -> H) > }

fn main() {}
