use graven::model;

model! { pub Net(x: 3 as f64) < Dense(3) > }

fn main() {}
