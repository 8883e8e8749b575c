use graven::model;

model! { pub Net[const H: usize, const H: usize] < Dense(4 -> H) > }

fn main() {}
