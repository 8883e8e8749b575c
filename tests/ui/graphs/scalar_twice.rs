use graven::model;

model! { #[scalar(f64)] #[scalar(f32)] pub Net(x: 3) < Dense(3) > }

fn main() {}
