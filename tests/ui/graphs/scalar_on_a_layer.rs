use graven::model;

model! { pub Net(x: 3) < #[scalar(f64)] Dense(3) > }

fn main() {}
