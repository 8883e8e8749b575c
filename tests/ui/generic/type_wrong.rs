use graven::model;

model! { pub Net[const H: u32] < Dense(4 -> H) > }

fn main() {}
