use graven::model;

model! { pub Net[H: usize] < Dense(4 -> H) > }

fn main() {}
