use graven::model;

model! { pub Net(x: 4294967296) < Dense(4294967296), Dense(2) > }

fn main() {}
