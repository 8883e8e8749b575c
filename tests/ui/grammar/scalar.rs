use graven::model;

model! { #[scalar(f16)] pub Net < Dense(3 -> 2) > }

fn main() {}
