use graven::model;

model! { pub Net < Dense(3 -> 2), #[frozen] > }

fn main() {}
