use graven::model;

model! { pub Net(x: 3, y: 4) < Dense(2)(x) > }

fn main() {}
