use graven::model;

model! { pub Net(x: 28x) < Flatten, Dense(3) > }

fn main() {}
