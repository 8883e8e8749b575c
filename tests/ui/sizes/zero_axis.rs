use graven::model;

model! { pub Net(x: 3x0) < Flatten, Dense(2) > }

fn main() {}
