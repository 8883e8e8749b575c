use graven::model;

model! { pub Net(x: 3, y: 3) < Dense(2)(x, y) > }

fn main() {}
